// Whether a client can be started at all, asked before anything is run: its program and the
// directory that it is started in.
#ifndef CONFORMANCE_CLIENT_CLIENT_PROGRAM_H_
#define CONFORMANCE_CLIENT_CLIENT_PROGRAM_H_

#include <string>

#include "conformance/client/client_description.h"

namespace conform {

// What is wrong, and what to do: no such program, or one that the system cannot execute; no such
// directory. Empty: nothing, as far as can be told before the placeholders have their values. The
// description must be one that CheckDescription takes.
std::string StartObstacle(const ClientDescription& client);

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_CLIENT_PROGRAM_H_
