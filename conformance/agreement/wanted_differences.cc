#include "conformance/agreement/wanted_differences.h"

#include "simulator/base/hresult.h"

namespace conform {
namespace {

constexpr std::uint32_t Number(vdisim::HResult code) {
  return static_cast<std::uint32_t>(code.value());
}

WantedDifference Wanted(Side side, std::string_view method, State state, vdisim::HResult code,
                        std::string_view clause, std::string_view why) {
  return {side, method, state, Number(code), std::nullopt, clause, why};
}

}  // namespace

const std::vector<WantedDifference>& WantedDifferences() {
  constexpr std::string_view kAllOpen =
      "the table has VD_E_PROTOCOL; the page's VD_E_OPEN is the more precise answer";
  constexpr std::string_view kPageSaysAbort =
      "the table has VD_E_PROTOCOL; the page of the method VD_E_ABORT";
  static const std::vector<WantedDifference> kDifferences = {
      Wanted(Side::kClient, "OpenDevice", State::kActive, vdisim::kOpen, "G-08", kAllOpen),
      Wanted(Side::kServer, "OpenDevice", State::kActive, vdisim::kOpen, "G-08", kAllOpen),
      Wanted(Side::kClient, "GetCommand", State::kInitializing, vdisim::kTimeout, "G-09",
             "the table has VD_E_PROTOCOL; a device that is open waits until the set is Active"),
      Wanted(Side::kServer, "FreeBuffer", State::kConnected, vdisim::kProtocol, "G-11",
             "the table has NOERROR there, copied from the column Active"),
      Wanted(Side::kServer, "BeginConfiguration", State::kAbort, vdisim::kAbort, "G-12",
             kPageSaysAbort),
      Wanted(Side::kServer, "RequestBuffers", State::kAbort, vdisim::kAbort, "G-12",
             kPageSaysAbort),
      Wanted(Side::kServer, "EndConfiguration", State::kAbort, vdisim::kAbort, "G-12",
             kPageSaysAbort),
      {Side::kClient, "", State::kInitializing, 0, State::kConfigurable, "G-06",
       "the oracle lets a client leave Configurable when it is told of the configuration, the "
       "simulator's table when the server has completed it"},
  };
  return kDifferences;
}

std::string Describe(const WantedDifference& difference) {
  std::string text(Name(difference.side));
  if (!difference.method.empty()) text += "." + std::string(difference.method);
  text += " in " + std::string(Name(difference.state));
  if (difference.seen_as) {
    text += ": " + std::string(Name(*difference.seen_as));
  } else {
    text += ": " + vdisim::HResult(static_cast<std::int32_t>(difference.code)).name();
  }
  return text + " (" + std::string(difference.clause) + ")";
}

const WantedDifference* FindAnswer(Side side, std::string_view method, State state,
                                   std::uint32_t code) {
  for (const WantedDifference& one : WantedDifferences()) {
    if (!one.seen_as && one.side == side && one.method == method && one.state == state &&
        one.code == code) {
      return &one;
    }
  }
  return nullptr;
}

const WantedDifference* FindState(Side side, State state, State seen_as) {
  for (const WantedDifference& one : WantedDifferences()) {
    if (one.seen_as == seen_as && one.side == side && one.state == state) return &one;
  }
  return nullptr;
}

}  // namespace conform
