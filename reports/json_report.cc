#include "reports/json_report.h"

#include "reports/json_values.h"
#include "reports/text.h"

namespace reports {
namespace {

using json_values::Json;

constexpr int kFormat = 1;

Json ToJson(const Counts& counts) {
  Json out = {{"cases", counts.cases()}};
  for (const Outcome outcome : kOutcomes) out[std::string(Name(outcome))] = counts.Of(outcome);
  out["checks"] = counts.checks;
  out["warnings"] = counts.warnings;
  return out;
}

Json ToJson(const Case& one) {
  Json out = {{"id", one.id},
              {"title", one.title},
              {"group", one.group},
              {"file", one.file},
              {"line", one.line},
              {"outcome", Name(one.outcome)},
              {"problem", Name(one.problem)},
              {"reason", one.reason},
              {"seconds", one.seconds}};
  out["checks"] = Json::array();
  for (const Check& check : one.checks) out["checks"].push_back(json_values::ToJson(check));
  out["findings"] = Json::array();
  for (const Finding& finding : one.findings) {
    out["findings"].push_back(json_values::ToJson(finding));
  }
  out["output"] = Shorten(one.output);
  out["error_output"] = Shorten(one.error_output);
  out["attachments"] = one.attachments;
  out["properties"] = json_values::ToJson(one.properties);
  out["reproduce"] = one.reproduce;
  return out;
}

}  // namespace

std::string JsonReport(const Run& run) {
  Json out = {{"format", kFormat},
              {"name", run.name},
              {"command", run.command},
              {"seed", run.seed},
              {"started", run.started},
              {"hostname", run.hostname},
              {"shard", json_values::ToJson(run.shard)},
              {"finished", run.finished},
              {"interrupted", run.interrupted},
              {"seconds", run.seconds},
              {"exit_code", ExitCode(run)},
              {"properties", json_values::ToJson(run.properties)},
              {"counts", ToJson(CountCases(run))}};
  out["groups"] = Json::array();
  for (const Group& group : GroupCases(run)) {
    Json one = {{"name", group.name}, {"seconds", group.seconds}};
    one["counts"] = ToJson(group.counts);
    out["groups"].push_back(std::move(one));
  }
  out["cases"] = Json::array();
  for (const Case& one : run.cases) out["cases"].push_back(ToJson(one));
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace reports
