// A read or write of another process, carried out for it so that it moves half of what it was asked
// to: what the system may always do, and what a program that looks at the result only to see
// whether it is -1 takes for the whole. Any thread.
#ifndef CONFORMANCE_CLIENT_SHORT_CALLS_H_
#define CONFORMANCE_CLIENT_SHORT_CALLS_H_

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace conform {

// A call that a task of another process has made and that the system has not begun yet.
struct CallOfAnother {
  pid_t task;
  long number;  // __NR_...
  std::array<uint64_t, 6> arguments;
};

// How many bytes were moved: from the memory of that process to its descriptor or back, at the
// place where the call would have moved them, which stands behind them afterwards as it would have.
// Nothing: nothing was done, because it is none of write, pwrite64, writev, pwritev and their
// reads, moves a single byte or none, is of a descriptor with O_DIRECT, or would fail; then the
// call itself may go on.
// still_there: asked before anything is done; false: the task is another's by now.
std::optional<int64_t> MoveHalf(const CallOfAnother& call,
                                const std::function<bool()>& still_there);

// Why this machine does not let that be done; empty: it does. Tried once, of a child.
const std::string& WhyNoCallCanBeMadeForAnother();

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_SHORT_CALLS_H_
