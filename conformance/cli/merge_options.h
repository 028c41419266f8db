// The options of `vdi-conform merge`, as values and as help.
#ifndef CONFORMANCE_CLI_MERGE_OPTIONS_H_
#define CONFORMANCE_CLI_MERGE_OPTIONS_H_

#include <string>
#include <vector>

#include "conformance/cli/options.h"

namespace conform {

struct MergeArguments {
  std::vector<std::string> files;
  std::string junit;
  std::string junit_flavour = "strict";
  std::string json;
};

Subcommand AddMergeCommand(CLI::App* app);

}  // namespace conform

#endif  // CONFORMANCE_CLI_MERGE_OPTIONS_H_
