// The options of `vdi-conform walk`, as values and as help.
#ifndef CONFORMANCE_CLI_WALK_OPTIONS_H_
#define CONFORMANCE_CLI_WALK_OPTIONS_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "conformance/cli/options.h"
#include "conformance/cli/subject_options.h"

namespace conform {

struct WalkArguments {
  SubjectArguments subject;
  std::uint64_t seed = 1;
  std::size_t calls = 10'000;
  std::string out = "reports/out";  // folder of the scenario that a disagreement becomes
  std::string log;                  // a file; empty: none
  std::string junit;                // a file; empty: none
  bool strict = false;
  bool verbose = false;
  double timeout_scale = 1.0;
};

Subcommand AddWalkCommand(CLI::App* app);

}  // namespace conform

#endif  // CONFORMANCE_CLI_WALK_OPTIONS_H_
