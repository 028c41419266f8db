// Expressions as far as backup programs send them: strings, numbers, variables, + between texts,
// functions without side effects, CAST and CONVERT. Throws SyntaxError. One thread.
#ifndef SIMULATOR_SQL_EXPRESSION_H_
#define SIMULATOR_SQL_EXPRESSION_H_

#include <string>
#include <vector>

#include "simulator/sql/token_cursor.h"
#include "simulator/sql/variables.h"

namespace vdisim {

class ExpressionParser {
 public:
  // Messages of conversions that fail go to *errors. All three must outlive the parser.
  ExpressionParser(TokenCursor& cursor, const Variables& variables, std::vector<Message>& errors)
      : cursor_(cursor), variables_(variables), errors_(errors) {}

  SqlValue Parse() { return ParseSum(0); }
  // nvarchar(50), int, sysname, ...
  SqlType ParseType();
  // A variable that is at hand. Throws 137 if it was not declared.
  const SqlValue& ParseVariable();

 private:
  SqlValue ParseSum(int depth);
  SqlValue ParseTerm(int depth);
  SqlValue ParseFunction(int depth);
  SqlValue ParseCast(int depth);
  SqlValue ParseConvert(int depth);
  SqlValue Converted(const SqlType& type, SqlValue value, Position position);

  TokenCursor& cursor_;
  const Variables& variables_;
  std::vector<Message>& errors_;
};

}  // namespace vdisim

#endif  // SIMULATOR_SQL_EXPRESSION_H_
