// The command `vdi-conform init`.
#ifndef CONFORMANCE_CLI_INIT_OPTIONS_H_
#define CONFORMANCE_CLI_INIT_OPTIONS_H_

#include "conformance/cli/options.h"

namespace conform {

Subcommand AddInitCommand(CLI::App* app);

}  // namespace conform

#endif  // CONFORMANCE_CLI_INIT_OPTIONS_H_
