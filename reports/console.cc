#include "reports/console.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <vector>

#include "reports/file.h"
#include "reports/finding_text.h"
#include "reports/text.h"

namespace reports {
namespace {

constexpr std::string_view kReset = "\x1b[0m";

// Red for what turns the run red, yellow for what a person should look at.
std::string_view ColourOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::kPass:
      return "\x1b[32m";
    case Outcome::kSkip:
    case Outcome::kWaived:
      return "\x1b[33m";
    default:
      return "\x1b[31m";
  }
}

std::string_view Label(Outcome outcome) {
  switch (outcome) {
    case Outcome::kPass:
      return "PASS";
    case Outcome::kFail:
      return "FAIL";
    case Outcome::kError:
      return "ERROR";
    case Outcome::kSkip:
      return "SKIP";
    case Outcome::kWaived:
      return "WAIVED";
    case Outcome::kUnexpectedPass:
      return "UNEXPECTED PASS";
    case Outcome::kNotModelled:
      return "NOT MODELLED";
    case Outcome::kNotFinished:
      return "NOT FINISHED";
  }
  return "?";
}

// The words of the totals.
std::string_view Word(Outcome outcome) {
  switch (outcome) {
    case Outcome::kPass:
      return "passed";
    case Outcome::kFail:
      return "failed";
    case Outcome::kError:
      return "ended in error";
    case Outcome::kSkip:
      return "skipped";
    case Outcome::kWaived:
      return "waived";
    case Outcome::kUnexpectedPass:
      return "passed unexpectedly";
    case Outcome::kNotModelled:
      return "not modelled";
    case Outcome::kNotFinished:
      return "not finished";
  }
  return "?";
}

std::string Painted(std::string_view text, Outcome outcome, const ConsoleOptions& options) {
  if (!options.colour) return std::string(text);
  return std::string(ColourOf(outcome)) + std::string(text) + std::string(kReset);
}

std::string Padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

// "1 case", "2 cases".
std::string Counted(int number, std::string_view what) {
  return std::to_string(number) + ' ' + std::string(what) + (number == 1 ? "" : "s");
}

// "12 passed, 1 failed, 2 skipped": only what there is, in the order of the enumeration.
std::string CountsText(const Counts& counts, const ConsoleOptions& options) {
  std::string out;
  const auto add = [&](Outcome outcome) {
    const int count = counts.Of(outcome);
    if (count == 0) return;
    if (!out.empty()) out += ", ";
    out += Painted(std::to_string(count) + ' ' + std::string(Word(outcome)), outcome, options);
  };
  for (const Outcome outcome :
       {Outcome::kPass, Outcome::kFail, Outcome::kUnexpectedPass, Outcome::kError,
        Outcome::kNotModelled, Outcome::kNotFinished, Outcome::kWaived, Outcome::kSkip}) {
    add(outcome);
  }
  return out.empty() ? "nothing" : out;
}

// Everything that turns the run red is told at length; what was skipped or waived in a line.
bool NeedsALook(const Case& one) {
  return one.outcome != Outcome::kPass && one.outcome != Outcome::kSkip &&
         one.outcome != Outcome::kWaived;
}

std::string CaseText(const Case& one, const ConsoleOptions& options) {
  std::string out = Painted(Label(one.outcome), one.outcome, options) + "  " + Explanation(one);
  for (const std::string& path : one.attachments)
    out += "Attached: " + OneLine(path, kValueBytesMax) + '\n';
  if (!one.error_output.empty()) {
    out += "Standard error:\n" + Indent(Shorten(one.error_output, 2000), "  | ") + '\n';
  }
  return out;
}

// What a case shows, without where: cases that are alike in it have most likely one cause.
std::string Symptom(const Case& one) {
  std::string out = std::string(Label(one.outcome)) + '\n' + one.reason + '\n' + one.story;
  for (const Finding& finding : one.findings) {
    if (finding.warning) continue;
    for (const std::string* part : {&finding.clause, &finding.expected, &finding.actual}) {
      out += '\n' + *part;
    }
  }
  return out;
}

// What stands behind the one that is told at length: ids of cases.
std::string AlikeText(const std::vector<std::string>& others) {
  if (others.empty()) return {};
  constexpr std::size_t kNamed = 20;
  std::string out = "\nThe same in " + std::to_string(others.size()) + " more:\n";
  for (std::size_t i = 0; i < others.size() && i < kNamed; ++i) {
    out += "  " + OneLine(others[i]) + '\n';
  }
  if (others.size() > kNamed) {
    out += "  and " + std::to_string(others.size() - kNamed) +
           " that the reports name; each is told there at length\n";
  }
  return out;
}

std::string FailuresText(const Run& run, const ConsoleOptions& options) {
  std::vector<std::vector<const Case*>> groups;  // in the order of their first cases
  std::map<std::string, std::size_t> group_of;
  for (const Case& one : run.cases) {
    if (!NeedsALook(one)) continue;
    const auto [at, is_new] = group_of.emplace(Symptom(one), groups.size());
    if (is_new) groups.emplace_back();
    groups[at->second].push_back(&one);
  }
  std::string out;
  for (const std::vector<const Case*>& alike : groups) {
    std::vector<std::string> others;
    for (std::size_t i = 1; i < alike.size(); ++i) others.push_back(alike[i]->id);
    out += '\n' + CaseText(*alike.front(), options) + AlikeText(others);
  }
  return out;
}

// One at length of those that say the same, whatever it was that they saw.
std::string WarningsText(const Run& run) {
  struct Kind {
    std::string first;
    std::string last_id;
    std::vector<std::string> others{};  // ids of further cases, each once
  };
  std::vector<Kind> kinds;
  std::map<std::string, std::size_t> kind_of;
  for (const Case& one : run.cases) {
    for (const Finding& finding : one.findings) {
      if (!finding.warning) continue;
      const std::string symptom = finding.check_id + '\n' + finding.clause + '\n' +
                                  finding.expected + '\n' + finding.actual;
      const auto [at, is_new] = kind_of.emplace(symptom, kinds.size());
      if (is_new) {
        kinds.push_back({OneLine(one.id) + ": " + FindingText(finding), one.id});
        continue;
      }
      Kind& kind = kinds[at->second];
      if (kind.last_id != one.id) kind.others.push_back(one.id);
      kind.last_id = one.id;
    }
  }
  std::string out;
  for (const Kind& kind : kinds) {
    const std::string alike = AlikeText(kind.others);
    out += kind.first + (alike.empty() ? "" : alike.substr(1));
  }
  return out;
}

}  // namespace

bool WantsColour(int fd) { return std::getenv("NO_COLOR") == nullptr && IsTerminal(fd); }

std::string ConsoleLine(const Case& one, const ConsoleOptions& options) {
  std::string out = Painted(Padded(std::string(Label(one.outcome)), 5), one.outcome, options);
  out += ' ' + OneLine(one.id + "  " + one.title) + " (" + FormatSeconds(one.seconds) + " s)";
  if (one.outcome == Outcome::kSkip || one.outcome == Outcome::kWaived) out += ": " + Message(one);
  return out + '\n';
}

std::string ConsoleSummary(const Run& run, const ConsoleOptions& options) {
  const Counts counts = CountCases(run);
  std::string out = FailuresText(run, options);
  if (options.warnings && counts.warnings > 0) {
    out += "\nWarnings (they rest on what is not documented or only advised, and fail nothing):\n" +
           WarningsText(run);
  }
  if (!out.empty()) out += '\n';
  const std::vector<Group> groups = GroupCases(run);
  std::size_t width = 0;
  for (const Group& group : groups) width = std::max(width, OneLine(group.name).size());
  for (const Group& group : groups) {
    out += Padded(OneLine(group.name), width) + "  " + CountsText(group.counts, options) + '\n';
  }
  for (const Case& one : run.cases) {
    if (one.outcome == Outcome::kSkip || one.outcome == Outcome::kWaived) {
      out += Painted(Padded(std::string(Label(one.outcome)), 7), one.outcome, options) +
             OneLine(one.id) + ": " + Message(one) + '\n';
    }
  }
  out += "\n" + Counted(counts.cases(), "case") + ": " + CountsText(counts, options) + "; " +
         Counted(counts.checks, "check") + ", " + Counted(counts.warnings, "warning");
  if (run.finished) out += "; " + FormatSeconds(run.seconds) + " s";
  out += '\n';
  if (run.interrupted) out += "The run was interrupted.\n";
  return out;
}

}  // namespace reports
