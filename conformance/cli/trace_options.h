// The commands of vdi-conform about traces of calls, as help: trace and replay.
#ifndef CONFORMANCE_CLI_TRACE_OPTIONS_H_
#define CONFORMANCE_CLI_TRACE_OPTIONS_H_

#include <string>

#include "conformance/cli/options.h"
#include "conformance/cli/subject_options.h"

namespace conform {

struct TraceArguments {
  std::string file;
  std::string to_scenario;  // empty: print it
};

struct ReplayArguments {
  std::string file;
  SubjectArguments subject;
  double timeout_scale = 1.0;
};

Subcommand AddTraceCommand(CLI::App* app);
Subcommand AddReplayCommand(CLI::App* app);

}  // namespace conform

#endif  // CONFORMANCE_CLI_TRACE_OPTIONS_H_
