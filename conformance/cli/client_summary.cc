#include "conformance/cli/client_summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "conformance/rules/wrap_text.h"

namespace conform {
namespace {

std::string Times(int number, const char* what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

bool IsGreen(const reports::Case& one) {
  return one.outcome == reports::Outcome::kPass || one.outcome == reports::Outcome::kWaived ||
         one.outcome == reports::Outcome::kSkip;
}

// Who could not be judged has broken nothing.
bool IsTroubleOfOurs(const reports::Case& one) {
  return one.problem == reports::Problem::kHarnessError ||
         one.outcome == reports::Outcome::kNotFinished;
}

// A waiver that is over or not needed is no rule that the program broke.
bool IsStaleWaiver(const reports::Case& one) {
  return one.problem == reports::Problem::kUnexpectedPass;
}

struct Cause {
  std::string check;
  int cases = 0;
  std::string example;  // the id of the first case
};

void Count(const std::string& check, const std::string& case_id, std::vector<Cause>* causes) {
  auto cause = std::find_if(causes->begin(), causes->end(),
                            [&](const Cause& known) { return known.check == check; });
  if (cause == causes->end()) cause = causes->insert(cause, {check, 0, case_id});
  ++cause->cases;
}

std::vector<Cause> MostFrequentFirst(std::vector<Cause> causes) {
  std::stable_sort(causes.begin(), causes.end(),
                   [](const Cause& a, const Cause& b) { return a.cases > b.cases; });
  return causes;
}

// Of each case the first cause alone: what follows it would only repeat it.
std::vector<Cause> FirstCauses(const reports::Run& run) {
  std::vector<Cause> causes;
  for (const reports::Case& one : run.cases) {
    if (IsGreen(one) || IsTroubleOfOurs(one) || IsStaleWaiver(one)) continue;
    const auto first =
        std::find_if(one.findings.begin(), one.findings.end(),
                     [](const reports::Finding& finding) { return !finding.warning; });
    if (first != one.findings.end()) Count(first->check_id, one.id, &causes);
  }
  return MostFrequentFirst(std::move(causes));
}

std::vector<Cause> Warnings(const reports::Run& run) {
  std::vector<Cause> causes;
  for (const reports::Case& one : run.cases) {
    std::set<std::string> checks;
    for (const reports::Finding& finding : one.findings) {
      if (finding.warning) checks.insert(finding.check_id);
    }
    for (const std::string& check : checks) Count(check, one.id, &causes);
  }
  return MostFrequentFirst(std::move(causes));
}

std::string CausesText(const std::vector<Cause>& causes, const WatchChecks& checks) {
  std::string text;
  for (const Cause& cause : causes) {
    const WatchCheck* const check = checks.Find(cause.check);
    text += fmt::format("  {:>3} x {}\n", cause.cases, cause.check);
    if (check != nullptr) text += WrapText(check->sentence, "        ", "        ");
    text += fmt::format("        first seen in {}\n", cause.example);
  }
  return text;
}

}  // namespace

std::string LacksText(const std::map<std::string, int>& lacking) {
  std::string text;
  for (const auto& [what, cases] : lacking) {
    text += fmt::format("not declared: {}: {} skipped\n", what, Times(cases, "situation"));
  }
  if (text.empty()) return text;
  text += "What the program can do is declared by --client-capability, and in client.xml.\n";
  // These follow from what is declared otherwise.
  const std::pair<const char*, const char*> derived[] = {
      {"judge-statement",
       "is had by programs for which somebody else gives the statement "
       "(--client-statement judge)"},
      {"own-statement", "is had by programs that give the statement themselves"},
      {"cancel", "is had by programs that can be cancelled (--client-cancel)"},
      {"restore", "is had by programs that restore, too (--client-restore)"},
      {"raw-artefact", "is had by programs whose files hold the stream (--client-artefact raw)"}};
  for (const auto& [name, means] : derived) {
    const std::string word = fmt::format(", {},", name);
    const bool lacks = std::any_of(lacking.begin(), lacking.end(), [&](const auto& one) {
      return fmt::format(", {},", one.first).find(word) != std::string::npos;
    });
    if (lacks) text += fmt::format("  {} {}\n", name, means);
  }
  return text;
}

std::string UseText(int starts, const Scoreboard& score) {
  if (starts == 0) return {};
  return fmt::format("\nHow it used the interface, in {} of the program ({:.1f} s):\n{}",
                     Times(starts, "start"), score.seconds, ToText(score));
}

std::string VerdictText(const reports::Run& run, const std::string& name,
                        const WatchChecks& checks) {
  int bad = 0;
  int unclear = 0;
  int stale = 0;
  for (const reports::Case& one : run.cases) {
    if (IsGreen(one)) continue;
    ++(IsStaleWaiver(one) ? stale : IsTroubleOfOurs(one) ? unclear : bad);
  }
  const reports::Counts counts = reports::CountCases(run);
  std::string text = "\n";
  if (bad == 0 && counts.pass > 0) {
    text += fmt::format("{} kept every rule in {}.\n", name, Times(counts.pass, "situation"));
  } else if (bad > 0) {
    text += fmt::format("{} broke a rule in {} of {}. What was broken first:\n", name, bad,
                        Times(bad + counts.pass, "situation"));
  }
  const std::vector<Cause> causes = FirstCauses(run);
  text += CausesText(causes, checks);
  const std::vector<Cause> warnings = Warnings(run);
  if (!warnings.empty()) {
    text += "Warnings, which fail nothing:\n" + CausesText(warnings, checks);
  }
  if (!causes.empty() || !warnings.empty()) {
    text += fmt::format(
        "All of it is told at length above, with the commands that repeat it. What a rule rests "
        "on:\n  vdi-conform explain {}\n",
        causes.empty() ? warnings.front().check : causes.front().check);
  }
  if (counts.waived > 0) {
    text +=
        fmt::format("Waivers excuse what was broken in {}.\n", Times(counts.waived, "situation"));
  }
  if (stale > 0) {
    text += fmt::format("{} over or not needed, see above.\n",
                        stale == 1 ? "1 waiver is" : fmt::format("{} waivers are", stale));
  }
  if (unclear > 0) {
    text += fmt::format("No verdict in {}: interrupted, or trouble of ours, see above.\n",
                        Times(unclear, "situation"));
  }
  return text;
}

}  // namespace conform
