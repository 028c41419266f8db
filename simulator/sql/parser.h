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
// not inside a string, a bracketed name or a comment. Batches without a word are left out. One
// thread.
class BatchSplitter {
 public:
  // Takes the next line, without its end. Returns the batch that it finishes, if any.
  std::optional<BatchText> AddLine(std::string_view line);
  // The script is over: returns the batch that no GO has finished, if any.
  std::optional<BatchText> Finish();
  // Forgets the batch that is being read.
  void Reset();

  // Whether the next line continues a string, a name or a comment, and so cannot be a command.
  bool InsideText() const { return closing_ != '\0' || comments_ > 0; }
  // The line of the current batch that comes next, from 1.
  int NextLine() const { return line_number_ - current_.first_line + 1; }

 private:
  void Scan(std::string_view line);
  std::optional<BatchText> Cut(int repeat, int next_line);

  BatchText current_;
  int line_number_ = 1;
  char closing_ = '\0';  // ends the string or name that is open
  int comments_ = 0;     // that are open, nested
};

// All batches of a script at once.
std::vector<BatchText> SplitBatches(std::string_view script);

}  // namespace vdisim

#endif  // SIMULATOR_SQL_PARSER_H_
