// The options --faults, --journal and --streams, which serve and sql have in common. Main thread
// only.
#ifndef SIMULATOR_TOOLS_WATCH_OPTIONS_H_
#define SIMULATOR_TOOLS_WATCH_OPTIONS_H_

#include <CLI/CLI.hpp>

#include "simulator/tools/session.h"

namespace vdisim {

// session must live until the command line has been read.
void AddWatchOptions(CLI::App* command, SessionOptions* session);

}  // namespace vdisim

#endif  // SIMULATOR_TOOLS_WATCH_OPTIONS_H_
