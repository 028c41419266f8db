#include "simulator/base/instance_name.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "simulator/base/utf16.h"

namespace vdisim {
namespace {

constexpr size_t kInstanceNameMax = 16;  // UTF-16 units, as SQL Server Setup counts

constexpr bool IsLetter(char16_t c) {
  return (c >= u'A' && c <= u'Z') || (c >= u'a' && c <= u'z') || c >= 0x80;
}
constexpr bool MayStart(char16_t c) { return IsLetter(c) || c == u'_'; }
constexpr bool MayFollow(char16_t c) {
  return MayStart(c) || (c >= u'0' && c <= u'9') || c == u'$' || c == u'#';
}

std::string UpperCase(std::string_view name) {
  std::string upper(name);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

}  // namespace

Result<std::string> InstanceOfName(std::string_view name) {
  if (name.empty()) return std::string();
  const std::optional<std::u16string> text = Utf16FromUtf8(name);
  if (!text || text->size() > kInstanceNameMax || !MayStart(text->front()) ||
      !std::all_of(text->begin() + 1, text->end(), MayFollow)) {
    return kInstanceName;
  }
  std::string upper = UpperCase(name);
  if (upper == "MSSQLSERVER") return std::string();
  return upper;
}

}  // namespace vdisim
