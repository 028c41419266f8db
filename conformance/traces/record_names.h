// Gives names to what call records identify by number or address: processes, sets, set objects,
// devices, commands, buffers. It turns each record into the events of its call and its return; the
// caller goes through the records in the order of time. Used by call_records.cc alone.
#ifndef CONFORMANCE_TRACES_RECORD_NAMES_H_
#define CONFORMANCE_TRACES_RECORD_NAMES_H_

#include <cstdint>
#include <deque>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "simulator/trace/trace_reader.h"

namespace conform {

class RecordNames {
 public:
  explicit RecordNames(const std::vector<vdisim::TraceEntry>& entries);

  // An "actor" event for each process and interface.
  std::vector<nlohmann::json> Actors() const;
  // The events of the beginning of a call: the call itself, perhaps behind a step that waits for a
  // completion. None for a call that says nothing about the interface.
  std::vector<nlohmann::json> Begin(const vdisim::CallRecord& record, int64_t id, bool concurrent,
                                    double ms);
  nlohmann::json End(const vdisim::CallRecord& record, int64_t id, double ms);

 private:
  struct Device {
    std::string object;  // "set"
    std::string set;     // its real name
    std::string name;
    int64_t number = 0;
  };
  struct Buffer {
    std::string name;
    uint64_t size = 1;
  };
  // A command on its way from SendCommand to CompleteCommand.
  struct Sent {
    std::string name;
    std::string engine;
    std::string buffer;
    std::optional<int64_t> completion;
    int64_t bytes = 0;
  };
  struct Process {
    std::string actor;
    std::string role;
    std::string face;
    std::string set;
    std::map<uint64_t, std::string> objects;
    std::map<uint64_t, Device> devices;
    std::map<std::string, std::string> commands;  // by address
    std::map<uint64_t, Buffer> buffers;           // by address
    int commands_fetched = 0;
    int buffers_named = 0;
  };
  using Key = std::pair<uint32_t, std::string>;  // process number and face

  static Key KeyOf(const vdisim::CallRecord& record) { return {record.pid, record.face}; }
  Process& Of(const vdisim::CallRecord& record) { return processes_.at(KeyOf(record)); }
  void MeetProcess(const vdisim::CallRecord& record);
  std::string SetSymbol(const std::string& real);
  std::string ObjectName(Process& process, uint64_t number);
  int64_t DeviceNumber(const std::string& set, const std::string& name);
  nlohmann::json Arguments(const vdisim::CallRecord& record, Process& process);
  static void PutBuffer(const std::string& address, const Process& process, nlohmann::json* out);
  std::string NameBuffer(const std::string& address, uint64_t size, Process& process);
  void FinishSend(const vdisim::CallRecord& record, const Process& process, int64_t id);
  void FinishGet(const vdisim::CallRecord& record, Process& process, int64_t id);
  void FinishComplete(const vdisim::CallRecord& record, Process& process);

  std::map<Key, Process> processes_;
  std::vector<Key> order_;
  std::map<std::string, std::string> sets_;                        // symbols by real names
  std::map<std::string, std::map<std::string, int64_t>> numbers_;  // devices, by set and name
  std::map<std::string, std::deque<Sent>> waiting_;                // by the device's name
  std::map<std::string, Sent> fetched_;                            // by actor/command
  std::vector<Sent> completed_;                                    // not waited for yet
  std::map<int64_t, std::string> into_;                            // by the id of a call
};

}  // namespace conform

#endif  // CONFORMANCE_TRACES_RECORD_NAMES_H_
