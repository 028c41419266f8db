// What a person sees while a run goes on.
#ifndef CONFORMANCE_CLI_PROGRESS_H_
#define CONFORMANCE_CLI_PROGRESS_H_

#include <cstddef>
#include <string>

#include "reports/console.h"

namespace conform {

// On a terminal one line that rewrites itself, and a lasting line for each case that is not green;
// elsewhere, and in CI, a line for each case. Each tells how many cases have ended and how many of
// them are not green, by outcome. One thread at a time.
class ConsoleProgress {
 public:
  // terminal: whether standard output may be rewritten. columns: how wide it is.
  ConsoleProgress(bool terminal, size_t columns, const reports::ConsoleOptions& options)
      : terminal_(terminal), columns_(columns), options_(options) {}

  // For standard output as it is: CI and TERM=dumb mean plain lines, NO_COLOR means no colours.
  static ConsoleProgress ForStandardOutput();

  // What to print when a case has ended; `ended` counts from 1.
  std::string Text(const reports::Case& one, size_t ended, size_t all);

  const reports::ConsoleOptions& options() const { return options_; }

 private:
  const bool terminal_;
  const size_t columns_;
  const reports::ConsoleOptions options_;
  reports::Counts counts_;
};

// Whether standard output is a terminal on which a line may rewrite itself: not in CI, and not if
// TERM=dumb.
bool MayRewrite();

}  // namespace conform

#endif  // CONFORMANCE_CLI_PROGRESS_H_
