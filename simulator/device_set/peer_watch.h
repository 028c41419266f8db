// A PeerWatch looks whether the primary and the server of a set still live, and aborts the set when
// one of them died before its normal end (L-20, AB-14). The death of a secondary ends nothing
// (MP-04). One for each opening; any thread.
#ifndef SIMULATOR_DEVICE_SET_PEER_WATCH_H_
#define SIMULATOR_DEVICE_SET_PEER_WATCH_H_

#include <atomic>
#include <cstdint>

#include "simulator/device_set/control_segment.h"

namespace vdisim {

class PeerWatch {
 public:
  enum class Self { kPrimary, kSecondary, kServer };
  PeerWatch(ControlSegment& control, Self self) : control_(control), self_(self) {}

  // Looks unless somebody of this opening did a moment ago. Costs a clock reading then, and some
  // microseconds when it looks: for waits that sleep and for polls that found nothing.
  void Look();
  // Looks, whoever else did: for every call that no command waits for, before it asks for the
  // state. So a peer whose end this process has been told of is dead to its next call.
  void LookNow();

 private:
  ControlSegment& control_;
  const Self self_;
  std::atomic<int64_t> last_look_ns_{0};
};

}  // namespace vdisim

#endif  // SIMULATOR_DEVICE_SET_PEER_WATCH_H_
