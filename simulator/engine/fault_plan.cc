#include "simulator/engine/fault_plan.h"

namespace vdisim {

const char* Name(PointAction action) {
  switch (action) {
    case PointAction::kStall:
      return "stall";
    case PointAction::kSignalAbort:
      return "abort";
    case PointAction::kCloseEarly:
      return "close-early";
    case PointAction::kKill:
      return "kill";
    case PointAction::kFlush:
      return "flush";
    case PointAction::kCommand:
      break;
  }
  return "command";
}

const char* Name(FailMoment moment) {
  switch (moment) {
    case FailMoment::kBeforeOpen:
      return "before-open";
    case FailMoment::kAfterOpen:
      return "after-open";
    case FailMoment::kAfterLastWrite:
      return "after-last-write";
    case FailMoment::kAfterTransfer:
      break;
  }
  return "after-transfer";
}

const char* Name(AfterError then) {
  switch (then) {
    case AfterError::kSendAgain:
      return "retry";
    case AfterError::kSignalAbort:
      return "abort";
    case AfterError::kCloseDevices:
      break;
  }
  return "close";
}

}  // namespace vdisim
