// What goes wrong at a server, and when, as data: read from a file (fault_plan_reader.h), never
// changed, carried out by FaultRun. A plan says for each kind of statement what happens in it; it
// holds only what a server may do, except where its file says illegal="yes". Values; any thread.
#ifndef SIMULATOR_ENGINE_FAULT_PLAN_H_
#define SIMULATOR_ENGINE_FAULT_PLAN_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vdisim {

// A moment in the life of a device: the nth command of a kind that it is sent in a statement.
struct FaultPoint {
  int32_t code = 0;     // VDC_; 0 = commands of every kind
  uint64_t nth = 1;     // from 1
  uint32_t device = 1;  // number of the clause, from 1
  bool after = false;   // once its completion has come; else in its place, before it is sent
};

enum class PointAction {
  kStall,        // sends nothing on the device for a time
  kSignalAbort,  // SignalAbort
  kCloseEarly,   // closes the devices as at a normal end
  kKill,         // ends the server's process at once
  kFlush,        // one more VDC_Flush
  kCommand       // a command of another kind
};

struct PointFault {
  PointAction action = PointAction::kStall;
  FaultPoint point;
  std::optional<std::chrono::milliseconds> stall;  // kStall: how long; nothing = for ever
  int32_t code = 0;                                // kCommand: what is sent
  std::optional<uint32_t> expect;                  // kCommand: the completion code that is due
  int line = 0;                                    // of the file
};

// The element's word: "stall", "close-early".
const char* Name(PointAction action);

// When a statement may be told to fail.
enum class FailMoment {
  kBeforeOpen,      // no device set has been looked for
  kAfterOpen,       // the set is open, not configured
  kAfterLastWrite,  // all data is transferred, nothing is flushed
  kAfterTransfer    // the devices were closed normally
};
// "before-open".
const char* Name(FailMoment moment);

struct FailFault {
  FailMoment moment = FailMoment::kBeforeOpen;
  int message = 0;   // its number
  std::string text;  // empty: that of the table, see FaultMessage
};

struct CompleteFault {
  bool grant = true;  // VDF_CompleteEnabled, if the client asks for it
  bool send = true;   // VDC_Complete at the end; without a grant only if the plan is illegal
};

enum class AfterError { kSendAgain, kSignalAbort, kCloseDevices };
// "retry".
const char* Name(AfterError then);

struct FirstFault {
  uint32_t device = 1;
  uint64_t commands = 1;  // that it has completed before the others are sent any
};

struct PastEndFault {
  uint32_t device = 1;
  bool across = false;  // the last Read asks for more than is left; else one more comes behind it
};

struct SizesFault {
  bool random = false;          // else the list, in turn
  std::vector<uint32_t> bytes;  // of transfers
  bool illegal = false;         // they need not be multiples of the block size
};

// A value with the line that asks for it.
template <typename Value>
struct Planned {
  Value value{};
  int line = 0;
};

// What happens in each BACKUP, or in each RESTORE.
struct StatementFaults {
  std::vector<PointFault> points;
  std::optional<Planned<FailFault>> fail;
  std::optional<Planned<bool>> no_flush;
  std::optional<Planned<CompleteFault>> complete;
  std::optional<Planned<AfterError>> clear_error;
  std::optional<Planned<uint32_t>> depth;  // commands in flight, for each device
  std::optional<Planned<FirstFault>> first;
  std::optional<Planned<uint32_t>> starve;  // a device
  std::optional<Planned<SizesFault>> write_sizes;
  std::optional<Planned<SizesFault>> read_sizes;
  std::vector<Planned<PastEndFault>> read_past_end;
  std::optional<Planned<uint64_t>> chatter_bytes;
  std::optional<Planned<std::chrono::milliseconds>> delay_configure;
  std::optional<Planned<std::chrono::milliseconds>> delay_open;
  std::optional<Planned<std::chrono::milliseconds>> delay_close;
};

struct FaultPlan {
  StatementFaults backup;
  StatementFaults restore;
};

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_FAULT_PLAN_H_
