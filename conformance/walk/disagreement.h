// What a walk is after: a call that did something that the rules do not allow. Values.
#ifndef CONFORMANCE_WALK_DISAGREEMENT_H_
#define CONFORMANCE_WALK_DISAGREEMENT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "conformance/rules/rules.h"

namespace conform {

enum class DisagreementKind {
  kCode,          // the rules accept other codes here
  kUndocumented,  // no document lets the method return the code
  kDied,          // the process crashed, left or answered nonsense
  kHung,          // the call did not return, although nothing was left to wait for
  kUnreported,    // the server never learned of a completion
};

struct Disagreement {
  DisagreementKind kind = DisagreementKind::kCode;
  std::string actor;
  Side side = Side::kClient;
  std::string method;                 // empty: at the end of the process
  std::uint32_t code = 0;             // of kCode and kUndocumented
  std::vector<std::string> accepted;  // names of codes
  std::string clause;
  std::string state;   // what the oracle knew: "Active"; empty: nothing
  std::string actual;  // in words: "VD_E_CLOSE (0x80770004)", "the process of primary ..."
  // What it rests on is not documented: it only fails who asks for that.
  bool warning = false;
  // Trouble of ours rather than of the subject: the bundled server interface died or hung.
  bool ours = false;

  // Whether the other one shows the same fault.
  bool SameAs(const Disagreement& other) const {
    return kind == other.kind && side == other.side && method == other.method && code == other.code;
  }
};

}  // namespace conform

#endif  // CONFORMANCE_WALK_DISAGREEMENT_H_
