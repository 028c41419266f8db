// Carries out what the fault plan says for one statement: the conversation and its devices ask it
// at defined points, and do nothing about faults themselves. It waits, sends commands of its own
// and ends the set where the plan says so; each fault leaves a line in the journal. After the first
// failure of the statement it changes nothing any more.
//
// Points of a device are called by the device's thread, moments of the statement by the driving
// thread; Completed and Release by any.
#ifndef SIMULATOR_ENGINE_FAULT_RUN_H_
#define SIMULATOR_ENGINE_FAULT_RUN_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "simulator/engine/configuration.h"
#include "simulator/engine/failure.h"
#include "simulator/engine/fault_plan.h"
#include "simulator/engine/statement_journal.h"

namespace vdisim {

class DeviceCommands;
class RunState;

class FaultRun {
 public:
  // database: of the statement, for messages. end_process: ends this process at once. Pointers are
  // not owned.
  FaultRun(StatementFaults plan, std::string database, StatementJournal* journal,
           std::function<void()> end_process);

  // The conversation says who it is, before anything else is asked.
  // abort: records the failure and signals the abort.
  void Attach(RunState* run, const std::vector<std::string>& devices, std::stop_token stop,
              std::function<void(Failure)> abort);

  const StatementFaults& plan() const { return plan_; }

  // What the plan makes of a statement's wishes.
  ConfigurationRequest Change(ConfigurationRequest request);

  // The failure that the statement is to have at this moment, if any.
  std::optional<Failure> FailsAt(FailMoment moment);
  void DelayConfigure();
  void DelayOpen();
  void DelayClose();

  // The devices begin a part of the statement together; each says when it has nothing more to send
  // in it.
  void BeginPart();
  void EndPart(uint32_t device_number);

  // Bytes of messages to be sent before the devices are closed; 0 = none.
  uint64_t ChatterBytes();

  // Whether the Flush at the end of a BACKUP is left out, and whether VDC_Complete is sent. Asked
  // once a statement, when the moment has come.
  bool SkipsFlush();
  bool SendsComplete(bool granted);

  // Before a command is sent. False: the statement has failed by it, and nothing is to be sent.
  bool BeforeSend(DeviceCommands& device, int32_t code);
  // The same command has been sent.
  void AfterSend(DeviceCommands& device, int32_t code);
  void Completed(uint32_t device_number);

  // What is to be done about an error completion, if not the usual; with a line in the journal.
  std::optional<AfterError> AfterAnError(const DeviceCommands& device, uint64_t number);
  // Ends the set by SignalAbort for that failure.
  void Abort(Failure failure) { abort_(std::move(failure)); }

  // Whether a Read of more than the stream holds is to be sent next; with a line in the journal.
  // across: the last one that brings something, rather than one more.
  bool ReadsPastEnd(const DeviceCommands& device, bool across);
  // The same, to look ahead: nothing is written down.
  bool WillReadPastEnd(const DeviceCommands& device, bool across) const {
    return FindPastEnd(device, across) != nullptr;
  }

  // Whoever waits here stops, and nobody waits any more: the statement has failed or the set ended.
  void Release();

 private:
  struct Device {
    uint64_t sent = 0;                    // by the plan's count: without the plan's own commands
    std::map<int32_t, uint64_t> sent_of;  // the same, by code
    uint64_t completed = 0;
    bool ended = false;  // this part of the statement
  };

  const Planned<PastEndFault>* FindPastEnd(const DeviceCommands& device, bool across) const;
  void Act(const PointFault& fault, DeviceCommands& device, int32_t code, uint64_t number);
  void Interject(const PointFault& fault, DeviceCommands& device);
  bool Matches(const FaultPoint& point, uint32_t device_number, int32_t code) const;
  bool IsTurnOf(uint32_t device_number) const;
  void WaitForTurn(DeviceCommands& device, int32_t code);
  // Nothing: until Release or a stop request.
  void Wait(std::optional<std::chrono::milliseconds> time);
  void CancelIfAsked();
  void FireWhole(const char* what, int line);

  const StatementFaults plan_;
  const std::string database_;
  StatementJournal* const journal_;
  const std::function<void()> end_process_;
  RunState* run_ = nullptr;
  std::string set_name_;
  std::stop_token stop_;
  std::function<void(Failure)> abort_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  bool released_ = false;    // guarded by mutex_, as are completed and ended of devices_
  bool told_first_ = false;  // the journal has a line
  bool told_starve_ = false;
  std::vector<Device> devices_;  // the counts of sent commands: by the device's thread alone
};

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_FAULT_RUN_H_
