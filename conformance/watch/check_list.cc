#include "conformance/watch/check_list.h"

#include <fmt/format.h>

#include "conformance/rules/rules_xml.h"
#include "conformance/rules/wrap_text.h"

namespace conform {
namespace {

// How well a clause, a reading or a row of a state table is founded; false for an unknown id.
bool FindProvenance(const Rules& rules, const std::string& id, Provenance* provenance) {
  if (const ReturnCode* const row = rules.FindReturnCode(id)) {
    *provenance = row->provenance;
    return true;
  }
  if (const Clause* const clause = rules.FindClause(id)) {
    *provenance = clause->provenance;
    return true;
  }
  return false;
}

WatchCheck ReadCheck(const RulesElement& element, const std::string& group, const Rules& rules) {
  element.AllowAttributes({"id", "clause", "advice"});
  WatchCheck check;
  check.id = element.Required("id");
  if (check.id.rfind("program/", 0) != 0) element.Complain("the id does not begin with program/");
  check.group = group;
  check.clauses = element.Words("clause");
  if (check.clauses.empty()) element.Complain("names no clause");
  for (size_t i = check.clauses.size(); i-- > 0;) {
    if (!FindProvenance(rules, check.clauses[i], &check.provenance)) {
      element.Complain("there is no clause " + check.clauses[i]);
    }
  }
  check.sentence = element.Text();
  if (check.sentence.empty()) element.Complain("says nothing");
  check.advice = element.Flag("advice", false);
  return check;
}

}  // namespace

WatchChecks WatchChecks::Load(std::string_view name, std::string_view text, const Rules& rules) {
  const RulesXml file(name, text, "checks");
  const RulesElement root = file.Root();
  root.AllowAttributes({});
  WatchChecks checks;
  for (const RulesElement& group : root.Children({"group"})) {
    group.AllowAttributes({"title"});
    const std::string title = group.Required("title");
    for (const RulesElement& element : group.Children({"check"})) {
      WatchCheck check = ReadCheck(element, title, rules);
      if (checks.Find(check.id) != nullptr) element.Complain("there are two of " + check.id);
      checks.checks_.push_back(std::move(check));
    }
  }
  return checks;
}

WatchChecks WatchChecks::Embedded(const Rules& rules) {
  const std::vector<WatchFile> files = EmbeddedWatchFiles();
  return Load(files.front().name, files.front().text, rules);
}

const WatchCheck* WatchChecks::Find(std::string_view id) const {
  for (const WatchCheck& check : checks_) {
    if (check.id == id) return &check;
  }
  return nullptr;
}

std::string ExplainWatchCheck(std::string_view id, const Rules& rules) {
  const WatchChecks checks = WatchChecks::Embedded(rules);
  const WatchCheck* const check = checks.Find(id);
  if (check == nullptr) return {};
  std::string out = check->id + "  " + check->group + "  [" + std::string(Name(check->provenance)) +
                    (check->fails() ? "" : ", warns only") + "]\n";
  out += WrapText(check->sentence, "  ", "  ");
  out += "  Rests on\n";
  for (const std::string& clause : check->clauses) {
    std::string text;
    if (const Clause* const found = rules.FindClause(clause)) text = found->text;
    out += WrapText(fmt::format("{}: {}", clause, text), "    ", "        ");
  }
  return out;
}

}  // namespace conform
