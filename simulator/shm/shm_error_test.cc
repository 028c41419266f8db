#include "simulator/shm/shm_error.h"

#include <gtest/gtest.h>

#include <boost/interprocess/exceptions.hpp>
#include <cerrno>
#include <map>
#include <new>
#include <stdexcept>
#include <system_error>

namespace vdisim::shm {
namespace {

const std::map<int, HResult>& Table() {
  static const std::map<int, HResult> table = {
      {ENOENT, kFileNotFound}, {EEXIST, kAlreadyExists}, {EACCES, kAccessDenied},
      {EPERM, kAccessDenied},  {ENOMEM, kMemory},        {ENOSPC, kMemory},
      {EMFILE, kMemory},       {ENFILE, kMemory},        {EDQUOT, kMemory},
      {EFBIG, kMemory},        {ENAMETOOLONG, kInvalid}, {EINVAL, kInvalid}};
  return table;
}

template <typename Exception>
HResult CodeOf(const Exception& exception) {
  try {
    throw exception;
  } catch (...) {
    return FromCurrentException();
  }
}

TEST(FromErrno, FollowsItsTable) {
  for (int error = 0; error < 200; ++error) {
    const auto row = Table().find(error);
    EXPECT_EQ(FromErrno(error), row == Table().end() ? kUnexpected : row->second) << error;
  }
}

TEST(FromCurrentException, UsesTheErrnoThatBoostCarries) {
  namespace bip = boost::interprocess;
  for (const auto& [error, code] : Table()) {
    EXPECT_EQ(CodeOf(bip::interprocess_exception(bip::error_info(error))), code) << error;
  }
  EXPECT_EQ(CodeOf(bip::interprocess_exception("no errno")), kUnexpected);
}

TEST(FromCurrentException, KnowsTheExceptionsOfTheStandardLibrary) {
  EXPECT_EQ(CodeOf(std::bad_alloc()), kMemory);
  EXPECT_EQ(CodeOf(std::system_error(ENOSPC, std::generic_category())), kMemory);
  EXPECT_EQ(CodeOf(std::runtime_error("odd")), kUnexpected);
  EXPECT_EQ(CodeOf(42), kUnexpected);
}

}  // namespace
}  // namespace vdisim::shm
