// The system calls that can be stopped on their way (failing_calls.h).
#ifndef CONFORMANCE_CLIENT_STOPPED_CALLS_H_
#define CONFORMANCE_CLIENT_STOPPED_CALLS_H_

#include <sys/syscall.h>

#include <array>
#include <cstdint>

#include "conformance/client/failing_calls.h"

namespace conform {

inline constexpr int kOfAddress = -1;

struct StoppedCall {
  uint32_t number;
  FailingCalls::Kind kind;
  int descriptor_at;  // which argument is the descriptor; kOfAddress: the first is an address
};

inline constexpr std::array<StoppedCall, 20> kStoppedCalls = {{
    {__NR_write, FailingCalls::Kind::kWrite, 0},
    {__NR_pwrite64, FailingCalls::Kind::kWrite, 0},
    {__NR_writev, FailingCalls::Kind::kWrite, 0},
    {__NR_pwritev, FailingCalls::Kind::kWrite, 0},
    {__NR_pwritev2, FailingCalls::Kind::kWrite, 0},
    {__NR_copy_file_range, FailingCalls::Kind::kWrite, 2},
    {__NR_sendfile, FailingCalls::Kind::kWrite, 0},
    {__NR_splice, FailingCalls::Kind::kWrite, 2},
    {__NR_fsync, FailingCalls::Kind::kSync, 0},
    {__NR_fdatasync, FailingCalls::Kind::kSync, 0},
    {__NR_sync_file_range, FailingCalls::Kind::kSync, 0},
    {__NR_msync, FailingCalls::Kind::kSync, kOfAddress},
    {__NR_read, FailingCalls::Kind::kRead, 0},
    {__NR_pread64, FailingCalls::Kind::kRead, 0},
    {__NR_readv, FailingCalls::Kind::kRead, 0},
    {__NR_preadv, FailingCalls::Kind::kRead, 0},
    {__NR_preadv2, FailingCalls::Kind::kRead, 0},
    {__NR_copy_file_range, FailingCalls::Kind::kRead, 0},
    {__NR_sendfile, FailingCalls::Kind::kRead, 1},
    {__NR_splice, FailingCalls::Kind::kRead, 0},
}};

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_STOPPED_CALLS_H_
