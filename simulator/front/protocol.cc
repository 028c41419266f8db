#include "simulator/front/protocol.h"

#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

namespace vdisim {
namespace {

using Json = nlohmann::json;
using Comparison = StatementOutcome::Comparison;

constexpr std::pair<Comparison, const char*> kComparisons[] = {
    {Comparison::kNotCompared, "not compared"},
    {Comparison::kEqual, "equal"},
    {Comparison::kDifferent, "different"},
};

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json ToJson(const Message& message) {
  return {{"message",
           {{"number", message.number},
            {"severity", message.severity},
            {"state", message.state},
            {"line", message.line},
            {"text", message.text}}}};
}

Json ToJson(const TransferProgress& progress) {
  return {{"progress",
           {{"bytes_done", progress.bytes_done},
            {"bytes_total", progress.bytes_total},
            {"percent", progress.percent}}}};
}

Json ToJson(const ResultSet& set) {
  return {{"result_set", {{"columns", set.columns}, {"rows", set.rows}}}};
}

Json ToJson(const StatementOutcome& outcome) {
  const char* comparison = "";
  for (const auto& [value, name] : kComparisons) {
    if (value == outcome.comparison) comparison = name;
  }
  return {{"outcome",
           {{"succeeded", outcome.succeeded},
            {"first_error", outcome.first_error},
            {"database", outcome.database},
            {"comparison", comparison}}}};
}

Json ToJson(const Refusal& refusal) { return {{"refused", refusal.why}}; }

std::optional<std::chrono::milliseconds> Milliseconds(const Json& json, const char* key) {
  if (!json.contains(key)) return std::nullopt;
  return std::chrono::milliseconds(json.at(key).get<uint32_t>());
}

ExecuteRequest ExecuteFrom(const Json& json) {
  ExecuteRequest request;
  request.batch = json.at("execute").get<std::string>();
  request.options.database = json.value("database", std::string());
  request.options.wait = Milliseconds(json, "wait_ms");
  request.options.stall = Milliseconds(json, "stall_ms");
  request.databases = json.value("databases", std::vector<std::string>());
  const Json parameters = json.value("parameters", Json::object());
  for (const auto& [name, value] : parameters.items()) {
    SqlVariable variable{.name = name, .value = std::nullopt};
    if (!value.is_null()) variable.value = value.get<std::string>();
    request.options.parameters.push_back(std::move(variable));
  }
  return request;
}

ControlEvent EventFrom(const Json& json) {
  if (json.contains("message")) {
    const Json& m = json.at("message");
    Message message;
    message.number = m.at("number").get<int>();
    message.severity = m.at("severity").get<int>();
    message.state = m.at("state").get<int>();
    message.line = m.at("line").get<int>();
    message.text = m.at("text").get<std::string>();
    return message;
  }
  if (json.contains("progress")) {
    const Json& p = json.at("progress");
    return TransferProgress{.bytes_done = p.at("bytes_done").get<uint64_t>(),
                            .bytes_total = p.at("bytes_total").get<uint64_t>(),
                            .percent = p.at("percent").get<int>()};
  }
  if (json.contains("result_set")) {
    const Json& r = json.at("result_set");
    return ResultSet{.columns = r.at("columns").get<std::vector<std::string>>(),
                     .rows = r.at("rows").get<std::vector<std::vector<std::string>>>()};
  }
  if (json.contains("outcome")) {
    const Json& o = json.at("outcome");
    StatementOutcome outcome;
    outcome.succeeded = o.at("succeeded").get<bool>();
    outcome.first_error = o.at("first_error").get<int>();
    outcome.database = o.at("database").get<std::string>();
    const std::string comparison = o.at("comparison").get<std::string>();
    for (const auto& [value, name] : kComparisons) {
      if (comparison == name) outcome.comparison = value;
    }
    return outcome;
  }
  return Refusal{.why = json.at("refused").get<std::string>()};
}

// Reads a line with `read`, which may throw what the JSON library throws.
template <typename T, typename Read>
std::optional<T> ParseLine(std::string_view line, std::string* error, const Read& read) {
  try {
    return read(Json::parse(line));
  } catch (const Json::exception& problem) {
    *error = fmt::format("The line is not one of the control protocol: {}", problem.what());
    return std::nullopt;
  }
}

}  // namespace

std::string FormatRequest(const ControlRequest& request) {
  const auto* execute = std::get_if<ExecuteRequest>(&request);
  if (execute == nullptr) return Dump({{"cancel", true}});
  const StatementOptions& options = execute->options;
  Json json = {{"execute", execute->batch}};
  if (!options.database.empty()) json["database"] = options.database;
  if (options.wait.has_value()) json["wait_ms"] = options.wait->count();
  if (options.stall.has_value()) json["stall_ms"] = options.stall->count();
  if (!execute->databases.empty()) json["databases"] = execute->databases;
  for (const SqlVariable& variable : options.parameters) {
    json["parameters"][variable.name] =
        variable.value.has_value() ? Json(*variable.value) : Json(nullptr);
  }
  return Dump(json);
}

std::string FormatEvent(const ControlEvent& event) {
  return Dump(std::visit([](const auto& e) { return ToJson(e); }, event));
}

std::optional<ControlRequest> ParseRequest(std::string_view line, std::string* error) {
  return ParseLine<ControlRequest>(line, error, [](const Json& json) -> ControlRequest {
    if (json.contains("cancel") && json.at("cancel").get<bool>()) return CancelRequest{};
    return ExecuteFrom(json);
  });
}

std::optional<ControlEvent> ParseEvent(std::string_view line, std::string* error) {
  return ParseLine<ControlEvent>(line, error, EventFrom);
}

}  // namespace vdisim
