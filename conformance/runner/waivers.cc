#include "conformance/runner/waivers.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <map>
#include <set>

#include "conformance/runner/selector.h"
#include "conformance/scenario/element.h"

namespace conform {
namespace {

using reports::Outcome;
using reports::Problem;

bool IsDay(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  int part[3] = {0, 0, 0};
  for (size_t i = 0, field = 0; i < text.size(); ++i) {
    if (i == 4 || i == 7) {
      ++field;
    } else if (text[i] < '0' || text[i] > '9') {
      return false;
    } else {
      part[field] = part[field] * 10 + (text[i] - '0');
    }
  }
  return std::chrono::year_month_day(std::chrono::year(part[0]),
                                     std::chrono::month(static_cast<unsigned>(part[1])),
                                     std::chrono::day(static_cast<unsigned>(part[2])))
      .ok();
}

// An attribute that a person must have filled in.
std::string Filled(const Element& element, const char* name, const char* expected) {
  std::string text = element.node().attribute(name).value();
  if (text.find_first_not_of(" \t\n") == std::string::npos) {
    element.Fail(fmt::format("the waiver has no {}=; expected {}", name, expected));
  }
  return text;
}

Waiver ReadWaiver(const Element& element) {
  if (element.name() != "waiver") {
    element.Fail(
        fmt::format("<{}>, expected <waiver pattern= check= actual= reason= link= "
                    "expires=/>",
                    element.name()));
  }
  element.AllowOnly({"pattern", "face", "check", "actual", "reason", "link", "expires", "owner"});
  Waiver waiver;
  waiver.place = element.place();
  waiver.pattern = Filled(element, "pattern", "a glob of ids of cases or of checks");
  waiver.check = Filled(element, "check", "the id of the check that fails, or a glob");
  waiver.actual = Filled(element, "actual", "the code or the words that the finding gives");
  waiver.reason = Filled(element, "reason", "why the failure is tolerated");
  waiver.link = Filled(element, "link", "where the failure is dealt with, such as a bug's address");
  waiver.expires = Filled(element, "expires", "a day such as 2027-06-30");
  waiver.face = element.node().attribute("face").value();
  waiver.owner = element.node().attribute("owner").value();
  if (!IsDay(waiver.expires)) {
    element.Fail(
        fmt::format("expires=\"{}\" is no day; expected one such as 2027-06-30", waiver.expires));
  }
  if (element.Has("face") && waiver.face != "linux" && waiver.face != "com") {
    element.Fail(fmt::format("face=\"{}\", expected linux or com", waiver.face));
  }
  return waiver;
}

bool TakesIn(const Waiver& waiver, const Case& one) {
  if (!waiver.face.empty() && waiver.face != Name(one.face)) return false;
  return waiver.OfChecks() || MatchesGlob(waiver.pattern, one.id) || waiver.pattern == one.scenario;
}

bool Expects(const Waiver& waiver, const reports::Finding& finding) {
  return (!waiver.OfChecks() || MatchesGlob(waiver.pattern, finding.check_id)) &&
         MatchesGlob(waiver.check, finding.check_id) &&
         finding.actual.find(waiver.actual) != std::string::npos;
}

// Whether the subject is to blame: trouble of ours is never waived.
bool SubjectFailed(const CaseResult& result) {
  return result.outcome == Outcome::kFail ||
         (result.outcome == Outcome::kError &&
          (result.problem == Problem::kClientCrash || result.problem == Problem::kClientTimeout));
}

void AddOnce(const std::string& text, std::vector<std::string>* list) {
  if (std::find(list->begin(), list->end(), text) == list->end()) list->push_back(text);
}

std::string Describe(const Waiver& waiver) {
  return fmt::format("Entry: {}:{}\nReason: {}\nLink: {}\nExpires: {}{}{}\n", waiver.place.file,
                     waiver.place.line, waiver.reason, waiver.link, waiver.expires,
                     waiver.owner.empty() ? "" : "\nOwner: ", waiver.owner);
}

reports::Finding StaleFinding(const Waiver& waiver, const char* check, std::string expected,
                              std::string actual) {
  return {.check_id = check,
          .clause = {},
          .requirement = {},
          .source = {},
          .expected = std::move(expected),
          .actual = std::move(actual),
          .detail = Describe(waiver),
          .problem = Problem::kUnexpectedPass,
          .warning = false};
}

}  // namespace

std::vector<Waiver> ParseWaivers(const SourceText& source) {
  static const Environment kNone;
  const Document document(source);
  const Element root(document, document.root(), kNone);
  if (root.name() != "waivers") root.Fail(fmt::format("<{}>, expected <waivers>", root.name()));
  root.AllowOnly({"xmlns:xsi", "xsi:noNamespaceSchemaLocation"});
  std::vector<Waiver> waivers;
  for (const pugi::xml_node node : document.root().children()) {
    if (node.type() == pugi::node_element) {
      waivers.push_back(ReadWaiver(Element(document, node, kNone)));
    } else if (node.type() == pugi::node_pcdata) {
      root.Fail("text between the waivers; expected <waiver> elements and comments only");
    }
  }
  return waivers;
}

std::string Today() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  gmtime_r(&now, &parts);
  return fmt::format("{:04}-{:02}-{:02}", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
}

WaiverBook::WaiverBook(std::vector<Waiver> waivers, std::string today) : today_(std::move(today)) {
  for (Waiver& waiver : waivers) {
    uses_.emplace_back();
    uses_.back().waiver = std::move(waiver);
  }
}

std::vector<Waiver> WaiverBook::Unmatched(const Suite& suite) const {
  std::vector<Waiver> unmatched;
  for (const Use& use : uses_) {
    const bool found = std::any_of(suite.cases.begin(), suite.cases.end(),
                                   [&](const Case& one) { return TakesIn(use.waiver, one); });
    if (!found) unmatched.push_back(use.waiver);
  }
  return unmatched;
}

// Whether an entry that is in force foresees it; `by` gets every entry that does.
bool WaiverBook::Foreseen(const Case& one, const reports::Finding& finding, std::vector<Use*>* by) {
  bool foreseen = false;
  bool known = false;
  for (Use& use : uses_) {
    if (!TakesIn(use.waiver, one) || !Expects(use.waiver, finding)) continue;
    known = true;
    AddOnce(one.id, &use.needed);
    AddOnce(finding.clause, &use.clauses);
    if (Over(use.waiver)) continue;
    foreseen = true;
    by->push_back(&use);
  }
  if (!known) {
    new_failures_.push_back(
        {.case_id = one.id, .check = finding.check_id, .actual = finding.actual});
  }
  return foreseen;
}

void WaiverBook::JudgePass(const Case& one, CaseResult* result) {
  for (Use& use : uses_) {
    const Waiver& waiver = use.waiver;
    if (waiver.OfChecks() || !TakesIn(waiver, one)) continue;
    use.passed.push_back(one.id);
    if (Over(waiver) || result->outcome == Outcome::kUnexpectedPass) continue;
    result->outcome = Outcome::kUnexpectedPass;
    result->problem = Problem::kUnexpectedPass;
    result->reason = fmt::format("{}:{} foresees a failure of {}; delete or narrow the waiver ({})",
                                 waiver.place.file, waiver.place.line, waiver.check, waiver.link);
  }
}

void WaiverBook::Judge(const Case& one, CaseResult* result) {
  const bool subject_failed = SubjectFailed(*result);
  const bool passed = result->outcome == Outcome::kPass;
  for (Use& use : uses_) {
    const Waiver& waiver = use.waiver;
    if (!TakesIn(waiver, one)) continue;
    const bool met =
        !waiver.OfChecks() ||
        std::any_of(result->checks.begin(), result->checks.end(), [&](const reports::Check& check) {
          return MatchesGlob(waiver.pattern, check.id);
        });
    if (!met) continue;
    if (subject_failed || passed) ++use.ran;
    if (result->outcome == Outcome::kError && !subject_failed) use.unclear = true;
  }
  if (passed) return JudgePass(one, result);
  if (!subject_failed) return;
  std::vector<Use*> by;
  bool all = true;
  for (const reports::Finding& finding : result->findings) {
    if (!finding.warning && !Foreseen(one, finding, &by)) all = false;
  }
  if (!all || by.empty()) return;
  const Waiver& waiver = by.front()->waiver;
  result->outcome = Outcome::kWaived;
  result->problem = Problem::kNone;
  result->reason = fmt::format("{} {} (until {})", waiver.link, waiver.reason, waiver.expires);
}

bool WaiverBook::Unneeded(const Use& use, bool whole) const {
  if (!use.needed.empty() || use.unclear) return false;
  if (use.waiver.OfChecks()) return whole;
  return use.ran > 0 || whole;
}

std::vector<StaleWaiver> WaiverBook::Stale(bool whole) const {
  std::vector<StaleWaiver> stale;
  std::map<std::string, int> ids;
  for (const Use& use : uses_) {
    const Waiver& waiver = use.waiver;
    StaleWaiver one;
    if (Over(waiver) && (use.ran > 0 || whole)) {
      one.finding = StaleFinding(
          waiver, "waivers/expired", "a waiver that is in force, or none",
          fmt::format("{}:{}: the waiver of {} was over on {}; {}", waiver.place.file,
                      waiver.place.line, waiver.pattern, waiver.expires,
                      use.needed.empty() ? "nothing needs it any more, delete it"
                                         : "the failure is still there, mend it or extend it"));
    } else if (Unneeded(use, whole) && use.passed.empty()) {
      const char* why = use.ran == 0 ? "no case or check that ran is of this pattern"
                                     : "nothing failed as it foresees";
      one.finding =
          StaleFinding(waiver, "waivers/unused",
                       fmt::format("{} fails, with \"{}\"", waiver.check, waiver.actual),
                       fmt::format("{}:{}: the waiver of {} is not needed: {}", waiver.place.file,
                                   waiver.place.line, waiver.pattern, why));
    } else {
      continue;
    }
    one.place = waiver.place;
    one.id = "waiver:" + waiver.pattern;
    std::replace_if(
        one.id.begin(), one.id.end(), [](char c) { return c <= ' ' || c >= 127; }, '_');
    if (const int copy = ++ids[one.id]; copy > 1) one.id += fmt::format("#{}", copy);
    stale.push_back(std::move(one));
  }
  return stale;
}

std::string WaiverBook::Blind() const {
  std::string text;
  for (const Use& use : uses_) {
    if (use.needed.empty() || Over(use.waiver)) continue;
    text += fmt::format("  {} ({}) in {} case{}, until {}: {} {}\n", use.waiver.check,
                        fmt::join(use.clauses, ", "), use.needed.size(),
                        use.needed.size() == 1 ? "" : "s", use.waiver.expires, use.waiver.reason,
                        use.waiver.link);
    for (const std::string& id : use.needed) text += fmt::format("    {}\n", id);
  }
  if (text.empty()) return text;
  return "Blind because of waivers; these checks may fail unnoticed:\n" + text;
}

}  // namespace conform
