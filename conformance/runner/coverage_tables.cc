// What is written of a run's coverage.
#include <fmt/format.h>

#include <algorithm>

#include "conformance/runner/coverage.h"

namespace conform {
namespace {

// A bar would end the cell of a table.
std::string Escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

// Create is there three times: who looks for his own must tell them apart.
std::string RowName(const Method& method, const ReturnCode& row) {
  if (row.platform == Platform::kBoth) return method.name;
  return fmt::format("{} ({})", method.name, Name(row.platform));
}

}  // namespace

std::string Coverage::WhoCovers(const Clause& clause) const {
  const auto found = held_.find(clause.id);
  if (found != held_.end()) {
    const std::set<std::string>& checks = found->second;
    std::string text = "`" + *checks.begin() + "`";
    if (checks.size() > 1) text += fmt::format(" and {} more", checks.size() - 1);
    return text;
  }
  if (!clause.no_check) return "**not covered**";
  return fmt::format("none ({}): {}", Name(clause.no_check->kind),
                     Escaped(clause.no_check->reason));
}

void Coverage::AppendCodes(std::string* out) const {
  *out += "## Codes\n\n| Side | Method | Code | Clause | Checks |\n|---|---|---|---|---|\n";
  for (const Method& method : rules_.methods()) {
    for (const ReturnCode& row : method.codes) {
      *out += fmt::format("| {} | {} | {} | {} | {} |\n", Name(method.side), RowName(method, row),
                          row.code, row.clause, WhoCovers(*rules_.FindClause(row.clause)));
    }
  }
}

void Coverage::AppendCells(Side side, std::string* out) const {
  *out += fmt::format("\n## Cells of the {}\n\n| Method |", Name(side));
  std::string rule = "|---|";
  for (const State state : kStates) {
    if (side == Side::kClient && state == State::kConnected) continue;
    *out += fmt::format(" {} |", Name(state));
    rule += "---|";
  }
  *out += '\n' + rule + '\n';
  std::string reasons;
  for (const Transition& row : rules_.transitions()) {
    if (row.side != side) continue;
    for (const std::string& method : row.methods) {
      *out += fmt::format("| {} |", method);
      for (const State state : kStates) {
        const auto cell = std::find_if(row.cells.begin(), row.cells.end(),
                                       [&](const Cell& each) { return each.state == state; });
        if (cell == row.cells.end()) continue;
        if (!cell->unreachable.empty()) {
          *out += " unreachable |";
          reasons += fmt::format("- {} in {}: {}\n", method, Name(state), cell->unreachable);
        } else {
          *out += Reached(side, method, state) ? " yes |" : " **no** |";
        }
      }
      *out += '\n';
    }
  }
  if (!reasons.empty()) *out += "\nUnreachable:\n\n" + reasons;
  *out += "\n| Cell | Method | State | Codes | First case |\n|---|---|---|---|---|\n";
  EachCell(side, [&](const Transition& row, const std::string& method, const Cell& cell) {
    std::vector<std::string> codes;
    for (const Answer& answer : cell.answers) {
      if (std::find(codes.begin(), codes.end(), answer.code) == codes.end()) {
        codes.push_back(answer.code);
      }
    }
    const auto found = visits_.find({side, method, cell.state});
    std::string who = "**not reached**";
    if (!cell.unreachable.empty()) who = "none: " + Escaped(cell.unreachable);
    if (found != visits_.end()) who = "`" + found->second + "`";
    *out += fmt::format("| {} | {} | {} | {} | {} |\n", row.clause, method, Name(cell.state),
                        fmt::join(codes, ", "), who);
  });
}

void Coverage::AppendStatements(std::string* out) const {
  *out += "\n## Statements\n\n| Clause | Provenance | Checks |\n|---|---|---|\n";
  for (const Clause& clause : rules_.clauses()) {
    *out +=
        fmt::format("| {} | {} | {} |\n", clause.id, Name(clause.provenance), WhoCovers(clause));
  }
}

std::string Coverage::Tables() const {
  std::string out = "# Coverage\n\n```\n" + Summary() + "```\n\n";
  AppendCodes(&out);
  AppendCells(Side::kClient, &out);
  AppendCells(Side::kServer, &out);
  AppendStatements(&out);
  return out;
}

std::string Coverage::CodesText() const {
  constexpr std::size_t kWidth = 32;
  std::string out = "Codes of each method, and how many checks held each of them:\n";
  std::string reasons;
  std::string last;
  for (const Method& method : rules_.methods()) {
    for (const ReturnCode& row : method.codes) {
      const Clause& clause = *rules_.FindClause(row.clause);
      const auto found = held_.find(row.clause);
      if (found == held_.end() && clause.no_check) {
        reasons += fmt::format("  {}: {}\n", row.code, clause.no_check->reason);
        continue;
      }
      const std::string name = fmt::format("{} {}", Name(method.side), RowName(method, row));
      out += name == last ? ", " : fmt::format("\n  {:{}} ", name, kWidth);
      last = name;
      out += row.code + ' ';
      out += found == held_.end() ? "NOT COVERED" : std::to_string(found->second.size());
    }
  }
  return out + "\n\nCodes of any method, without a check:\n" + reasons;
}

}  // namespace conform
