// A Driver carries out the steps of one actor in a process of its own: a host of ours, or an
// adapter in any language. Its death, its silence and its nonsense are answers like any other, so
// that they become a verdict and the run goes on. The protocol is described in
// conformance/DESIGN.md. A driver is used by one thread at a time.
#ifndef CONFORMANCE_DRIVERS_DRIVER_H_
#define CONFORMANCE_DRIVERS_DRIVER_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "simulator/base/clock.h"

namespace conform {

using Json = nlohmann::json;

// The version of the driver protocol that this program speaks.
inline constexpr int kProtocolVersion = 1;

enum class HostTrouble {
  kNone,
  kCrashed,   // a signal ended it
  kExited,    // it ended by itself, although nobody asked it to
  kTimedOut,  // no answer within the deadline
  kGarbage,   // a line that is no answer
};

struct HostAnswer {
  HostTrouble trouble = HostTrouble::kNone;
  Json body;         // of the answer, if there is no trouble
  std::string what;  // the trouble in words: "killed by signal 11 (Segmentation fault)"
};

class Driver {
 public:
  virtual ~Driver() = default;

  // Sends a request and returns its number, which Await takes. A host that no longer listens is
  // noticed there.
  virtual int64_t Send(Json request) = 0;
  // Waits for the answer of that number; answers of others are kept for their turn.
  virtual HostAnswer Await(int64_t id, vdisim::Timeout timeout) = 0;
  // Asks the host to end, and waits for it. kNone if it ended well.
  virtual HostAnswer End(vdisim::Timeout timeout) = 0;
  // Ends it as a power cut would.
  virtual void Kill() = 0;
  virtual bool running() const = 0;
  // What it printed on standard error so far; of more than 4 MiB, the first and the last 2 MiB.
  virtual std::string ErrorOutput() const = 0;

  // Send and Await at once.
  HostAnswer Ask(Json request, vdisim::Timeout timeout) {
    return Await(Send(std::move(request)), timeout);
  }
};

}  // namespace conform

#endif  // CONFORMANCE_DRIVERS_DRIVER_H_
