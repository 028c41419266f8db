#include "simulator/shm/shm_error.h"

#include <boost/interprocess/exceptions.hpp>
#include <cerrno>
#include <new>
#include <system_error>

namespace vdisim::shm {

HResult FromErrno(int error) {
  switch (error) {
    case ENOENT:
      return kFileNotFound;
    case EEXIST:
      return kAlreadyExists;
    case EACCES:
    case EPERM:
      return kAccessDenied;
    case ENOMEM:
    case ENOSPC:
    case EMFILE:
    case ENFILE:
    case EDQUOT:
    case EFBIG:
      return kMemory;
    case ENAMETOOLONG:
    case EINVAL:
      return kInvalid;
    default:
      return kUnexpected;
  }
}

HResult FromCurrentException() noexcept {
  try {
    throw;
  } catch (const boost::interprocess::interprocess_exception& e) {
    return FromErrno(e.get_native_error());
  } catch (const std::bad_alloc&) {
    return kMemory;
  } catch (const std::system_error& e) {
    return FromErrno(e.code().value());
  } catch (...) {
    return kUnexpected;
  }
}

}  // namespace vdisim::shm
