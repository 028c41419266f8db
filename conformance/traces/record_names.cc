#include "conformance/traces/record_names.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace conform {
namespace {

using nlohmann::json;
using vdisim::CallRecord;
using vdisim::TraceField;

constexpr double kNanosecondsPerMillisecond = 1e6;

const TraceField* Find(const std::vector<TraceField>& fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const TraceField& field) { return field.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

std::optional<int64_t> Number(const std::vector<TraceField>& fields, std::string_view name) {
  const TraceField* field = Find(fields, name);
  if (field == nullptr) return std::nullopt;
  if (const auto* number = std::get_if<int64_t>(&field->value)) return *number;
  if (const auto* large = std::get_if<uint64_t>(&field->value)) {
    return static_cast<int64_t>(*large);
  }
  return std::nullopt;
}

// A text or an address; empty for NULL and for what is not there.
std::string Text(const std::vector<TraceField>& fields, std::string_view name) {
  const TraceField* field = Find(fields, name);
  const auto* text = field == nullptr ? nullptr : std::get_if<std::string>(&field->value);
  return text == nullptr ? std::string() : *text;
}

bool IsNull(const std::vector<TraceField>& fields, std::string_view name) {
  const TraceField* field = Find(fields, name);
  return field != nullptr && std::holds_alternative<std::monostate>(field->value);
}

uint64_t Address(const std::string& text) {
  uint64_t address = 0;
  if (text.size() > 2) std::from_chars(text.data() + 2, text.data() + text.size(), address, 16);
  return address;
}

// How the faces spell an argument, and how scenarios do.
const std::vector<std::pair<const char*, const char*>>& Spellings() {
  static const std::vector<std::pair<const char*, const char*>> kSpellings = {
      {"deviceCount", "devices"},
      {"features", "features"},
      {"prefixZoneSize", "prefix"},
      {"alignment", "alignment"},
      {"softFileMarkBlockSize", "softFileMarkBlockSize"},
      {"EOMWarningSize", "EOMWarningSize"},
      {"serverTimeOut", "serverTimeOut"},
      {"blockSize", "blockSize"},
      {"maxIODepth", "maxIODepth"},
      {"maxTransferSize", "maxTransferSize"},
      {"bufferAreaSize", "bufferAreaSize"},
      {"timeout", "timeout"},
      {"timeOut", "timeout"},
      {"dwTimeOut", "timeout"},
      {"dwTimeout", "timeout"},
      {"completionCode", "completion"},
      {"dwCompletionCode", "completion"},
      {"bytesTransferred", "bytes"},
      {"dwBytesTransferred", "bytes"},
      {"position", "position"},
      {"dwlPosition", "position"},
      {"inPosition", "position"},
      {"dwBuffer", "handle"},
      {"dwFeatures", "features"},
      {"dwBlockSize", "blockSize"},
      {"dwAlignment", "alignment"},
      {"dwMaxTransferSize", "maxTransferSize"},
      {"dwSize", "size"},
      {"dwCount", "count"},
      {"size", "size"},
      {"commandCode", "command"},
  };
  return kSpellings;
}

std::string NameArgument(const CallRecord& record, bool* given, bool* null) {
  for (const char* key : {"name", "lpName", "setName", "lpSetName"}) {
    if (Find(record.inputs, key) == nullptr) continue;
    *given = true;
    *null = IsNull(record.inputs, key);
    return Text(record.inputs, key);
  }
  return {};
}

bool NamesASet(const CallRecord& record) {
  static const std::set<std::string_view> kCalls = {"Create", "CreateEx", "OpenInSecondary",
                                                    "OpenInSecondaryEx", "Open"};
  return kCalls.contains(record.method);
}

bool Creates(const CallRecord& record) {
  return record.method == "Create" || record.method == "CreateEx";
}

}  // namespace

RecordNames::RecordNames(const std::vector<vdisim::TraceEntry>& entries) {
  std::vector<const CallRecord*> records;
  for (const vdisim::TraceEntry& entry : entries) records.push_back(&entry.record);
  std::stable_sort(records.begin(), records.end(), [](const CallRecord* a, const CallRecord* b) {
    return a->start_ns < b->start_ns;
  });
  for (const CallRecord* record : records) MeetProcess(*record);
  std::map<std::string, int> taken;
  for (const Key& key : order_) {
    Process& process = processes_.at(key);
    if (process.set.empty()) process.set = "main";
    const int count = ++taken[process.role];
    process.actor = count == 1 ? process.role : process.role + "-" + std::to_string(count);
  }
}

void RecordNames::MeetProcess(const CallRecord& record) {
  const Key key = KeyOf(record);
  if (!processes_.contains(key)) {
    order_.push_back(key);
    const bool server = record.face == vdisim::kServerFace;
    processes_[key].role = server ? "engine" : "secondary";
    processes_[key].face = record.face == vdisim::kClientFace ? "linux" : "com";
  }
  Process& process = processes_.at(key);
  if (Creates(record)) process.role = "primary";
  if (NamesASet(record)) {
    bool given = false;
    bool null = false;
    const std::string name = NameArgument(record, &given, &null);
    if (null || name.empty()) return;
    const std::string symbol = SetSymbol(name);
    if (process.set.empty()) process.set = symbol;
  }
}

std::vector<json> RecordNames::Actors() const {
  std::vector<json> events;
  for (const Key& key : order_) {
    const Process& process = processes_.at(key);
    events.push_back({{"e", "actor"},
                      {"actor", process.actor},
                      {"role", process.role},
                      {"face", process.face},
                      {"set", process.set}});
  }
  return events;
}

std::string RecordNames::SetSymbol(const std::string& real) {
  const size_t count = sets_.size() + 1;
  const std::string fresh = count == 1 ? "main" : "set-" + std::to_string(count);
  return sets_.try_emplace(real, fresh).first->second;
}

std::string RecordNames::ObjectName(Process& process, uint64_t number) {
  const size_t count = process.objects.size() + 1;
  const std::string fresh = count == 1 ? "set" : "set-" + std::to_string(count);
  return process.objects.try_emplace(number, fresh).first->second;
}

// MP-05: the first device has the set's name; the others any name, most often with a number.
int64_t RecordNames::DeviceNumber(const std::string& set, const std::string& name) {
  std::map<std::string, int64_t>& known = numbers_[set];
  if (name == set) return known[name] = 0;
  const auto found = known.find(name);
  if (found != known.end()) return found->second;
  int64_t number = 1;
  while (std::any_of(known.begin(), known.end(),
                     [&](const auto& one) { return one.second == number; })) {
    ++number;
  }
  return known[name] = number;
}

void RecordNames::PutBuffer(const std::string& address, const Process& process, json* out) {
  const uint64_t value = Address(address);
  if (value == 0) {
    (*out)["buffer"] = "null";
    return;
  }
  auto found = process.buffers.upper_bound(value);
  if (found != process.buffers.begin()) {
    --found;
    const uint64_t offset = value - found->first;
    if (offset < found->second.size) {
      (*out)["buffer"] = found->second.name;
      if (offset != 0) (*out)["offset"] = offset;
      return;
    }
  }
  (*out)["buffer"] = "foreign";
}

std::string RecordNames::NameBuffer(const std::string& address, uint64_t size, Process& process) {
  const std::string name = "b" + std::to_string(++process.buffers_named);
  process.buffers[Address(address)] = {name, std::max<uint64_t>(size, 1)};
  return name;
}

json RecordNames::Arguments(const CallRecord& record, Process& process) {
  json arguments = json::object();
  for (const auto& [theirs, ours] : Spellings()) {
    if (const auto number = Number(record.inputs, theirs)) arguments[ours] = *number;
  }
  bool given = false;
  bool null = false;
  const std::string name = NameArgument(record, &given, &null);
  if (given) arguments["name"] = null ? json(nullptr) : json(name);
  if (given && !null && NamesASet(record)) arguments["set"] = SetSymbol(name);
  if (IsNull(record.inputs, "pCfg")) arguments["configuration"] = "null";
  if (const std::string instance = Text(record.inputs, "lpInstanceName"); !instance.empty()) {
    arguments["instance"] = instance;
  }
  if (record.method == "OpenDevice") {
    arguments["device"] =
        ObjectName(process, record.object) + "/" + std::to_string(DeviceNumber(record.set, name));
  } else if (const auto device = process.devices.find(record.object);
             device != process.devices.end()) {
    arguments["device"] = device->second.object + "/" + std::to_string(device->second.number);
  }
  if (record.method == "CompleteCommand") {
    const auto command = process.commands.find(Text(record.inputs, "pCmd"));
    const std::string none = IsNull(record.inputs, "pCmd") ? "null" : "foreign";
    arguments["command"] = command == process.commands.end() ? none : command->second;
  }
  const char* buffer = record.method == "SendCommand" ? "buffer" : "pBuffer";
  if (Find(record.inputs, buffer) != nullptr) {
    PutBuffer(Text(record.inputs, buffer), process, &arguments);
    if (record.method == "SendCommand" && arguments["buffer"] == "null") arguments.erase("buffer");
  }
  return arguments;
}

std::vector<json> RecordNames::Begin(const CallRecord& record, int64_t id, bool concurrent,
                                     double ms) {
  static const std::set<std::string_view> kNoCalls = {"RegisterDeviceClosed", "GetAbortReason",
                                                      "AdvanceClock", "GuardViolation"};
  Process& process = Of(record);
  if (kNoCalls.contains(record.method)) return {};
  // The engine asks again until the devices are open; the answer is what counts.
  if (record.method == "WaitForActive" && record.code != 0) return {};
  // Destructors: the process ends, or the scenario does, and that is soon enough.
  if (record.method.starts_with("~")) return {};
  if (record.device && record.method != "OpenDevice" && !process.devices.contains(record.object)) {
    return {};  // a device of no set, which the client made itself
  }
  std::vector<json> events;
  json call = {{"e", "call"}, {"id", id}, {"ms", ms}, {"actor", process.actor}};
  call["method"] = record.method;
  call["arguments"] = Arguments(record, process);
  const auto device = process.devices.find(record.object);
  call["object"] =
      device != process.devices.end() ? device->second.object : ObjectName(process, record.object);
  if (concurrent) call["concurrent"] = true;
  if (record.method == "GetCommand") {
    into_[id] = "c" + std::to_string(++process.commands_fetched);
  } else if (record.method == "MapBufferHandle" || record.method == "AllocateBuffer") {
    into_[id] = "b" + std::to_string(process.buffers_named + 1);
  } else if (record.method == "SendCommand") {
    into_[id] = "sent-" + std::to_string(id);
    const std::string buffer = call["arguments"].value("buffer", "");
    const auto earlier = std::find_if(completed_.begin(), completed_.end(), [&](const Sent& one) {
      return one.engine == process.actor && one.buffer == buffer;
    });
    if (earlier != completed_.end()) {
      json arguments = {{"command", earlier->name}, {"completion", *earlier->completion}};
      events.push_back({{"e", "step"},
                        {"ms", ms},
                        {"kind", "completed"},
                        {"actor", process.actor},
                        {"arguments", arguments}});
      completed_.erase(earlier);
    }
    if (record.code == 0) FinishSend(record, process, id);
    if (record.code == 0) waiting_[*record.device].back().buffer = buffer;
  }
  if (into_.contains(id)) call["into"] = into_[id];
  events.push_back(std::move(call));
  if (record.method == "CompleteCommand" && record.code == 0) FinishComplete(record, process);
  return events;
}

void RecordNames::FinishSend(const CallRecord& record, const Process& process, int64_t id) {
  waiting_[record.device.value_or("")].push_back(
      {.name = into_[id], .engine = process.actor, .buffer = {}, .completion = {}, .bytes = 0});
}

void RecordNames::FinishGet(const CallRecord& record, Process& process, int64_t id) {
  const std::string& name = into_[id];
  process.commands[Text(record.outputs, "pCmd")] = name;
  const auto size = static_cast<uint64_t>(Number(record.outputs, "size").value_or(1));
  process.buffers[Address(Text(record.outputs, "buffer"))] = {name, std::max<uint64_t>(size, 1)};
  std::deque<Sent>& waiting = waiting_[record.device.value_or("")];
  if (waiting.empty()) return;
  fetched_[process.actor + "/" + name] = waiting.front();
  waiting.pop_front();
}

void RecordNames::FinishComplete(const CallRecord& record, Process& process) {
  const auto command = process.commands.find(Text(record.inputs, "pCmd"));
  if (command == process.commands.end()) return;
  const auto sent = fetched_.find(process.actor + "/" + command->second);
  if (sent != fetched_.end()) {
    sent->second.completion = Number(record.inputs, "completionCode")
                                  .value_or(Number(record.inputs, "dwCompletionCode").value_or(0));
    completed_.push_back(sent->second);
    fetched_.erase(sent);
  }
}

json RecordNames::End(const CallRecord& record, int64_t id, double ms) {
  Process& process = Of(record);
  json out = json::object();
  if (record.code == 0) {
    if (record.method == "GetCommand") FinishGet(record, process, id);
    if (record.method == "OpenDevice") {
      bool given = false;
      bool null = false;
      const std::string name = NameArgument(record, &given, &null);
      const auto number = static_cast<uint64_t>(Number(record.outputs, "device").value_or(0));
      process.devices[number] = {.object = ObjectName(process, record.object),
                                 .set = record.set,
                                 .name = name,
                                 .number = DeviceNumber(record.set, name)};
    }
    if (record.method == "AllocateBuffer" || record.method == "MapBufferHandle") {
      const auto size = static_cast<uint64_t>(Number(record.inputs, "dwSize").value_or(1));
      into_[id] = NameBuffer(Text(record.outputs, "ppBuffer"), size, process);
    }
    for (const auto& [theirs, ours] : Spellings()) {
      if (const auto number = Number(record.outputs, theirs)) out[ours] = *number;
    }
    if (const auto handle = Number(record.outputs, "pBufferHandle")) out["handle"] = *handle;
  }
  const double took_ms = static_cast<double>(record.duration_ns) / kNanosecondsPerMillisecond;
  return {{"e", "return"},       {"id", id},  {"ms", ms}, {"took_ms", took_ms},
          {"code", record.code}, {"out", out}};
}

}  // namespace conform
