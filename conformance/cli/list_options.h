// The options of `vdi-conform list`, as values and as help.
#ifndef CONFORMANCE_CLI_LIST_OPTIONS_H_
#define CONFORMANCE_CLI_LIST_OPTIONS_H_

#include <string>
#include <vector>

#include "conformance/cli/options.h"

namespace conform {

struct ListArguments {
  std::vector<std::string> selectors;
  std::vector<std::string> excludes;
  std::string scenarios;
  bool client = false;  // the scenarios for client programs
  bool sweep = false;   // and with them those of --sweep
  std::string format = "text";
  std::string junit_folder;  // of --format=ctest
};

Subcommand AddListCommand(CLI::App* app);

}  // namespace conform

#endif  // CONFORMANCE_CLI_LIST_OPTIONS_H_
