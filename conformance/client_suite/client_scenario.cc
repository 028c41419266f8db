#include "conformance/client_suite/client_scenario.h"

namespace conform {

std::string_view Name(ClientJob::Operation operation) {
  return operation == ClientJob::Operation::kBackup ? "backup" : "restore";
}

std::string_view Name(ClientJob::Expect expect) {
  switch (expect) {
    case ClientJob::Expect::kSuccess:
      return "success";
    case ClientJob::Expect::kFailure:
      return "failure";
    case ClientJob::Expect::kAgrees:
      return "agrees";
    case ClientJob::Expect::kAny:
      return "any";
  }
  return "?";
}

const std::vector<std::string>& ClientCapabilities() {
  static const std::vector<std::string> kNames = {
      "stripes",         "secondary-processes", "complete",     "restore", "cancel",
      "judge-statement", "own-statement",       "raw-artefact", "queue"};
  return kNames;
}

}  // namespace conform
