// The cases of break_cases_test.cc, by what they change.
#ifndef CONFORMANCE_WATCH_TESTING_CASES_H_
#define CONFORMANCE_WATCH_TESTING_CASES_H_

#include <vector>

#include "conformance/watch/testing/story.h"

namespace conform {

std::vector<BreakCase> CallCases();     // order of calls, devices, the statement
std::vector<BreakCase> CommandCases();  // commands, their completions and transfers
std::vector<BreakCase> StorageCases();  // memory, durability, what is stored
std::vector<BreakCase> EndingCases();   // how a job, a set and a process end
std::vector<BreakCase> WordCases();     // what the program says of it

}  // namespace conform

#endif  // CONFORMANCE_WATCH_TESTING_CASES_H_
