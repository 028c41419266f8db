#include "reports/json_values.h"

#include <stdexcept>

namespace reports::json_values {
namespace {

std::string_view Name(CheckResult result) {
  switch (result) {
    case CheckResult::kHeld:
      return "held";
    case CheckResult::kWarned:
      return "warned";
    case CheckResult::kFailed:
      return "failed";
  }
  throw std::invalid_argument("not a check's result");
}

CheckResult ParseCheckResult(const std::string& name) {
  for (const CheckResult one : {CheckResult::kHeld, CheckResult::kWarned, CheckResult::kFailed}) {
    if (Name(one) == name) return one;
  }
  throw std::invalid_argument("unknown result '" + name + "' of a check");
}

std::string Text(const Json& value, const char* key) { return value.at(key).get<std::string>(); }

}  // namespace

Json ToJson(const Properties& properties) {
  Json array = Json::array();
  for (const auto& [name, value] : properties) array.push_back({{"name", name}, {"value", value}});
  return array;
}

Json ToJson(const Check& check) {
  return {{"check", check.id}, {"clause", check.clause}, {"result", Name(check.result)}};
}

Json ToJson(const Finding& finding) {
  return {{"check", finding.check_id},
          {"clause", finding.clause},
          {"problem", reports::Name(finding.problem)},
          {"warning", finding.warning},
          {"requirement", finding.requirement},
          {"source", finding.source},
          {"expected", finding.expected},
          {"actual", finding.actual},
          {"detail", finding.detail}};
}

Json ToJson(const Shard& shard) {
  return {{"index", shard.index}, {"count", shard.count}, {"selected", shard.selected}};
}

Shard ShardFrom(const Json& value) {
  return {value.at("index").get<int>(), value.at("count").get<int>(),
          value.at("selected").get<int>()};
}

Properties PropertiesFrom(const Json& value) {
  Properties properties;
  for (const Json& one : value) properties.emplace_back(Text(one, "name"), Text(one, "value"));
  return properties;
}

Check CheckFrom(const Json& value) {
  return {Text(value, "check"), Text(value, "clause"), ParseCheckResult(Text(value, "result"))};
}

Finding FindingFrom(const Json& value) {
  Finding finding;
  finding.check_id = Text(value, "check");
  finding.clause = Text(value, "clause");
  finding.requirement = Text(value, "requirement");
  finding.source = Text(value, "source");
  finding.expected = Text(value, "expected");
  finding.actual = Text(value, "actual");
  finding.detail = Text(value, "detail");
  finding.problem = ParseProblem(Text(value, "problem"));
  finding.warning = value.at("warning").get<bool>();
  return finding;
}

}  // namespace reports::json_values
