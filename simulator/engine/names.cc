#include "simulator/engine/names.h"

#include <fmt/format.h>

#include "simulator/base/utf16.h"
#include "simulator/engine/checksum.h"

namespace vdisim {
namespace {

bool IsEvenCapital(char16_t c) {
  // Latin Extended-A writes its pairs as capital, small; two stretches begin at an odd number.
  if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E)) return c % 2 == 1;
  if (c == 0x130 || c == 0x131 || c == 0x138 || c == 0x149 || c == 0x178 || c == 0x17F) {
    return false;
  }
  return ((c >= 0x100 && c <= 0x17F) || (c >= 0x460 && c <= 0x481)) && c % 2 == 0;
}

char16_t Small(char16_t c) {
  if (c >= u'A' && c <= u'Z') return static_cast<char16_t>(c + 0x20);
  if (c >= 0xC0 && c <= 0xDE && c != 0xD7) return static_cast<char16_t>(c + 0x20);
  if (c >= 0x391 && c <= 0x3AB && c != 0x3A2) return static_cast<char16_t>(c + 0x20);
  if (c >= 0x410 && c <= 0x42F) return static_cast<char16_t>(c + 0x20);
  if (c >= 0x400 && c <= 0x40F) return static_cast<char16_t>(c + 0x50);
  return IsEvenCapital(c) ? static_cast<char16_t>(c + 1) : c;
}

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

}  // namespace

std::string FoldCase(std::string_view utf8) {
  auto wide = Utf16FromUtf8(utf8);
  if (!wide) return std::string(utf8);
  for (char16_t& c : *wide) c = Small(c);
  return Utf8FromUtf16(*wide).value_or(std::string(utf8));
}

std::string FileNameFor(std::string_view database) {
  constexpr size_t kMost = 160;
  std::string name;
  for (const char c : database) {
    if (IsPlain(c)) {
      name.push_back(c);
    } else {
      name += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  if (name.size() <= kMost) return name;
  const auto* bytes = reinterpret_cast<const uint8_t*>(database.data());
  return fmt::format("{}-{:08x}", name.substr(0, kMost), Crc32c::Of({bytes, database.size()}));
}

}  // namespace vdisim
