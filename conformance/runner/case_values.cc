#include "conformance/runner/case_values.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <optional>
#include <random>

#include "conformance/scenario/expression.h"

namespace conform {

std::string UniqueSetName(const std::string& set) {
  static const unsigned kToken = std::random_device()() & 0xFFFFFFU;
  static std::atomic<unsigned> counter{0};
  return fmt::format("vdi-conform-{}-{:06x}-{}-{}", getpid(), kToken, ++counter, set);
}

CaseValues::CaseValues(const Case& one, vdisim::Timeout timeout) : case_(one), timeout_(timeout) {
  for (const std::string& set : one.sets) set_names_[set] = UniqueSetName(set);
}

std::string CaseValues::Resolve(const std::string& text) const {
  return Replace(text, [&](std::string_view name) -> std::optional<std::string> {
    if (name.starts_with("set:")) return set_names_.at(std::string(name.substr(4)));
    if (name.starts_with("text:")) return RepeatedText(name);
    const auto found = values_.find(std::string(name));
    if (found == values_.end()) return std::nullopt;
    return found->second;
  });
}

std::string CaseValues::SetNamed(const std::string& real) const {
  for (const auto& [set, name] : set_names_) {
    if (name == real) return set;
  }
  return {};
}

std::string CaseValues::Show(const std::string& text) const {
  return Replace(text, [&](std::string_view name) -> std::optional<std::string> {
    const auto found = values_.find(std::string(name));
    if (found == values_.end() || changing_.contains(name)) return std::nullopt;
    return found->second;
  });
}

bool CaseValues::ChangesEachTime(const std::string& text) const {
  bool changes = false;
  Replace(text, [&](std::string_view name) -> std::optional<std::string> {
    changes |= changing_.contains(name);
    return std::nullopt;
  });
  return changes;
}

int64_t CaseValues::Number(const std::string& text) const {
  const std::optional<int64_t> value = Evaluate(Resolve(text));
  if (!value) throw HarnessTrouble{fmt::format("\"{}\" is no whole number here", Resolve(text))};
  return *value;
}

void CaseValues::Save(const Step& step, const Json& out) {
  if (step.save.empty()) return;
  for (const auto& [key, value] : out.items()) {
    if (!value.is_number_integer()) continue;
    const std::string text = std::to_string(value.get<int64_t>());
    const bool changing = key == "address" || key == "handle";
    const auto save = [&](const std::string& name) {
      values_[name] = text;
      if (changing) changing_.insert(name);
    };
    save(step.save + "." + key);
    if (step.method == nullptr || key == step.method->value) save(step.save);
  }
}

Json CaseValues::Argument(const ArgumentSpec& spec, const std::string& text) const {
  if (spec.kind == ArgumentKind::kInteger) return Number(text);
  if (spec.kind == ArgumentKind::kSet) return set_names_.at(text);
  if (spec.kind == ArgumentKind::kText && text == "null") return nullptr;
  return Resolve(text);
}

Json CaseValues::CallRequest(const Step& step) const {
  Json arguments = Json::object();
  for (const ArgumentSpec& spec : step.method->arguments) {
    const auto found = step.arguments.find(std::string(spec.name));
    if (found == step.arguments.end()) continue;
    const bool is_set = spec.kind == ArgumentKind::kSet;
    if (is_set && step.arguments.contains("name")) continue;  // a raw name takes its place
    arguments[is_set ? "name" : std::string(spec.name)] = Argument(spec, found->second);
  }
  if (step.arguments.contains("device")) {
    const int64_t number = Number(step.arguments.at("device"));
    arguments["device"] = DeviceName(step);
    // MP-05: the first device has the set's name, the others a number behind it.
    if (arguments.contains("name") && !step.arguments.contains("name") && number > 0) {
      arguments["name"] = arguments["name"].get<std::string>() + std::to_string(number);
    }
  }
  if (step.method->name == "WaitForActive" || step.method->name == "WaitForAgent") {
    arguments["timeout"] = PatienceMs();
  }
  Json request = Json::object();
  request["op"] = "call";
  request["method"] = step.method->name;
  request["object"] = step.object;
  request["arguments"] = std::move(arguments);
  if (step.method->output == OutputKind::kNamed) {
    request["into"] = step.into.empty() ? "nameless" : step.into;
  }
  if (!step.start.empty()) request["concurrent"] = true;
  return request;
}

// Within a process, a device belongs to the set object that opened it.
std::string CaseValues::DeviceName(const Step& step) const {
  return fmt::format("{}/{}", step.object, Number(step.arguments.at("device")));
}

Json CaseValues::BytesRequest(const Step& step, const char* op) const {
  Json request = Json::object();
  request["op"] = op;
  request["arguments"] = Json::object();
  request["arguments"]["buffer"] = step.arguments.at("buffer");
  for (const char* key : {"offset", "size", "pattern"}) {
    const auto found = step.arguments.find(key);
    if (found != step.arguments.end()) request["arguments"][key] = Number(found->second);
  }
  return request;
}

Json CaseValues::CompletedRequest(const Step& step) const {
  Json request = Json::object();
  request["op"] = "completion";
  request["arguments"] = Json::object();
  request["arguments"]["command"] = step.arguments.at("command");
  request["arguments"]["timeout"] = PatienceMs();
  return request;
}

Json CaseValues::ReleaseRequest(const Step& step) const {
  Json request = Json::object();
  request["op"] = "release";
  request["object"] = step.object;
  request["arguments"] = Json::object();
  if (step.arguments.contains("device")) request["arguments"]["device"] = DeviceName(step);
  return request;
}

Json CaseValues::AdvanceRequest(const Step& step) const {
  Json arguments = Json::object();
  arguments["name"] = set_names_.at(case_.FindActor(step.actor).set);
  arguments["ms"] = Number(step.arguments.at("ms"));
  const auto waiting = step.arguments.find("waiting");
  arguments["waiting"] = waiting == step.arguments.end() ? 0 : Number(waiting->second);
  arguments["timeout"] = PatienceMs();
  Json request = Json::object();
  request["op"] = "advance";
  request["arguments"] = std::move(arguments);
  return request;
}

Json CaseValues::SqlRequest(const Step& step) const {
  Json request = Json::object();
  request["op"] = "sql";
  request["arguments"] = Json::object();
  request["arguments"]["timeout"] = PatienceMs();
  for (const char* key : {"statement", "database"}) {
    const auto found = step.arguments.find(key);
    if (found != step.arguments.end()) request["arguments"][key] = Resolve(found->second);
  }
  if (!step.start.empty()) request["concurrent"] = true;
  return request;
}

Json CaseValues::ServeRequest(const Step& step) const {
  Json request = Json::object();
  request["op"] = "serve";
  request["arguments"] = Json::object();
  request["arguments"]["device"] = DeviceName(step);
  for (const char* key : {"keep", "replay"}) {
    const auto found = step.arguments.find(key);
    if (found != step.arguments.end()) request["arguments"][key] = found->second;
  }
  const auto commands = step.arguments.find("commands");
  if (commands != step.arguments.end()) request["arguments"]["commands"] = Number(commands->second);
  if (!step.start.empty()) request["concurrent"] = true;
  return request;
}

}  // namespace conform
