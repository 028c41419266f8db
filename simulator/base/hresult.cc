#include "simulator/base/hresult.h"

#include <array>
#include <cstdio>

namespace vdisim {
namespace {

struct NamedCode {
  HResult code;
  std::string_view name;
};

constexpr std::array<NamedCode, 16> kNamedCodes = {{
    {kOk, "NOERROR"},
    {kNotOpen, "VD_E_NOTOPEN"},
    {kTimeout, "VD_E_TIMEOUT"},
    {kAbort, "VD_E_ABORT"},
    {kSecurity, "VD_E_SECURITY"},
    {kInvalid, "VD_E_INVALID"},
    {kInstanceName, "VD_E_INSTANCE_NAME"},
    {kNotSupported, "VD_E_NOTSUPPORTED"},
    {kMemory, "VD_E_MEMORY"},
    {kUnexpected, "VD_E_UNEXPECTED"},
    {kProtocol, "VD_E_PROTOCOL"},
    {kOpen, "VD_E_OPEN"},
    {kClose, "VD_E_CLOSE"},
    {kQueueFull, "VD_E_BUSY"},
    // G-01: a second name for the same number; the first one found is printed.
    {kQueueFull, "VD_E_QUEUE_FULL"},
    {kOk, "S_OK"},
}};

std::string Hex(HResult hr) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "0x%08X", static_cast<unsigned>(hr.value()));
  return text.data();
}

}  // namespace

std::string HResult::name() const {
  for (const NamedCode& named : kNamedCodes) {
    if (named.code == *this) return std::string(named.name);
  }
  return Hex(*this);
}

std::string HResult::ToString() const {
  const std::string text = name();
  return text.starts_with("0x") ? text : text + " (" + Hex(*this) + ")";
}

bool ParseHResultName(std::string_view name, HResult* code) {
  for (const NamedCode& named : kNamedCodes) {
    if (named.name == name) {
      *code = named.code;
      return true;
    }
  }
  return false;
}

}  // namespace vdisim
