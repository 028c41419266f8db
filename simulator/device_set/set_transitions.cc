#include "simulator/device_set/set_transitions.h"

namespace vdisim {

std::string_view SetStateName(SetState state) {
  switch (state) {
    case SetState::kCreated:
      return "Configurable (no server)";
    case SetState::kConnected:
      return "Connected";
    case SetState::kConfigurable:
      return "Configurable";
    case SetState::kInitializing:
      return "Initializing";
    case SetState::kActive:
      return "Active";
    case SetState::kNormallyTerminated:
      return "Normally Terminated";
    case SetState::kAborted:
      return "Abort";
  }
  return "damaged";
}

}  // namespace vdisim
