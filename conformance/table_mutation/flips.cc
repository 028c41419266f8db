#include "conformance/table_mutation/flips.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <iterator>
#include <set>
#include <thread>

#include "conformance/rules/rules_xml.h"

namespace conform {
namespace {

// Every code, as a number, that is taken for a method already, in any state, by any page or
// reading.
std::set<std::uint32_t> TakenOf(const Rules& rules, Side side, const std::string& method) {
  std::set<std::uint32_t> taken;
  for (const ReturnCode* row : rules.CodesOf(side, method)) {
    if (row->value) taken.insert(*row->value);
  }
  for (const Rules::RulingOf& of : rules.RulingsOf(side, method)) {
    for (const std::string& code : of.ruling->accept) {
      if (const auto value = rules.CodeValue(code)) taken.insert(*value);
    }
  }
  return taken;
}

// The next code of codes.xml, in a ring, that is none of those.
std::string NextCode(const Rules& rules, const std::string& code,
                     const std::set<std::uint32_t>& taken) {
  const std::vector<Code>& codes = rules.status_codes();
  const Code* const here = rules.FindStatusCode(code);
  const std::size_t at = here == nullptr ? 0 : static_cast<std::size_t>(here - codes.data());
  for (std::size_t i = 1; i <= codes.size(); ++i) {
    const Code& next = codes[(at + i) % codes.size()];
    if (next.value && taken.count(*next.value) == 0) return next.name;
  }
  throw RulesError("every code is taken where " + code + " stands");
}

std::vector<CalledMethod> MethodsOf(const Rules& rules, const CodePosition& position) {
  std::vector<CalledMethod> found;
  for (const Method& method : rules.methods()) {
    for (const ReturnCode& row : method.codes) {
      if (!position.state && row.clause == position.clause) {
        found.emplace_back(method.side, method.name);
      }
    }
  }
  for (const Transition& row : rules.transitions()) {
    if (!position.state || row.clause != position.clause) continue;
    for (const std::string& method : row.methods) found.emplace_back(row.side, method);
  }
  return found;
}

bool Concerns(const Flip& flip, const Recording& recording) {
  return std::any_of(flip.about.begin(), flip.about.end(), [&](const CalledMethod& method) {
    return recording.methods.count(method) > 0;
  });
}

void JudgeOne(const Rules& rules, const std::vector<const Recording*>& clean, Flip* flip) {
  const Rules flipped = rules.WithCode(flip->position, flip->to);
  for (const Recording* recording : clean) {
    if (!Concerns(*flip, *recording)) continue;
    const std::vector<std::string> findings = Findings(flipped, *recording);
    if (findings.empty()) continue;
    if (flip->noticed_by == 0) {
      flip->first_case = recording->name;
      flip->finding = findings.front();
    }
    ++flip->noticed_by;
  }
}

std::string WhyBeyond(const Rules& rules, const CodePosition& position) {
  if (!position.state) {
    const Clause* const clause = rules.FindClause(position.clause);
    if (clause->no_check) return clause->no_check->reason;
    const auto of_none = [&](const Method& method) {
      return method.side == Side::kAny &&
             std::any_of(method.codes.begin(), method.codes.end(),
                         [&](const ReturnCode& row) { return row.clause == position.clause; });
    };
    const bool is_one = std::any_of(rules.methods().begin(), rules.methods().end(), of_none);
    return is_one ? "The code belongs to no method." : "";
  }
  for (const Transition& row : rules.transitions()) {
    if (row.clause != position.clause) continue;
    for (const Cell& cell : row.cells) {
      if (cell.state == position.state) return cell.unreachable;
    }
  }
  return {};
}

std::size_t CountNoticed(const std::vector<Flip>& flips) {
  return static_cast<std::size_t>(std::count_if(
      flips.begin(), flips.end(), [](const Flip& flip) { return flip.noticed_by > 0; }));
}

double ShareNoticed(const std::vector<Flip>& flips) {
  if (flips.empty()) return 0;
  return static_cast<double>(CountNoticed(flips)) / static_cast<double>(flips.size());
}

std::vector<Flip> Showable(const std::vector<Flip>& flips) {
  std::vector<Flip> showable;
  std::copy_if(flips.begin(), flips.end(), std::back_inserter(showable),
               [](const Flip& flip) { return flip.beyond.empty() || flip.noticed_by > 0; });
  return showable;
}

}  // namespace

std::vector<Flip> AllFlips(const Rules& rules) {
  std::vector<Flip> flips;
  for (const CodePosition& position : rules.CodePositions()) {
    Flip flip;
    flip.position = position;
    flip.about = MethodsOf(rules, position);
    flip.beyond = WhyBeyond(rules, position);
    std::set<std::uint32_t> taken;
    for (const auto& [side, method] : flip.about) taken.merge(TakenOf(rules, side, method));
    flip.to = NextCode(rules, position.code, taken);
    flips.push_back(std::move(flip));
  }
  return flips;
}

std::vector<Flip> Judge(const Rules& rules, const std::vector<Recording>& recordings,
                        std::vector<Flip> flips, std::size_t threads) {
  std::vector<const Recording*> clean;
  for (const Recording& recording : recordings) {
    if (Findings(rules, recording).empty()) clean.push_back(&recording);
  }
  std::atomic<std::size_t> next{0};
  std::vector<std::jthread> workers;
  for (std::size_t i = 0; i < std::max<std::size_t>(1, threads); ++i) {
    workers.emplace_back([&] {
      for (std::size_t at = next++; at < flips.size(); at = next++) {
        JudgeOne(rules, clean, &flips[at]);
      }
    });
  }
  workers.clear();  // joins them
  return flips;
}

Survivors ReadSurvivors(const Rules& rules, const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (!stream || text.empty()) throw RulesError(file + ": cannot be read");
  std::set<std::string> positions;
  for (const CodePosition& one : rules.CodePositions()) positions.insert(Describe(one));
  const RulesXml xml(file, text, "survivors");
  Survivors survivors;
  for (const RulesElement& one : xml.Root().Children({"survivor"})) {
    one.AllowAttributes({"at"});
    const std::string at = one.Required("at");
    if (positions.count(at) == 0) {
      one.Complain("stands for \"" + at +
                   "\", where no code is; expected such as \"C-MAP-03\" or \"L-32 in Active: "
                   "VD_E_PROTOCOL\"");
    }
    if (one.Text().empty()) one.Complain("does not say why nobody can notice the flip");
    if (!survivors.emplace(at, one.Text()).second) one.Complain("stands here twice: " + at);
  }
  return survivors;
}

std::vector<std::string> Complaints(const std::vector<Flip>& flips, const Survivors& survivors) {
  std::vector<std::string> complaints;
  for (const Flip& flip : flips) {
    const std::string at = Describe(flip.position);
    const bool foreseen = survivors.count(at) > 0;
    if (flip.noticed_by == 0 && !foreseen && flip.beyond.empty()) {
      complaints.push_back(fmt::format(
          "{}: {} in the place of {} is noticed by no case, and survivors.xml does not say why", at,
          flip.to, flip.position.code));
    } else if (flip.noticed_by > 0 && foreseen) {
      complaints.push_back(
          fmt::format("{}: survivors.xml says that nobody can notice it, but {} "
                      "does: {}",
                      at, flip.first_case, flip.finding));
    }
  }
  if (ShareNoticed(flips) < kShareNoticed) {
    complaints.push_back(
        fmt::format("{}; {:.0f} % are required", FlipSummary(flips), 100 * kShareNoticed));
  }
  return complaints;
}

std::string FlipSummary(const std::vector<Flip>& flips) {
  const std::vector<Flip> showable = Showable(flips);
  return fmt::format(
      "{} of {} flips are noticed ({:.1f} %), of the {} that a call can show ({:.1f} %)",
      CountNoticed(flips), flips.size(), 100 * ShareNoticed(flips), showable.size(),
      100 * ShareNoticed(showable));
}

std::string FlipTable(const std::vector<Flip>& flips, const Survivors& survivors) {
  std::string text = "# Mutation of the tables\n\n" + FlipSummary(flips) +
                     ". A flip is one code of `return_codes.xml` or `transitions.xml` that is "
                     "another one.\n\n## Survivors\n\n| Where | Code | Flipped to | Why nobody can "
                     "notice it |\n|---|---|---|---|\n";
  for (const Flip& flip : flips) {
    if (flip.noticed_by > 0) continue;
    const auto reason = survivors.find(Describe(flip.position));
    const std::string why = reason != survivors.end() ? reason->second : flip.beyond;
    text += fmt::format("| {} | {} | {} | {} |\n", Describe(flip.position), flip.position.code,
                        flip.to, why.empty() ? "**no reason is known**" : why);
  }
  text +=
      "\n## Noticed\n\n| Where | Code | Flipped to | Cases | For example "
      "|\n|---|---|---|---|---|\n";
  for (const Flip& flip : flips) {
    if (flip.noticed_by == 0) continue;
    text +=
        fmt::format("| {} | {} | {} | {} | `{}`: {} |\n", Describe(flip.position),
                    flip.position.code, flip.to, flip.noticed_by, flip.first_case, flip.finding);
  }
  return text;
}

}  // namespace conform
