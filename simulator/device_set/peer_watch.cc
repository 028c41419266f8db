#include "simulator/device_set/peer_watch.h"

#include "simulator/base/clock.h"
#include "simulator/shm/event.h"

namespace vdisim {
namespace {

// Half of the interval at which waits wake, so that none of their looks is left out.
constexpr int64_t kLooksApartNs = Nanoseconds(shm::kLivenessInterval).count() / 2;

// Before the normal end a set needs both.
bool NeedsItsPeers(SetState state) {
  return state != SetState::kNormallyTerminated && state != SetState::kAborted;
}

}  // namespace

void PeerWatch::Look() {
  // Processes live in real time, whatever the set's clock says.
  const int64_t now_ns = MonotonicClock::Get().Now().count();
  int64_t last_ns = last_look_ns_.load(std::memory_order_relaxed);
  if (now_ns - last_ns < kLooksApartNs ||
      !last_look_ns_.compare_exchange_strong(last_ns, now_ns, std::memory_order_relaxed)) {
    return;
  }
  LookNow();
}

void PeerWatch::LookNow() {
  if (!NeedsItsPeers(control_.state())) return;
  // A peer that leaves in order changes the state first; so look at the state again afterwards.
  if (self_ != Self::kPrimary && !control_.OwnerIsAlive()) {
    if (NeedsItsPeers(control_.state())) control_.Abort(VdiSimPrimaryDied);
    return;
  }
  const bool has_server = control_.server_identity().pid != 0;
  if (self_ != Self::kServer && has_server && !control_.ServerIsAlive()) {
    if (NeedsItsPeers(control_.state())) control_.Abort(VdiSimServerDied);
  }
}

}  // namespace vdisim
