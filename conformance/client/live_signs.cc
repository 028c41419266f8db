#include "conformance/client/live_signs.h"

#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>

namespace conform {
namespace {

using Json = nlohmann::json;

// The codes of the commands that a point can name (section 3 of the SDK's vdi.h).
const std::map<std::string, int, std::less<>>& CommandCodes() {
  static const std::map<std::string, int, std::less<>> kCodes = {
      {"Read", 1}, {"Write", 2}, {"ClearError", 3}, {"Flush", 12}, {"Complete", 19}};
  return kCodes;
}

Json Parse(const std::string& line) {
  Json json = Json::parse(line, nullptr, false);
  return json.is_object() ? json : Json::object();
}

template <typename T>
T Value(const Json& json, const char* key, T otherwise) {
  const auto found = json.find(key);
  if (found == json.end()) return otherwise;
  if constexpr (std::is_same_v<T, std::string>) {
    return found->is_string() ? found->get<std::string>() : otherwise;
  } else {
    return found->is_number() ? found->get<T>() : otherwise;
  }
}

}  // namespace

bool LiveSigns::TakeTrace(const std::string& line) {
  const Json record = Parse(line);
  const auto pid = Value<pid_t>(record, "pid", 0);
  const auto tid = Value<pid_t>(record, "tid", 0);
  std::string where = Value<std::string>(record, "device", "");
  if (where.empty()) where = Value<std::string>(record, "set", "");
  if (const std::string begin = Value<std::string>(record, "begin", ""); !begin.empty()) {
    callers_.insert(pid);
    create_called_ |= begin == "Create";
    configuration_began_ |= begin == "GetConfiguration";
    running_[{pid, tid}] = {begin, where, Value<int64_t>(record, "t", 0)};
    return false;  // the call that it begins is counted by what it brings
  }
  const std::string call = Value<std::string>(record, "call", "");
  if (call.empty()) return false;
  called_ = true;
  const int code = Value<int>(record, "code", 0);
  callers_.insert(pid);
  running_.erase({pid, tid});
  last_ = {call, where, Value<int64_t>(record, "t", 0)};
  create_called_ |= call == "Create" || call == "CreateEx";
  configuration_began_ |= call == "GetConfiguration";
  if (code != 0) return failures_.insert({pid, call + where, code}).second;
  if (call == "Create" || call == "CreateEx") {
    sets_.push_back(Value<std::string>(record, "set", ""));
    creators_.insert(pid);
    if (record.contains("in")) {
      server_timeout_ms_ = Value<int64_t>(record["in"], "serverTimeOut", 0);
    }
  } else if (call == "OpenDevice") {
    openers_.insert(pid);
  } else if (call == "GetCommand" && record.contains("out")) {
    ++handed_out_[Value<int>(record["out"], "commandCode", 0)];
  }
  return true;
}

bool LiveSigns::TakeJournal(const std::string& line) {
  const Json event = Parse(line);
  const std::string kind = Value<std::string>(event, "e", "");
  if (kind == "statement") ++begun_;
  if (kind == "ended") ++ended_;
  return !kind.empty();
}

bool LiveSigns::TakeWitness(const std::string& line) {
  const Json event = Parse(line);
  const std::string call = Value<std::string>(event, "call", "");
  if (call == "library") libraries_.insert(Value<std::string>(event, "path", ""));
  const std::string command = Value<std::string>(event, "command", "");
  if (!command.empty()) commands_.insert({Value<pid_t>(event, "pid", 0), command});
  const bool moves =
      call.find("read") != std::string::npos || call.find("write") != std::string::npos;
  return !call.empty() && (!moves || Value<int64_t>(event, "result", 0) > 0);
}

bool LiveSigns::TakeWaiting() { return std::exchange(called_, false) || !running_.empty(); }

bool LiveSigns::Reached(const std::string& point) const {
  if (point == "idle") return configuration_began_;
  const size_t hash = point.find('#');
  const std::string_view kind = std::string_view(point).substr(0, hash);
  int nth = 1;
  if (hash != std::string::npos) {
    const char* end = point.data() + point.size();
    if (std::from_chars(point.data() + hash + 1, end, nth).ptr != end) return false;
  }
  int count = 0;
  const auto code = CommandCodes().find(kind);
  for (const auto& [one, handed_out] : handed_out_) {
    if (kind == "any" || (code != CommandCodes().end() && code->second == one)) {
      count += handed_out;
    }
  }
  return nth > 0 && count >= nth;
}

std::vector<pid_t> LiveSigns::Secondaries() const {
  std::vector<pid_t> secondaries;
  for (const pid_t pid : openers_) {
    if (!creators_.contains(pid)) secondaries.push_back(pid);
  }
  return secondaries;
}

std::vector<std::string> LiveSigns::CommandsBeside(pid_t program) const {
  std::set<std::string> commands;
  for (const auto& [pid, command] : commands_) {
    if (pid != program) commands.insert(command);
  }
  return {commands.begin(), commands.end()};
}

std::string LiveSigns::Doing(int64_t now_ns) const {
  const auto since = [&](const Begun& call) { return static_cast<double>(now_ns - call.t) / 1e9; };
  std::string text;
  for (const auto& [who, call] : running_) {
    text +=
        fmt::format("{}{}{}{}, since {:.1f} s (process {})", text.empty() ? "" : "; ", call.call,
                    call.where.empty() ? "" : " on ", call.where, since(call), who.first);
  }
  if (!text.empty()) return text;
  if (last_.call.empty()) return "it has not called the library";
  return fmt::format("no call of the library; the last one, {}{}{}, was {:.1f} s ago", last_.call,
                     last_.where.empty() ? "" : " on ", last_.where, since(last_));
}

}  // namespace conform
