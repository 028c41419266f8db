// A scenario's cases, ready to run: parameters are put in, fixtures and repetitions unfolded, every
// name checked. What remains open are the values that steps save while they run. Immutable once
// loaded; pointers into a Suite live as long as it does.
#ifndef CONFORMANCE_SCENARIO_SCENARIO_H_
#define CONFORMANCE_SCENARIO_SCENARIO_H_

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/scenario/capabilities.h"
#include "conformance/scenario/face.h"
#include "conformance/scenario/method_table.h"
#include "simulator/base/hresult.h"

namespace conform {

// Where something is written down.
struct Place {
  std::string file;
  int line = 0;
};

enum class Role { kPrimary, kSecondary, kEngine, kSqlServer };
std::string_view Name(Role role);
constexpr Side SideOf(Role role) {
  return role == Role::kPrimary || role == Role::kSecondary ? Side::kClient : Side::kServer;
}

// A process of its own.
struct Actor {
  std::string name;
  Role role = Role::kPrimary;
  std::string set;  // the device set that its calls mean when they name none
  std::string instance =
      {};  // of its environment, for calls that name none (C-CRE-22); may be empty
};

enum class StepKind {
  kCall,       // calls a method; with `start`, does not wait for its return
  kAwait,      // waits for the return of a started call
  kFill,       // writes a pattern into a buffer
  kBytes,      // looks whether a buffer holds a pattern
  kAddress,    // saves the address of a buffer
  kValue,      // compares saved values
  kCompleted,  // waits until the completion agent reports a command
  kKill,       // ends an actor as a power cut would
  kEnd,        // ends an actor's process in order
  kAdvance,    // moves the virtual clock of a set
  kRelease,    // gives an object of the library back
  kSql,        // executes a statement; with `start`, does not wait for its end
  kServe,      // completes the commands of a device until it says something else than NOERROR
};
std::string_view Name(StepKind kind);  // the element's name: "call"

struct Step {
  StepKind kind = StepKind::kCall;
  Place place;
  std::string actor;
  const MethodSpec* method = nullptr;            // of a call
  std::map<std::string, std::string> arguments;  // texts in which ${...} of saved values remain
  std::string object;                            // which set object of the process
  std::string save;                              // the name under which outputs are kept
  std::string into;                              // the name of the buffer or command that it gives
  std::string start;                             // the name of a call that goes on
  std::vector<vdisim::HResult> accepted;         // the codes that this step takes
  std::string outcome;                           // "success" or "failure", of a statement alone
  std::vector<int> messages;                     // numbers that must be among the statement's
  // The check that this step makes. A step of the setting has none in the scenario; its failure is
  // one all the same, under a name made of actor and method.
  std::string check;
  std::string clause;                // decides how well the check is founded
  std::vector<std::string> clauses;  // all that the check covers, `clause` first
  bool setting = true;
};

struct Case {
  std::string id;  // "handles.map.bytes-seen.write.64k", behind it "@com" on that face; stable
  std::string scenario;  // the scenario's id: "handles.map.bytes-seen"
  std::string title;     // one sentence, with the parameters
  std::string goal;
  std::string group;
  std::vector<std::string> tags;
  Face face = Face::kLinux;
  bool virtual_clock = false;  // sets run on a clock that only <advance> moves
  std::string no_mutant;       // why no subject with one bug can be caught; empty: one can
  std::vector<Actor> actors;
  std::vector<std::string> sets;
  std::vector<Step> steps;
  std::set<Capability> required;         // by its actors and steps
  std::vector<std::string> covers = {};  // clauses besides those of its steps
  Place place;

  const Actor& FindActor(std::string_view name) const;
  // Every clause that a check of this case stands for, and every method it calls.
  std::vector<std::string> Clauses() const;
  std::vector<std::string> Methods() const;
};

struct Suite {
  std::vector<Case> cases;

  const Case* Find(std::string_view id) const;
};

// "call primary GetBufferHandle buffer=c1", for reports and explanations.
std::string Describe(const Step& step);
// "NOERROR or VD_E_ABORT", with their numbers; "TRUE" for a method that answers so. method may be
// null.
std::string Describe(const MethodSpec* method, const std::vector<vdisim::HResult>& accepted);
std::string NameOfCode(const MethodSpec* method, vdisim::HResult code);
// What a step takes: "NOERROR or VD_E_ABORT"; "failure with message 3013" of a statement. Empty for
// a step that takes everything or goes on.
std::string DescribeExpectation(const Step& step);

}  // namespace conform

#endif  // CONFORMANCE_SCENARIO_SCENARIO_H_
