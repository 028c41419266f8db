#include "reports/finding_text.h"

#include <algorithm>

#include "reports/text.h"

namespace reports {
namespace {

void AppendField(std::string& out, std::string_view label, std::string_view value) {
  if (value.empty()) return;
  out += "  ";
  out += label;
  out += std::string(13 - std::min<std::size_t>(label.size(), 12), ' ');
  // Further lines stand below the first.
  const std::string text = Indent(CleanText(value), std::string(15, ' '));
  out += text.substr(15);
  if (out.back() != '\n') out += '\n';
}

std::string FirstFailure(const Case& one) {
  const auto fails = [](const Finding& finding) { return !finding.warning; };
  const auto first = std::find_if(one.findings.begin(), one.findings.end(), fails);
  if (first == one.findings.end()) return {};
  std::string line = first->clause.empty() ? first->check_id : first->clause;
  if (!first->expected.empty()) line += ": expected " + OneLine(first->expected, 160);
  if (!first->actual.empty()) line += ", actual " + OneLine(first->actual, 160);
  const auto more = std::count_if(first + 1, one.findings.end(), fails);
  if (more > 0) line += " (and " + std::to_string(more) + " more)";
  return line;
}

std::string OrElse(const std::string& text, std::string_view otherwise) {
  return OneLine(text).empty() ? std::string(otherwise) : text;
}

}  // namespace

std::string FindingText(const Finding& finding) {
  std::string out = finding.warning ? "WARNING " : "";
  out += OneLine(finding.check_id);
  if (!finding.clause.empty()) out += " (" + OneLine(finding.clause) + ")";
  if (finding.problem != Problem::kNone) {
    out += ' ';
    out += Name(finding.problem);
  }
  out += '\n';
  AppendField(out, "Requirement:", finding.requirement);
  AppendField(out, "Source:", finding.source);
  AppendField(out, "Expected:", finding.expected);
  AppendField(out, "Actual:", finding.actual);
  if (!finding.detail.empty()) {
    out += Indent(Shorten(finding.detail), "  ");
    if (out.back() != '\n') out += '\n';
  }
  return out;
}

std::string Message(const Case& one) {
  switch (one.outcome) {
    case Outcome::kPass:
      return {};
    case Outcome::kFail:
      return OneLine(OrElse(FirstFailure(one), OrElse(one.reason, "failed")));
    case Outcome::kError:
      return OneLine(OrElse(one.reason, OrElse(FirstFailure(one), "no verdict")));
    case Outcome::kNotModelled:
      return OneLine("not modelled: " + OrElse(one.reason, "the simulator has no answer here"));
    case Outcome::kNotFinished:
      return "not finished: the run ended before this case did";
    case Outcome::kSkip:
      return OneLine(OrElse(one.reason, "skipped"));
    case Outcome::kWaived:
      return OneLine("WAIVED " + one.reason);
    case Outcome::kUnexpectedPass:
      return OneLine("unexpected pass: " + OrElse(one.reason, "a waiver foresees a failure"));
  }
  return {};
}

std::string Explanation(const Case& one) {
  if (!one.story.empty()) return one.story;
  std::string out = OneLine(one.id + ' ' + one.title) + '\n';
  if (!one.reason.empty() || one.outcome != Outcome::kFail) out += Message(one) + '\n';
  for (const Finding& finding : one.findings) {
    if (!finding.warning) out += '\n' + FindingText(finding);
  }
  if (!one.reproduce.empty())
    out += "\nReproduce: " + OneLine(one.reproduce, kValueBytesMax) + '\n';
  return out;
}

}  // namespace reports
