// Reads a batch of T-SQL as far as backup programs send it: BACKUP and RESTORE to virtual devices,
// and the trivia around them (USE, SET, DECLARE, PRINT, SELECT of values). Stateless; any thread.
// Terminates for every input, in time linear in its length. Answers for N-01 to N-27.
#ifndef SIMULATOR_SQL_PARSER_H_
#define SIMULATOR_SQL_PARSER_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/sql/statement.h"

namespace vdisim {

// A parameter that came with the batch, as sp_executesql passes them. No value means NULL.
struct SqlVariable {
  std::string name;  // with the @
  std::optional<std::string> value;
};

// text: UTF-8; bytes that are not are replaced by U+FFFD. `GO` is not T-SQL and is refused here
// (102): who reads scripts splits them with SplitBatches.
Batch ParseBatch(std::string_view text, const std::vector<SqlVariable>& parameters = {});

// One batch of a script, and where it began there (counted from 1).
struct BatchText {
  std::string text;
  int first_line = 1;
  int repeat = 1;  // GO n
};
// Cuts a script at its lines `GO` or `GO n`, as sqlcmd and osql do: in any case, alone on the line,
// not inside a string, a bracketed name or a comment. Batches without a word are left out.
std::vector<BatchText> SplitBatches(std::string_view script);

}  // namespace vdisim

#endif  // SIMULATOR_SQL_PARSER_H_
