#include "conformance/client_suite/client_loader.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/client_suite/job_reader.h"
#include "conformance/scenario/element.h"
#include "conformance/scenario/tables.h"

namespace conform {
namespace {

constexpr std::string_view kCheckPrefix = "program/";

// Capabilities that the jobs show, besides what the scenario says.
void AddShown(const ClientJob& job, std::set<std::string>* required) {
  if (job.devices > 1) required->insert("stripes");
  if (job.operation == ClientJob::Operation::kRestore && !job.after_success) {
    required->insert("restore");
  }
  if (!job.cancel_at.empty()) required->insert("cancel");
  if (job.kill_target == "secondary") required->insert("secondary-processes");
  if (!job.statement.empty() || !job.statement_options.empty() || job.statement_devices != 0) {
    required->insert("judge-statement");
  }
}

std::set<std::string> ReadRequirements(const Element& scenario) {
  std::set<std::string> required;
  for (const std::string& word : Words(scenario.Optional("requires"))) {
    const std::vector<std::string>& known = ClientCapabilities();
    if (std::find(known.begin(), known.end(), word) == known.end()) {
      scenario.Fail(fmt::format("requires names \"{}\", expected some of: {}{}", word,
                                fmt::join(known, ", "), DidYouMean(word, known)));
    }
    required.insert(word);
  }
  return required;
}

class ClientLoader {
 public:
  explicit ClientLoader(const Rules& rules) : rules_(rules) {}

  void LoadFile(const SourceText& source);
  std::vector<ClientScenario> Take() { return std::move(scenarios_); }

 private:
  void LoadScenario(const Element& scenario, const std::string& group, const SourceText& source);
  void LoadRow(const Element& scenario, const std::string& rows, const std::string& group,
               const SourceText& source);
  std::vector<std::string> ReadClauses(const Element& scenario) const;

  const Rules& rules_;
  std::set<std::string> ids_;
  std::vector<ClientScenario> scenarios_;
};

void ClientLoader::LoadFile(const SourceText& source) {
  static const Environment kNone;
  const Document document(source);
  const Element root(document, document.root(), kNone);
  if (root.name() != "client-scenarios") {
    root.Fail(fmt::format("<{}>, expected <client-scenarios>", root.name()));
  }
  root.AllowOnly({"group", "xmlns:xsi", "xsi:noNamespaceSchemaLocation"});
  const std::string group = root.Required("group");
  for (const pugi::xml_node node : document.root().children()) {
    if (node.type() != pugi::node_element) continue;
    const Element element(document, node, kNone);
    if (element.name() != "scenario") {
      element.Fail(fmt::format("<{}>, expected <scenario>", element.name()));
    }
    LoadScenario(element, group, source);
  }
}

void ClientLoader::LoadScenario(const Element& scenario, const std::string& group,
                                const SourceText& source) {
  scenario.AllowOnly(
      {"id", "title", "tags", "requires", "clauses", "aims", "database", "source", "no-bug"});
  const std::string id = scenario.Required("id");
  if (!IsId(id) || !id.starts_with(group + ".")) {
    scenario.Fail(
        fmt::format("id=\"{}\", expected small letters, digits and hyphens that begin "
                    "with the group: {}.",
                    id, group));
  }
  for (const pugi::xml_node node : scenario.node().children()) {
    const std::string_view name = node.name();
    if (node.type() != pugi::node_element || name == "table" || name == "goal" || name == "job") {
      continue;
    }
    Element(scenario.document(), node, scenario.environment())
        .Fail(fmt::format("<{}>, expected <goal>, <table> or <job>", name));
  }
  if (scenario.node().child("goal").empty()) scenario.Fail("a scenario needs a <goal>");
  if (scenario.node().child("job").empty()) scenario.Fail("a scenario needs a <job>");
  ForEachRow(scenario, [&](const Element& unfolded, const std::string& rows) {
    LoadRow(unfolded, rows, group, source);
  });
}

std::vector<std::string> ClientLoader::ReadClauses(const Element& scenario) const {
  std::vector<std::string> clauses = Words(scenario.Required("clauses"));
  for (const std::string& id : clauses) {
    if (rules_.FindClause(id) == nullptr && rules_.FindReading(id) == nullptr) {
      scenario.Fail(
          fmt::format("clauses names {}, expected ids of the rules, such as CMD-Flush-1", id));
    }
  }
  return clauses;
}

void ClientLoader::LoadRow(const Element& scenario, const std::string& rows,
                           const std::string& group, const SourceText& source) {
  ClientScenario one;
  one.scenario = scenario.Required("id");
  one.id = one.scenario + rows;
  one.title = scenario.Required("title");
  one.group = group;
  one.file = scenario.place().file;
  one.line = scenario.place().line;
  one.goal =
      Element(scenario.document(), scenario.node().child("goal"), scenario.environment()).Content();
  for (const std::string& tag : Words(scenario.Optional("tags"))) one.tags.insert(tag);
  one.requirements = ReadRequirements(scenario);
  one.clauses = ReadClauses(scenario);
  one.database = scenario.Optional("database", one.database);
  one.source = scenario.Optional("source", one.source);
  one.no_bug = scenario.Optional("no-bug");
  one.aims = Words(scenario.Required("aims"));
  for (const std::string& aim : one.aims) {
    if (aim.starts_with(kCheckPrefix) && IsId(aim.substr(kCheckPrefix.size()))) continue;
    scenario.Fail(
        fmt::format("aims names \"{}\", expected ids of checks such as "
                    "program/flush-durable",
                    aim));
  }
  if (!ids_.insert(one.id).second) scenario.Fail(fmt::format("the id {} is taken", one.id));
  for (const pugi::xml_node node : scenario.node().children("job")) {
    const Element job(scenario.document(), node, scenario.environment());
    one.jobs.push_back(ReadJob(job, source, rules_));
    if (one.jobs.size() == 1 && one.jobs.front().after_success) {
      job.Fail("after=\"success\" of the first job, expected a job before it");
    }
    AddShown(one.jobs.back(), &one.requirements);
  }
  scenarios_.push_back(std::move(one));
}

}  // namespace

std::vector<ClientScenario> LoadClientScenarios(std::span<const SourceText> files,
                                                const Rules& rules) {
  ClientLoader loader(rules);
  for (const SourceText& file : files) loader.LoadFile(file);
  return loader.Take();
}

}  // namespace conform
