// The cases of break_cases_test.cc, in files like those of the checks.
#ifndef CONFORMANCE_WATCH_TESTING_CASES_H_
#define CONFORMANCE_WATCH_TESTING_CASES_H_

#include <functional>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "conformance/watch/testing/changes.h"

namespace conform {

// A change that makes evidence break one check, and the nearest one that keeps it.
struct BreakCase {
  std::string name;   // as a test's: "FlushIsAnsweredBeforeItsSync"
  std::string check;  // without "program/"
  std::function<Evidence()> base;
  std::function<void(Evidence&)> broken;
  std::function<void(Evidence&)> kept;
  std::set<std::string> also = {};  // other checks that break, behind it
};
// For GoogleTest's messages.
inline void PrintTo(const BreakCase& one, std::ostream* out) {
  *out << one.check << ": " << one.name;
}

std::vector<BreakCase> CallOrderCases();       // the order of calls, and what they are given
std::vector<BreakCase> DeviceCases();          // the statement, and the devices that it names
std::vector<BreakCase> CompletionCases();      // commands and their one completion
std::vector<BreakCase> CompletionCodeCases();  // the codes of completions
std::vector<BreakCase> TransferCases();        // what the client says of its transfers
std::vector<BreakCase> MemoryCases();          // memory that is lent
std::vector<BreakCase> DurabilityCases();      // what is on the disk when the server is told so
std::vector<BreakCase> StorageErrorCases();    // failed system calls, and what is told of them
std::vector<BreakCase> StoredDataCases();      // what was stored and read back
std::vector<BreakCase> GivingUpCases();        // how a set at work is left
std::vector<BreakCase> EndingCases();          // how a job and its set end
std::vector<BreakCase> ProcessCases();         // how the process ends, and what it leaves
std::vector<BreakCase> WordCases();            // what the program says of it
std::vector<BreakCase> UnusualCases();         // styles that are seldom, and right

}  // namespace conform

#endif  // CONFORMANCE_WATCH_TESTING_CASES_H_
