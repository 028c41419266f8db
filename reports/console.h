// What a person sees on the console: a line for each case that ends, and the summary of the run.
#ifndef REPORTS_CONSOLE_H_
#define REPORTS_CONSOLE_H_

#include <string>

#include "reports/report_model.h"

namespace reports {

struct ConsoleOptions {
  bool colour = false;
  bool warnings = true;  // show findings that do not fail
};

// Whether this file descriptor wants colours: it is a terminal, and NO_COLOR is not set.
bool WantsColour(int fd);

// "PASS  map.03  MapBufferHandle refuses ... (0.012 s)", with the line end.
std::string ConsoleLine(const Case& one, const ConsoleOptions& options = {});

// Every case that is not green with its findings and the command that repeats it, counts of each
// group, and the totals, one for each outcome. Of cases that show the same (clauses, what was
// expected, what came) the first is told at length, and the others are named below it; so are
// warnings.
std::string ConsoleSummary(const Run& run, const ConsoleOptions& options = {});

}  // namespace reports

#endif  // REPORTS_CONSOLE_H_
