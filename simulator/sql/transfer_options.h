// The options of BACKUP and RESTORE: which there are, what they take, where they may stand and what
// they exclude. Throws SyntaxError. One thread. Answers for N-21 to N-25.
#ifndef SIMULATOR_SQL_TRANSFER_OPTIONS_H_
#define SIMULATOR_SQL_TRANSFER_OPTIONS_H_

#include <map>
#include <string>
#include <vector>

#include "simulator/sql/expression.h"
#include "simulator/sql/statement.h"
#include "simulator/sql/token_cursor.h"

namespace vdisim {

struct OptionRule;

class OptionsParser {
 public:
  // What is wrong with a value, and options that do not go together, are added to *errors; an
  // option that does not exist ends the parsing (155).
  OptionsParser(TokenCursor& cursor, ExpressionParser& expressions, Verb verb,
                TransferOptions& options, std::vector<Message>& errors)
      : cursor_(cursor),
        expressions_(expressions),
        verb_(verb),
        options_(options),
        errors_(errors) {}

  // The list behind WITH, up to its end.
  void Parse();

 private:
  void ParseOne();
  void CheckPlaceAndConflicts(const OptionRule& rule, Position position);
  void ParseValue(const OptionRule& rule);
  void ParseInteger(const OptionRule& rule);
  void ParseText(const OptionRule& rule);
  void ParseMove();
  void ParseStopMark(const OptionRule& rule);
  std::string TextValue(const OptionRule& rule);
  void Report(const Message& message, Position position);

  TokenCursor& cursor_;
  ExpressionParser& expressions_;
  Verb verb_;
  TransferOptions& options_;
  std::vector<Message>& errors_;
  std::map<int, const OptionRule*> groups_;  // options that exclude one another, by group
  std::vector<const OptionRule*> seen_;
};

}  // namespace vdisim

#endif  // SIMULATOR_SQL_TRANSFER_OPTIONS_H_
