// How much of the rules a run has covered: the cells of the state tables in which a call was made,
// the codes of the methods and the statements for which a check held. A statement is covered by the
// checks that name it; nothing about it is kept twice. One thread at a time.
#ifndef CONFORMANCE_RUNNER_COVERAGE_H_
#define CONFORMANCE_RUNNER_COVERAGE_H_

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "conformance/rules/rules.h"
#include "conformance/runner/case_record.h"
#include "conformance/scenario/scenario.h"

namespace conform {

class Coverage {
 public:
  explicit Coverage(const Rules& rules) : rules_(rules) {}  // rules: outlives this object

  void Add(const Case& one, const CaseResult& result);

  struct Count {
    std::size_t covered = 0;
    std::size_t possible = 0;  // those that can be covered
    std::size_t excused = 0;   // the others: each says why
  };
  // No state is known of a run whose cases nobody followed: then no cell counts as reached.
  Count Cells() const;
  Count Codes() const;  // rows (method, code) of both interfaces
  Count Statements() const;
  // Every cell, code and statement that can be covered and is not, a line for each: "cell: client
  // GetCommand in Active".
  std::vector<std::string> Missed() const;

  // Three lines: "cells 140 of 140 reachable (5 unreachable)".
  std::string Summary() const;
  // The codes alone, for a console: a line for each method.
  std::string CodesText() const;
  // All of it as Markdown.
  std::string Tables() const;

 private:
  bool Covered(const std::string& clause) const { return held_.count(clause) != 0; }
  bool Reached(Side side, const std::string& method, State state) const {
    return visits_.count({side, method, state}) != 0;
  }
  // Reads each cell of a side's table, in order.
  template <typename Visitor>
  void EachCell(Side side, const Visitor& visitor) const {
    for (const Transition& row : rules_.transitions()) {
      if (row.side != side) continue;
      for (const std::string& method : row.methods) {
        for (const Cell& cell : row.cells) visitor(row, method, cell);
      }
    }
  }
  std::string WhoCovers(const Clause& clause) const;
  void AppendCodes(std::string* out) const;
  void AppendCells(Side side, std::string* out) const;
  void AppendStatements(std::string* out) const;

  const Rules& rules_;
  // The first case, by name, that made a call in the cell.
  std::map<std::tuple<Side, std::string, State>, std::string> visits_;
  std::map<std::string, std::set<std::string>> held_;  // clause: the checks that held
};

}  // namespace conform

#endif  // CONFORMANCE_RUNNER_COVERAGE_H_
