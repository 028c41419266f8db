// What a check rests on, as a finding shows it: the text of a clause, its source, and how well it
// is founded. Pure.
#ifndef CONFORMANCE_RUNNER_REQUIREMENT_H_
#define CONFORMANCE_RUNNER_REQUIREMENT_H_

#include <string>
#include <string_view>

#include "conformance/rules/rules.h"

namespace conform {

struct Requirement {
  std::string clause;
  std::string text;
  std::string source;  // "HB-1sdh; LNX-2026 (documented)"
  Provenance provenance = Provenance::kRecommended;
};

// The requirement behind the id of a clause, of a return code's row, or of a reading. An unknown id
// gives one without text that cannot fail a subject.
Requirement FindRequirement(const Rules& rules, std::string_view id);

}  // namespace conform

#endif  // CONFORMANCE_RUNNER_REQUIREMENT_H_
