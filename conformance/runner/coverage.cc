#include "conformance/runner/coverage.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace conform {
namespace {

// The code whose number a step shows to be the documented one: it takes this code and no other.
const Code* NumberShown(const Rules& rules, const Step& step) {
  if (step.kind == StepKind::kCompleted) {
    const auto found = step.arguments.find("completion");
    if (found == step.arguments.end()) return rules.FindCompletionCode(0U);
    const std::string& text = found->second;
    if (const Code* code = rules.FindCompletionCode(text)) return code;
    std::uint32_t number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc() && stop == text.data() + text.size();
    return whole ? rules.FindCompletionCode(number) : nullptr;
  }
  if (step.method == nullptr || step.accepted.size() != 1) return nullptr;
  if (step.method->name == "IsSharedBuffer") return nullptr;  // a truth value
  return rules.FindStatusCode(static_cast<std::uint32_t>(step.accepted.front().value()));
}

}  // namespace

void Coverage::Add(const Case& one, const CaseResult& result) {
  for (const Visit& visit : result.visits) {
    const auto [found, added] = visits_.insert({{visit.side, visit.method, visit.state}, one.id});
    if (!added) found->second = std::min(found->second, one.id);
  }
  std::set<std::string> held;
  for (const reports::Check& check : result.checks) {
    if (check.result == reports::CheckResult::kHeld) held.insert(check.id);
  }
  for (const Step& step : one.steps) {
    const std::string id = one.scenario + "/" + step.check;
    if (step.setting || held.count(id) == 0) continue;
    for (const std::string& clause : step.clauses) held_[clause].insert(id);
    if (const Code* number = NumberShown(rules_, step)) held_[number->id].insert(id);
  }
}

Coverage::Count Coverage::Cells() const {
  Count count;
  for (const Transition& row : rules_.transitions()) {
    for (const std::string& method : row.methods) {
      for (const Cell& cell : row.cells) {
        if (!cell.unreachable.empty()) {
          ++count.excused;
          continue;
        }
        ++count.possible;
        if (Reached(row.side, method, cell.state)) ++count.covered;
      }
    }
  }
  return count;
}

Coverage::Count Coverage::Codes() const {
  Count count;
  for (const Method& method : rules_.methods()) {
    for (const ReturnCode& row : method.codes) {
      if (rules_.FindClause(row.clause)->no_check) {
        ++count.excused;
        continue;
      }
      ++count.possible;
      if (Covered(row.clause)) ++count.covered;
    }
  }
  return count;
}

Coverage::Count Coverage::Statements() const {
  Count count;
  for (const Clause& clause : rules_.clauses()) {
    if (clause.no_check) {
      ++count.excused;
      continue;
    }
    ++count.possible;
    if (Covered(clause.id)) ++count.covered;
  }
  return count;
}

std::vector<std::string> Coverage::Missed() const {
  std::vector<std::string> missed;
  for (const Side side : {Side::kClient, Side::kServer}) {
    EachCell(side, [&](const Transition& row, const std::string& method, const Cell& cell) {
      if (!cell.unreachable.empty() || Reached(side, method, cell.state)) return;
      missed.push_back(
          fmt::format("cell {}: {} {} in {}", row.clause, Name(side), method, Name(cell.state)));
    });
  }
  for (const Method& method : rules_.methods()) {
    for (const ReturnCode& row : method.codes) {
      if (rules_.FindClause(row.clause)->no_check || Covered(row.clause)) continue;
      missed.push_back(
          fmt::format("code {}: {} {} {}", row.clause, Name(method.side), method.name, row.code));
    }
  }
  for (const Clause& clause : rules_.clauses()) {
    const bool is_code = rules_.FindReturnCode(clause.id) != nullptr;
    if (is_code || clause.no_check || Covered(clause.id)) continue;
    missed.push_back(fmt::format("statement {}", clause.id));
  }
  return missed;
}

std::string Coverage::Summary() const {
  const Count cells = Cells();
  const Count codes = Codes();
  const Count statements = Statements();
  std::string text;
  if (visits_.empty()) {
    text += "cells: none seen, since no state of a set was followed\n";
  } else {
    text += fmt::format("cells {} of {} reachable ({} unreachable)\n", cells.covered,
                        cells.possible, cells.excused);
  }
  text += fmt::format("codes {} of {} ({} without a check, each with its reason)\n", codes.covered,
                      codes.possible, codes.excused);
  text += fmt::format("statements {} of {} ({} without a check, each with its reason)\n",
                      statements.covered, statements.possible, statements.excused);
  return text;
}

}  // namespace conform
