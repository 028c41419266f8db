// The options of `vdi-conform run`, as values and as help.
#ifndef CONFORMANCE_CLI_RUN_OPTIONS_H_
#define CONFORMANCE_CLI_RUN_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "conformance/cli/options.h"
#include "conformance/cli/subject_options.h"

namespace conform {

struct RunArguments {
  std::vector<std::string> selectors;
  SubjectArguments subject;
  std::string scenarios;
  std::string junit = "reports/out/junit.xml";
  std::string events;
  std::string json;
  int jobs = 1;
  uint64_t seed = 0;
  bool strict = false;
  bool fail_fast = false;
  double timeout_scale = 1.0;
};

Subcommand AddRunCommand(CLI::App* app);

}  // namespace conform

#endif  // CONFORMANCE_CLI_RUN_OPTIONS_H_
