#include "conformance/traces/trace_file.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "conformance/traces/call_records.h"
#include "simulator/trace/trace_reader.h"

namespace conform {
namespace {

struct Member {
  const char* name;
  Json::value_t type;
};

bool IsOfType(const Json& value, Json::value_t type) {
  if (type == Json::value_t::number_float) return value.is_number();
  if (type == Json::value_t::number_integer) return value.is_number_integer();
  return value.type() == type;
}

// What each event must have; more is welcome.
const std::map<std::string, std::vector<Member>>& Events() {
  constexpr auto kText = Json::value_t::string;
  constexpr auto kNumber = Json::value_t::number_integer;
  constexpr auto kTime = Json::value_t::number_float;
  constexpr auto kObject = Json::value_t::object;
  static const std::map<std::string, std::vector<Member>> kEvents = {
      {"actor", {{"actor", kText}, {"role", kText}, {"face", kText}, {"set", kText}}},
      {"call",
       {{"id", kNumber},
        {"ms", kTime},
        {"actor", kText},
        {"method", kText},
        {"arguments", kObject}}},
      {"return", {{"id", kNumber}, {"ms", kTime}, {"code", kNumber}}},
      {"gone", {{"actor", kText}, {"how", kText}}},
      {"advance", {{"set", kText}, {"by_ms", kNumber}}},
      {"step", {{"kind", kText}, {"actor", kText}, {"arguments", kObject}}},
      {"finding", {{"check", kText}}},
  };
  return kEvents;
}

// Why an object is no event; empty if it is one.
std::string Defect(const Json& line) {
  if (!line.is_object()) return "not a JSON object";
  if (!line.contains("e") || !line["e"].is_string()) {
    return "neither an observation nor a call record: \"e\" is not a text";
  }
  const auto found = Events().find(line["e"].get<std::string>());
  if (found == Events().end()) return "unknown event " + line["e"].dump();
  for (const Member& member : found->second) {
    if (!line.contains(member.name) || !IsOfType(line[member.name], member.type)) {
      return fmt::format("the event {} lacks \"{}\", or it is of another type", line["e"].dump(),
                         member.name);
    }
  }
  return {};
}

bool IsCallRecord(const Json& line) {
  return line.is_object() && line.contains("call") && line.contains("pid") && !line.contains("e");
}

}  // namespace

Trace ReadTrace(const std::string& text, const std::string& name) {
  Trace trace;
  trace.name = std::filesystem::path(name).stem().string();
  std::istringstream lines(text);
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    Json event = Json::parse(line, nullptr, false);
    if (trace.events.empty() && IsCallRecord(event)) {
      std::istringstream records(text);
      const vdisim::Trace read = vdisim::ReadTrace(records, name);
      trace.events = EventsOfCallRecords(read.entries);
      for (const vdisim::TraceDamage& damage : read.damages) {
        trace.damages.push_back(damage.ToString());
      }
      return trace;
    }
    if (const std::string defect = Defect(event); !defect.empty()) {
      throw TraceError(fmt::format("{}:{}: {}", name, number, defect));
    }
    trace.events.push_back(std::move(event));
  }
  if (trace.events.empty()) throw TraceError(fmt::format("{}: the trace is empty", name));
  return trace;
}

Trace ReadTraceFile(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream || !text) throw TraceError(fmt::format("{}: cannot be read", path));
  return ReadTrace(text.str(), path);
}

Json ActorOf(const Trace& trace, const std::string& actor) {
  for (const Json& event : trace.events) {
    if (event["e"] == "actor" && event["actor"] == actor) return event;
  }
  return Json::object();
}

}  // namespace conform
