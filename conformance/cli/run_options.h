// The options of `vdi-conform run`, as values and as help.
#ifndef CONFORMANCE_CLI_RUN_OPTIONS_H_
#define CONFORMANCE_CLI_RUN_OPTIONS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "conformance/cli/client_options.h"
#include "conformance/cli/options.h"
#include "conformance/cli/subject_options.h"

namespace conform {

struct RunArguments {
  std::vector<std::string> selectors;
  SubjectArguments subject;
  ClientArguments client;  // given: a client program is judged, not a library
  std::vector<std::string> excludes;
  std::string scenarios;
  std::optional<std::string> junit;  // none: reports/out/junit.xml, or reports/out/surefire
  std::string junit_flavour = "strict";
  std::string events;
  std::string json;
  std::string trace;  // a folder; empty: no traces
  std::string waivers;
  bool fix_waivers = false;
  std::string coverage;  // file of the tables; "-": the console; empty: none
  bool require_coverage = false;
  int jobs = 0;       // 0: as many as there are processors
  std::string shard;  // empty: by the environment, or all
  int repeat = 1;
  uint64_t seed = 0;
  bool sweep = false;  // with a client: the cases that inject every legal code, too
  std::string budget;  // with a client: "30s", the time that the cases may take; empty: any
  std::string guard;   // with a client: detect, fault or off, in the place of each case's own
  bool strict = false;
  bool fail_fast = false;
  double timeout_scale = 1.0;
};

Subcommand AddRunCommand(CLI::App* app);

}  // namespace conform

#endif  // CONFORMANCE_CLI_RUN_OPTIONS_H_
