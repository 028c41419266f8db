// A trace as a person reads it: a line for each call, with the millisecond, the actor, the call
// with its arguments, the name of the code, and how long it took. Pure.
#ifndef CONFORMANCE_TRACES_TRACE_TEXT_H_
#define CONFORMANCE_TRACES_TRACE_TEXT_H_

#include <string>

#include "conformance/traces/trace_file.h"

namespace conform {

// A call that goes on has a line where it begins and another where it returns. The call that a
// finding is about is marked with > and the check, and the finding stands at the end.
std::string TextOfTrace(const Trace& trace);

}  // namespace conform

#endif  // CONFORMANCE_TRACES_TRACE_TEXT_H_
