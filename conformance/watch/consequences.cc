#include "conformance/watch/consequences.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace conform {
namespace {

using Names = std::set<std::string_view>;

// Why a program can stop before it came to the calls that it owes.
const Names kStops = {"crash",
                      "hang",
                      "cancel-in-time",
                      "left-processes",
                      "started",
                      "secondary-death",
                      "statement-failed-first"};

// Why a set that was created never came to work, or not with the devices that it should have.
const Names kSetNotWorked = {"call-order",         "configuration-legal",  "set-name-unique",
                             "configuration-read", "set-before-statement", "statement-given",
                             "device-names",       "device-count",         "devices-opened",
                             "database-name"};

// Why the data is not what it should be.
const Names kBadData = {"bytes-true",     "short-transfer",         "write-error-told",
                        "end-of-data",    "buffer-bounds",          "use-after-completion",
                        "after-error",    "write-buffer-unchanged", "every-command-completed",
                        "close-after-end"};

Names operator+(Names a, const Names& b) {
  a.insert(b.begin(), b.end());
  return a;
}

// Why nothing was done with a set, whether there was one or not.
const Names kNeverWorked = kSetNotWorked + Names{"started"};

// What a client says of a Write changes nothing of what it stores.
Names Without(Names names, std::string_view name) {
  names.erase(name);
  return names;
}

// What follows from what; the cause may be told later, as the end that it led to came later.
const std::map<std::string_view, Names>& Causes() {
  static const Names kMemory = {"buffer-bounds", "write-buffer-unchanged", "command-unchanged",
                                "use-after-completion"};
  static const std::map<std::string_view, Names> causes = {
      {"crash", kMemory},
      // A program that hangs before its first call says so: that it made none is no explanation.
      {"hang", kSetNotWorked + Names{"crash", "every-command-completed", "completed-once",
                                     "completed-given", "abort-on-failure", "cancel-in-time",
                                     "statement-failed-first", "secondary-death", "call-after-end",
                                     "calls-after-abort", "held-too-long", "closed",
                                     "timeout-goes-on", "completion-code"}},
      {"every-command-completed", Names{"crash", "completed-given", "timeout-goes-on"}},
      {"close-after-end", kNeverWorked + Names{"every-command-completed", "timeout-goes-on"}},
      {"abort-on-failure",
       kNeverWorked + Names{"crash", "cancel-in-time", "secondary-death", "every-command-completed",
                            "timeout-goes-on", "close-after-end", "statement-failed-first"}},
      {"closed", kStops + Names{"abort-on-failure", "every-command-completed", "call-order"}},
      {"calls-after-abort", Names{"call-after-close"}},
      {"call-after-close", Names{"call-after-end"}},
      {"device-names", Names{"database-name", "set-before-statement", "call-order"}},
      {"devices-opened", Names{"device-names", "device-count", "call-order", "configuration-read"}},
      {"statement-given", kStops + Names{"set-name-unique", "configuration-legal", "call-order"}},
      {"nothing-transferred", kNeverWorked + kStops},
      {"left-objects", kStops + Names{"closed", "abort-on-failure", "close-after-end"}},
      {"left-resources", kStops + Names{"closed", "abort-on-failure"}},
      {"busy-wait", Names{"hang", "calls-after-abort", "call-after-end"}},
      {"flush-durable", Names{"write-error-told", "short-transfer"}},
      {"complete-durable", Names{"write-error-told", "short-transfer", "flush-durable"}},
      {"artefact-equal", Without(kBadData, "bytes-true")},
      {"restore-equal", kBadData},
      {"restorable", kBadData + kNeverWorked + kStops},
      {"partial-artefact", Names{"false-success"}},
      {"end-of-data", Names{"bytes-true", "short-transfer"}},
      {"secondary-death", Names{"crash"}},
      {"cancel-in-time", Names{"crash"}},
      {"completed-given", Names{"completed-once"}},
      {"held-too-long", Names{"every-command-completed"}},
      {"unknown-command-fatal", Names{"unknown-command"}},
      {"failure-told", kStops},
      {"false-success", Names{"started", "statement-given"}},
  };
  return causes;
}

std::string_view ShortName(const std::string& check) {
  return std::string_view(check).substr(std::string_view("program/").size());
}

bool IsExplained(const WatchFinding& finding, const std::vector<WatchFinding>& findings) {
  // That the job was not done says nothing that another failure does not say better.
  const bool by_anything =
      finding.check == "program/job-done" || finding.check == "program/false-failure";
  const auto causes = Causes().find(ShortName(finding.check));
  return std::any_of(findings.begin(), findings.end(), [&](const WatchFinding& other) {
    if (&other == &finding || (other.warning && !finding.warning)) return false;
    if (by_anything) return other.check != "program/job-done";
    return causes != Causes().end() && causes->second.count(ShortName(other.check)) > 0;
  });
}

}  // namespace

std::vector<WatchFinding> WithoutConsequences(std::vector<WatchFinding> findings) {
  std::vector<WatchFinding> causes;
  causes.reserve(findings.size());
  for (const WatchFinding& finding : findings) {
    if (!IsExplained(finding, findings)) causes.push_back(finding);
  }
  return causes;
}

}  // namespace conform
