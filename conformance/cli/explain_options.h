// The options of `vdi-conform explain`, as values and as help.
#ifndef CONFORMANCE_CLI_EXPLAIN_OPTIONS_H_
#define CONFORMANCE_CLI_EXPLAIN_OPTIONS_H_

#include <string>

#include "conformance/cli/options.h"

namespace conform {

struct ExplainArguments {
  std::string query;
  std::string scenarios;
};

Subcommand AddExplainCommand(CLI::App* app);

}  // namespace conform

#endif  // CONFORMANCE_CLI_EXPLAIN_OPTIONS_H_
