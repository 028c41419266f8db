// What is wrong with the place of the artefact during a job: it is read-only, full, disappears,
// fails, or moves less at once than it is asked to. How that is brought about depends on what the
// machine allows. One thread.
#ifndef CONFORMANCE_CLIENT_JOB_TROUBLE_H_
#define CONFORMANCE_CLIENT_JOB_TROUBLE_H_

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "conformance/client/failing_calls.h"
#include "conformance/client/kept_process.h"

namespace conform {

struct JobTrouble {
  enum class Kind { kNone, kReadOnly, kFull, kVanishes, kFailing };
  Kind kind = Kind::kNone;
  std::string point;     // of kVanishes: when; see ClientJob
  int64_t bytes = 0;     // of kFull: what fits
  FailingCalls failing;  // of kFailing
  bool mounted = false;  // by a mount of the client's own
  std::filesystem::path place;
  std::string impossible;  // why this machine cannot do it; empty: it can
  std::string unknown;     // why it cannot be understood; empty: it is

  bool Vanishes() const { return kind == Kind::kVanishes; }
  // Before the client starts.
  void Apply(KeptSettings* settings) const;
  // What a client stored where nobody else sees it comes to the place itself. keeper: lives still.
  void BringOut(pid_t keeper, const std::filesystem::path& place) const;
  // The place is as before.
  void Undo() const;
};

// what: "", "read-only", "full:BYTES", "vanish", "vanish:POINT", "failing:CALLS" or
// "short:CALLS".
JobTrouble FindTrouble(const std::string& what, const std::filesystem::path& place);

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_JOB_TROUBLE_H_
