#include "conformance/watch/history.h"

#include <algorithm>
#include <map>
#include <utility>

#include "conformance/watch/call_fields.h"

namespace conform {
namespace {

using vdisim::CallRecord;

// An object is numbered within its process.
using ObjectKey = std::pair<uint32_t, uint64_t>;

class Builder {
 public:
  explicit Builder(History* history) : history_(*history) {}

  // Records in the order in which calls returned.
  void Take(const CallRecord& call) {
    if (IsInjected(call)) {
      NoteAbort(call);  // it aborts the set for good
      if (call.method == "CompleteCommand") Complete(call, true);
      return;
    }
    if (IsCreate(call) || IsOpenInSecondary(call)) {
      if (CodeOf(call).ok()) OpenSet(call);
      return;
    }
    NoteAbort(call);
    if (call.method == "GetConfiguration") Configure(call);
    if (call.method == "OpenDevice" && CodeOf(call).ok()) OpenDevice(call);
    if (call.method == "GetCommand") Get(call);
    if (call.method == "CompleteCommand") Complete(call, false);
    if (call.method == "SignalAbort") SignalAbort(call);
    if (call.method == "Close") Close(call);
  }

 private:
  SetLife* SetOf(const CallRecord& call) {
    const auto device = device_of_.find({call.pid, call.object});
    if (device != device_of_.end()) return &history_.sets[history_.devices[device->second].set];
    const auto found = set_of_.find({call.pid, call.object});
    return found == set_of_.end() ? nullptr : &history_.sets[found->second];
  }

  void OpenSet(const CallRecord& call) {
    SetLife life;
    life.pid = call.pid;
    life.object = call.object;
    life.secondary = IsOpenInSecondary(call);
    life.name = call.set;
    life.opened = EndOf(call);
    life.device_count = NumberOf(call.inputs, "deviceCount");
    life.features = static_cast<uint32_t>(NumberOf(call.inputs, "features"));
    set_of_[{call.pid, call.object}] = history_.sets.size();
    history_.sets.push_back(life);
  }

  void NoteAbort(const CallRecord& call) {
    if (CodeOf(call) != vdisim::kAbort) return;
    SetLife* const set = SetOf(call);
    if (set != nullptr && set->told_of_abort == 0) set->told_of_abort = EndOf(call);
    const auto device = device_of_.find({call.pid, call.object});
    if (device == device_of_.end()) return;
    DeviceLife& life = history_.devices[device->second];
    if (life.told_of_abort == 0) life.told_of_abort = EndOf(call);
  }

  void Configure(const CallRecord& call) {
    SetLife* const set = SetOf(call);
    if (set == nullptr || !CodeOf(call).ok() || set->configured != 0) return;
    set->configured = EndOf(call);
    set->granted = static_cast<uint32_t>(NumberOf(call.outputs, "features"));
  }

  void OpenDevice(const CallRecord& call) {
    const auto set = set_of_.find({call.pid, call.object});
    if (set == set_of_.end()) return;
    DeviceLife life;
    life.set = set->second;
    life.pid = call.pid;
    life.object = static_cast<uint64_t>(NumberOf(call.outputs, "device"));
    life.name = TextOf(call.inputs, "name");
    life.opened = EndOf(call);
    device_of_[{life.pid, life.object}] = history_.devices.size();
    history_.devices.push_back(life);
  }

  void Get(const CallRecord& call) {
    const auto device = device_of_.find({call.pid, call.object});
    if (device == device_of_.end()) return;
    if (CodeOf(call) == vdisim::kClose && history_.devices[device->second].closed == 0) {
      history_.devices[device->second].closed = EndOf(call);
    }
    if (!CodeOf(call).ok()) return;
    FetchedCommand command;
    command.device = device->second;
    command.code = static_cast<int>(NumberOf(call.outputs, "commandCode"));
    command.size = NumberOf(call.outputs, "size");
    command.got = EndOf(call);
    command.get = &call;
    history_.commands.push_back(command);
  }

  // The youngest command of that address that suits; addresses are used again.
  template <typename Suits>
  std::optional<size_t> FindCommand(const CallRecord& call, Suits suits) const {
    const std::string address = TextOf(call.inputs, "pCmd");
    if (address.empty()) return std::nullopt;
    for (size_t i = history_.commands.size(); i-- > 0;) {
      const FetchedCommand& command = history_.commands[i];
      if (history_.devices[command.device].pid == call.pid && suits(command) &&
          TextOf(command.get->outputs, "pCmd") == address) {
        return i;
      }
    }
    return std::nullopt;
  }

  void Complete(const CallRecord& call, bool injected) {
    const auto device = device_of_.find({call.pid, call.object});
    if (device == device_of_.end()) return;
    const size_t at = device->second;
    const std::optional<size_t> open = FindCommand(
        call, [&](const FetchedCommand& c) { return c.device == at && !c.completed(); });
    if (open) {
      FetchedCommand& command = history_.commands[*open];
      command.completion = &call;
      command.completion_code = NumberOf(call.inputs, "completionCode");
      command.bytes = NumberOf(call.inputs, "bytesTransferred");
      return;
    }
    if (injected || CodeOf(call) != vdisim::kInvalid) return;
    StrayCompletion stray;
    stray.call = &call;
    stray.command = FindCommand(call, [&](const FetchedCommand& c) { return c.device == at; });
    stray.of_other_device = FindCommand(call, [&](const FetchedCommand& c) {
                              return c.device != at && !c.completed();
                            }).has_value();
    history_.strays.push_back(stray);
  }

  void SignalAbort(const CallRecord& call) {
    SetLife* const set = SetOf(call);
    if (set != nullptr && set->aborted == 0) set->aborted = call.start_ns;
  }

  void Close(const CallRecord& call) {
    SetLife* const set = SetOf(call);
    if (set != nullptr && set->close == nullptr) set->close = &call;
  }

  History& history_;
  std::map<ObjectKey, size_t> set_of_;     // the youngest life of the object
  std::map<ObjectKey, size_t> device_of_;  // never numbered twice
};

}  // namespace

History HistoryOf(const std::vector<CallRecord>& records) {
  History history;
  Builder builder(&history);
  for (const CallRecord& record : records) {
    if (IsGuardViolation(record) || record.face == vdisim::kServerFace) continue;
    history.calls.push_back(&record);
    history.last = std::max(history.last, EndOf(record));
    builder.Take(record);
  }
  std::stable_sort(history.calls.begin(), history.calls.end(),
                   [](const auto* a, const auto* b) { return a->start_ns < b->start_ns; });
  if (!history.calls.empty()) history.first = history.calls.front()->start_ns;
  return history;
}

const DeviceLife* History::DeviceOf(const CallRecord& call) const {
  for (const DeviceLife& device : devices) {
    if (device.pid == call.pid && device.object == call.object) return &device;
  }
  return nullptr;
}

const SetLife* History::SetOf(const CallRecord& call) const {
  if (const DeviceLife* const device = DeviceOf(call)) return &sets[device->set];
  const SetLife* found = nullptr;
  for (const SetLife& set : sets) {
    if (set.pid == call.pid && set.object == call.object &&
        (found == nullptr || set.opened <= call.start_ns)) {
      found = &set;
    }
  }
  return found;
}

bool History::AbortedBefore(const std::string& set, int64_t t) const {
  return std::any_of(sets.begin(), sets.end(), [&](const SetLife& life) {
    if (life.name != set) return false;
    const auto before = [&](int64_t when) { return when != 0 && (t == 0 || when <= t); };
    return before(life.aborted) || before(life.told_of_abort);
  });
}

}  // namespace conform
