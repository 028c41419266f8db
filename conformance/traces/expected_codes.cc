#include "conformance/traces/expected_codes.h"

#include <fmt/format.h>

#include <set>

#include "simulator/base/hresult.h"

namespace conform {
namespace {

// The reading that accepts the code; null if there is none.
const Reading* AcceptedBy(const Rules& rules, Side side, const std::string& method,
                          uint32_t value) {
  for (const Rules::RulingOf& of : rules.RulingsOf(side, method)) {
    for (const std::string& name : of.ruling->accept) {
      if (rules.CodeValue(name) == value) return of.reading;
    }
  }
  return nullptr;
}

}  // namespace

ExpectedCodes ExpectedCodesOf(const Rules& rules, Side side, Platform platform,
                              const std::string& method, int32_t code) {
  const auto value = static_cast<uint32_t>(code);
  ExpectedCodes expected;
  expected.actual = vdisim::HResult(code).ToString();
  expected.text = std::string(vdisim::HResult(code).name());
  if (expected.text.empty() || expected.text.find(' ') != std::string::npos) {
    expected.text = fmt::format("0x{:08X}", value);
  }
  if (method == "IsSharedBuffer") {
    expected.text = code == 0 ? "FALSE" : "TRUE";
    return expected;
  }
  const std::vector<const ReturnCode*> rows = rules.CodesOf(side, method, platform);
  for (const ReturnCode* row : rows) {
    if (row->value == value && expected.clause.empty()) expected.clause = row->clause;
  }
  const Reading* const reading = AcceptedBy(rules, side, method, value);
  expected.listed = rows.empty() || reading != nullptr || rules.IsDocumented(side, method, value);
  if (expected.clause.empty() && reading != nullptr) expected.clause = reading->id;
  if (expected.listed) return expected;
  expected.text.clear();
  std::set<std::string> named;
  for (const ReturnCode* row : rows) {
    if (!named.insert(row->code).second) continue;
    expected.text += (expected.text.empty() ? "" : " ") + row->code;
  }
  expected.clause = rows.front()->clause;
  return expected;
}

}  // namespace conform
