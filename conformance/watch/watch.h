// Judges what a client program left behind. Pure: the same evidence gives the same result.
#ifndef CONFORMANCE_WATCH_WATCH_H_
#define CONFORMANCE_WATCH_WATCH_H_

#include <cstdint>
#include <string>
#include <vector>

#include "conformance/rules/rules.h"
#include "conformance/watch/evidence.h"
#include "conformance/watch/scoreboard.h"
#include "reports/report_model.h"

namespace conform {

// A rule that the client broke, told once however often it did.
struct WatchFinding {
  std::string check;     // "program/flush-durable"
  std::string clause;    // what decides whether it fails the client
  std::string expected;  // sentences without addresses, times or names that change between runs
  std::string actual;
  std::string note;  // several lines; may hold what changes
  reports::Problem problem = reports::Problem::kProtocolViolation;
  bool warning = false;  // does not fail the client: what it rests on is not documented
  int64_t t = 0;         // when it happened; 0: at the end
};

struct WatchResult {
  std::vector<std::string> held;       // checks that could be made, and held
  std::vector<WatchFinding> findings;  // the first is the first cause
  Scoreboard score;
};

WatchResult Watch(const Evidence& evidence, const Rules& rules);

}  // namespace conform

#endif  // CONFORMANCE_WATCH_WATCH_H_
