// How a scenario expects a code that a call once returned. Pure.
#ifndef CONFORMANCE_TRACES_EXPECTED_CODES_H_
#define CONFORMANCE_TRACES_EXPECTED_CODES_H_

#include <cstdint>
#include <string>

#include "conformance/rules/rules.h"

namespace conform {

struct ExpectedCodes {
  std::string text;    // for expect="...": the code, or all documented ones if it is not listed
  std::string clause;  // of its row; empty if it has none
  std::string actual;  // the name of the code
  bool listed = true;  // whether a document or a reading lets the method return it
};

// platform: that of the face, for the row whose clause is named.
ExpectedCodes ExpectedCodesOf(const Rules& rules, Side side, Platform platform,
                              const std::string& method, int32_t code);

}  // namespace conform

#endif  // CONFORMANCE_TRACES_EXPECTED_CODES_H_
