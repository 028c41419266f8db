// The places where codes stand in the tables, and rules in which one of them is another.
#include <algorithm>

#include "conformance/rules/rules.h"

namespace conform {

std::string Describe(const CodePosition& position) {
  if (!position.state) return position.clause;
  std::string text =
      position.clause + " in " + std::string(Name(*position.state)) + ": " + position.code;
  if (position.next) text += " -> " + std::string(Name(*position.next));
  return text;
}

std::vector<CodePosition> Rules::CodePositions() const {
  std::vector<CodePosition> positions;
  for (const Method& method : methods_) {
    for (const ReturnCode& row : method.codes) {
      positions.push_back({row.clause, std::nullopt, 0, row.code, std::nullopt});
    }
  }
  for (const Transition& row : transitions_) {
    for (const Cell& cell : row.cells) {
      for (std::size_t i = 0; i < cell.answers.size(); ++i) {
        const Answer& answer = cell.answers[i];
        positions.push_back({row.clause, cell.state, i, answer.code, answer.next});
      }
    }
  }
  return positions;
}

Rules Rules::WithCode(const CodePosition& position, std::string_view code) const {
  const Code* const other = FindStatusCode(code);
  if (other == nullptr || !other->value) {
    throw RulesError(Describe(position) + " cannot be " + std::string(code) +
                     ", which is no status code with a number");
  }
  Rules rules = *this;
  for (Method& method : rules.methods_) {
    for (ReturnCode& row : method.codes) {
      if (position.state || row.clause != position.clause) continue;
      row.code = other->name;
      row.value = other->value;
      return rules;
    }
  }
  for (Transition& row : rules.transitions_) {
    if (row.clause != position.clause) continue;
    for (Cell& cell : row.cells) {
      if (cell.state != position.state || position.answer >= cell.answers.size()) continue;
      cell.answers[position.answer].code = other->name;
      return rules;
    }
  }
  throw RulesError("no code stands at " + Describe(position));
}

}  // namespace conform
