#include "conformance/runner/documented_codes.h"

#include <algorithm>

namespace conform {
namespace {

// What a reading says about an answer that is in no table.
enum class Ruled { kNothing, kTaken, kTakenWithWarning };

Ruled RuledAbout(const Rules& rules, Side side, std::string_view method, Platform platform,
                 std::uint32_t code) {
  Ruled ruled = Ruled::kNothing;
  for (const Rules::RulingOf& of : rules.RulingsOf(side, method)) {
    if (!AppliesTo(of.ruling->platform, platform)) continue;
    const bool named =
        std::any_of(of.ruling->accept.begin(), of.ruling->accept.end(),
                    [&](const std::string& name) { return rules.CodeValue(name) == code; });
    if (!named) continue;
    if (!of.ruling->as_warning) return Ruled::kTaken;
    ruled = Ruled::kTakenWithWarning;
  }
  return ruled;
}

}  // namespace

Foundation FoundationOf(const Rules& rules, Side side, std::string_view method, Platform platform,
                        std::uint32_t code) {
  if (rules.CodesOf(side, method, platform).empty()) return Foundation::kSilent;
  if (rules.IsDocumented(side, method, code, platform)) return Foundation::kDocumented;
  switch (RuledAbout(rules, side, method, platform, code)) {
    case Ruled::kTaken:
      return Foundation::kDocumented;
    case Ruled::kTakenWithWarning:
      return Foundation::kWarned;
    case Ruled::kNothing:
      break;
  }
  return rules.IsEnvironmentCode(code) ? Foundation::kEnvironment : Foundation::kNone;
}

}  // namespace conform
