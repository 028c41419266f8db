// Whether a code is one that the documents of a method foresee, whatever else is known of the call.
// Pure.
#ifndef CONFORMANCE_RUNNER_DOCUMENTED_CODES_H_
#define CONFORMANCE_RUNNER_DOCUMENTED_CODES_H_

#include <cstdint>
#include <string_view>

#include "conformance/rules/rules.h"

namespace conform {

enum class Foundation {
  kSilent,       // the method has no page on that platform
  kDocumented,   // its page has the code, or a reading takes it as well
  kWarned,       // a reading takes it, with a warning (G-03)
  kEnvironment,  // a failure of the machine, not an answer about the call (G-04)
  kNone,         // nothing foresees it
};

Foundation FoundationOf(const Rules& rules, Side side, std::string_view method, Platform platform,
                        std::uint32_t code);

}  // namespace conform

#endif  // CONFORMANCE_RUNNER_DOCUMENTED_CODES_H_
