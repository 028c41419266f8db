// The lines of the event log.
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "reports/event.h"
#include "reports/json_values.h"

namespace reports {
namespace {

using json_values::Json;

struct Writer {
  Json operator()(const RunStarted& event) const {
    return {{"event", "RunStarted"},
            {"name", event.name},
            {"seed", event.seed},
            {"command", event.command},
            {"started", event.started},
            {"hostname", event.hostname},
            {"shard", json_values::ToJson(event.shard)},
            {"properties", json_values::ToJson(event.properties)}};
  }
  Json operator()(const CaseSelected& event) const {
    return {{"event", "CaseSelected"}, {"case", event.id},   {"title", event.title},
            {"group", event.group},    {"file", event.file}, {"line", event.line}};
  }
  Json operator()(const CheckMade& event) const {
    Json line = {{"event", "CheckMade"}, {"case", event.case_id}};
    line.update(json_values::ToJson(event.check));
    return line;
  }
  Json operator()(const FindingMade& event) const {
    Json line = {{"event", "FindingMade"}, {"case", event.case_id}};
    line.update(json_values::ToJson(event.finding));
    return line;
  }
  Json operator()(const OutputSeen& event) const {
    return {{"event", "OutputSeen"},
            {"case", event.case_id},
            {"stream", event.is_error ? "stderr" : "stdout"},
            {"text", event.text}};
  }
  Json operator()(const FileAttached& event) const {
    return {{"event", "FileAttached"}, {"case", event.case_id}, {"path", event.path}};
  }
  Json operator()(const CaseEnded& event) const {
    return {
        {"event", "CaseEnded"},           {"case", event.case_id},
        {"outcome", Name(event.outcome)}, {"problem", Name(event.problem)},
        {"reason", event.reason},         {"seconds", event.seconds},
        {"reproduce", event.reproduce},   {"properties", json_values::ToJson(event.properties)}};
  }
  Json operator()(const RunEnded& event) const {
    return {{"event", "RunEnded"}, {"interrupted", event.interrupted}, {"seconds", event.seconds}};
  }
};

Event FromJson(const Json& line) {
  const auto text = [&](const char* key) { return line.at(key).get<std::string>(); };
  const std::string kind = text("event");
  if (kind == "RunStarted") {
    return RunStarted{text("name"),
                      json_values::PropertiesFrom(line.at("properties")),
                      text("seed"),
                      text("command"),
                      text("started"),
                      text("hostname"),
                      json_values::ShardFrom(line.at("shard"))};
  }
  if (kind == "CaseSelected") {
    return CaseSelected{text("case"), text("title"), text("group"), text("file"),
                        line.at("line").get<int>()};
  }
  if (kind == "CheckMade") return CheckMade{text("case"), json_values::CheckFrom(line)};
  if (kind == "FindingMade") return FindingMade{text("case"), json_values::FindingFrom(line)};
  if (kind == "OutputSeen") {
    const std::string stream = text("stream");
    if (stream != "stdout" && stream != "stderr") {
      throw std::invalid_argument("unknown stream '" + stream + "'");
    }
    return OutputSeen{text("case"), stream == "stderr", text("text")};
  }
  if (kind == "FileAttached") return FileAttached{text("case"), text("path")};
  if (kind == "CaseEnded") {
    return CaseEnded{text("case"),
                     ParseOutcome(text("outcome")),
                     ParseProblem(text("problem")),
                     text("reason"),
                     line.at("seconds").get<double>(),
                     json_values::PropertiesFrom(line.at("properties")),
                     text("reproduce")};
  }
  if (kind == "RunEnded") {
    return RunEnded{line.at("interrupted").get<bool>(), line.at("seconds").get<double>()};
  }
  throw std::invalid_argument("unknown event '" + kind + "'");
}

}  // namespace

std::string ToJsonLine(const Event& event) {
  return std::visit(Writer{}, event).dump(-1, ' ', false, Json::error_handler_t::replace);
}

Event FromJsonLine(std::string_view line) {
  try {
    return FromJson(Json::parse(line));
  } catch (const Json::exception& error) {
    throw std::invalid_argument(std::string("not an event: ") + error.what());
  }
}

std::vector<Event> ParseEvents(std::string_view text) {
  std::vector<Event> events;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    // Only a whole line ends; the process died while it wrote this one.
    if (end == std::string_view::npos) break;
    try {
      events.push_back(FromJsonLine(text.substr(0, end)));
    } catch (const std::invalid_argument& error) {
      throw std::invalid_argument("line " + std::to_string(number) + ": " + error.what());
    }
    text.remove_prefix(end + 1);
  }
  return events;
}

}  // namespace reports
