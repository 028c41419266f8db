#include "conformance/client_suite/sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace conform {
namespace {

constexpr const char* kMachineFailure = "G-04";  // the reading about failures of the machine

// A method, the state in which a client that does everything right calls it, and which of its calls
// are worth a try.
struct SweptMethod {
  const char* name;
  State state;
  std::vector<int> calls;
};

const std::vector<SweptMethod>& Methods() {
  static const std::vector<SweptMethod> kMethods = {
      {"Create", State::kDoesNotExist, {1}},       {"GetConfiguration", State::kConfigurable, {1}},
      {"OpenDevice", State::kInitializing, {1}},   {"GetCommand", State::kActive, {1, 4}},
      {"CompleteCommand", State::kActive, {1, 4}}, {"SignalAbort", State::kActive, {1}},
      {"Close", State::kNormallyTerminated, {1}},
  };
  return kMethods;
}

bool Gives(const Cell* cell, const std::string& code) {
  return cell != nullptr && std::any_of(cell->answers.begin(), cell->answers.end(),
                                        [&](const Answer& answer) { return answer.code == code; });
}

// Whether the state table gives the code anywhere.
bool IsBoundToStates(const Rules& rules, const char* method, const std::string& code) {
  return std::any_of(std::begin(kStates), std::end(kStates), [&](State state) {
    return Gives(rules.FindCell(Side::kClient, method, state), code);
  });
}

bool IsLegal(const Rules& rules, const SweptMethod& method, const std::string& code) {
  if (code == "NOERROR" || code == "VD_E_CLOSE") return false;
  return Gives(rules.FindCell(Side::kClient, method.name, method.state), code) ||
         (Gives(rules.FindCell(Side::kClient, method.name, State::kAbort), code) &&
          code == "VD_E_ABORT") ||
         !IsBoundToStates(rules, method.name, code);
}

void AddMachineFailures(const Rules& rules, const std::string& method,
                        std::vector<SweptCode>* codes) {
  const Reading* const reading = rules.FindReading(kMachineFailure);
  if (reading == nullptr) return;
  for (const Ruling& ruling : reading->rulings) {
    if (std::count(ruling.methods.begin(), ruling.methods.end(), method) == 0) continue;
    for (const std::string& code : ruling.accept) {
      const bool is_there = std::any_of(codes->begin(), codes->end(), [&](const SweptCode& one) {
        return one.method == method && one.code == code;
      });
      if (!is_there) codes->push_back({.method = method, .code = code, .clause = kMachineFailure});
    }
  }
}

// "VD_E_NOT_OPEN" as a part of an id: "not-open".
std::string IdOf(std::string_view code) {
  constexpr std::string_view kPrefix = "VD_E_";
  if (code.starts_with(kPrefix)) code.remove_prefix(kPrefix.size());
  std::string id;
  for (const char c : code) {
    id += c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return id;
}

// "OpenDevice" as a part of an id: "open-device".
std::string IdOfMethod(std::string_view method) {
  std::string id;
  for (const char c : method) {
    const auto letter = static_cast<unsigned char>(c);
    if (std::isupper(letter) != 0 && !id.empty()) id += '-';
    id += static_cast<char>(std::tolower(letter));
  }
  return id;
}

ClientScenario ScenarioOf(const SweptCode& swept, int call) {
  ClientScenario one;
  one.scenario = fmt::format("program.sweep.{}", IdOfMethod(swept.method));
  one.id = fmt::format("{}.{}.{}", one.scenario, call, IdOf(swept.code));
  one.title = fmt::format("Call {} of {} says {}", call, swept.method, swept.code);
  one.goal =
      "Whatever the library answers, the program ends, closes its set, and calls nothing a success "
      "that the statement does not.";
  one.group = "program.sweep";
  one.file = "return_codes.xml";
  one.tags = {"sweep"};
  one.clauses = {swept.clause};
  one.source = "seed:1,size:512K";
  one.aims = {"program/hang", "program/false-success", "program/closed"};
  one.no_bug = "it is made of the rules";
  ClientJob job;
  job.inject = fmt::format("{}#{}={}", swept.method, call, swept.code);
  one.jobs.push_back(std::move(job));
  return one;
}

}  // namespace

std::vector<SweptCode> SweptCodes(const Rules& rules) {
  std::vector<SweptCode> codes;
  for (const SweptMethod& method : Methods()) {
    for (const ReturnCode* row : rules.CodesOf(Side::kClient, method.name, Platform::kLinux)) {
      if (!IsLegal(rules, method, row->code)) continue;
      codes.push_back({.method = method.name, .code = row->code, .clause = row->clause});
    }
    AddMachineFailures(rules, method.name, &codes);
  }
  return codes;
}

std::vector<ClientScenario> SweepScenarios(const Rules& rules) {
  std::vector<ClientScenario> scenarios;
  for (const SweptCode& swept : SweptCodes(rules)) {
    for (const SweptMethod& method : Methods()) {
      if (method.name != swept.method) continue;
      for (const int call : method.calls) scenarios.push_back(ScenarioOf(swept, call));
    }
  }
  return scenarios;
}

}  // namespace conform
