#include "reports/text.h"

#include <cmath>
#include <cstdint>

namespace reports {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

struct Decoded {
  std::uint32_t code_point = 0;
  std::size_t bytes = 1;
  bool valid = false;  // otherwise `bytes` is the maximal part that belongs together
};

// Decodes strictly: no overlong forms, no surrogates, nothing above U+10FFFF.
Decoded DecodeOne(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(0);
  if (first < 0x80) return {first, 1, true};
  std::size_t length = 0;
  std::uint8_t low = 0x80;
  std::uint8_t high = 0xBF;  // bounds of the second byte
  if (first >= 0xC2 && first <= 0xDF) {
    length = 2;
  } else if (first >= 0xE0 && first <= 0xEF) {
    length = 3;
    if (first == 0xE0) low = 0xA0;
    if (first == 0xED) high = 0x9F;
  } else if (first >= 0xF0 && first <= 0xF4) {
    length = 4;
    if (first == 0xF0) low = 0x90;
    if (first == 0xF4) high = 0x8F;
  } else {
    return {0, 1, false};
  }
  std::uint32_t value = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if (i >= text.size() || byte(i) < low || byte(i) > high) return {0, i, false};
    value = (value << 6) | (byte(i) & 0x3FU);
    low = 0x80;
    high = 0xBF;
  }
  return {value, length, true};
}

// U+2400 + n is the picture of control character n; DEL has its own.
void AppendPicture(std::string& out, std::uint32_t control) {
  const std::uint32_t low = control == 0x7F ? 0x21 : control;
  out += "\xE2\x90";
  out += static_cast<char>(0x80 + low);
}

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

// The largest cut not after `at` that does not divide a sequence of clean text.
std::size_t CutBefore(std::string_view text, std::size_t at) {
  while (at > 0 && (static_cast<std::uint8_t>(text[at]) & 0xC0U) == 0x80) --at;
  return at;
}

}  // namespace

std::string CleanText(std::string_view raw) {
  std::string out;
  out.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size();) {
    const Decoded one = DecodeOne(raw.substr(i));
    const std::size_t at = i;
    i += one.bytes;
    if (!one.valid || one.code_point == 0xFFFE || one.code_point == 0xFFFF) {
      out += kReplacement;
    } else if (one.code_point == '\r') {
      if (i >= raw.size() || raw[i] != '\n') out += '\n';
    } else if (one.code_point == 0x7F ||
               (one.code_point < 0x20 && one.code_point != '\t' && one.code_point != '\n')) {
      AppendPicture(out, one.code_point);
    } else {
      out += raw.substr(at, one.bytes);
    }
  }
  return out;
}

std::string OneLine(std::string_view raw, std::size_t bytes_max) {
  std::string line;
  bool blank_before = false;
  for (const char c : CleanText(raw)) {
    if (IsBlank(c)) {
      blank_before = true;
      continue;
    }
    if (blank_before && !line.empty()) line += ' ';
    blank_before = false;
    line += c;
  }
  if (line.size() <= bytes_max) return line;
  const std::size_t keep = bytes_max > kEllipsis.size() ? bytes_max - kEllipsis.size() : 0;
  line.resize(CutBefore(line, keep));
  line += kEllipsis;
  return line;
}

std::string Shorten(std::string_view raw, std::size_t bytes_max) {
  std::string text = CleanText(raw);
  if (text.size() <= bytes_max) return text;
  // The end tells more about a failure than the beginning.
  const std::size_t head = CutBefore(text, bytes_max / 4);
  const std::size_t tail = CutBefore(text, text.size() - (bytes_max - bytes_max / 4));
  return text.substr(0, head) + "\n[... " + std::to_string(tail - head) +
         " bytes left out; the event log has them ...]\n" + text.substr(tail);
}

std::string Indent(std::string_view text, std::string_view prefix) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    out += prefix;
    out += text.substr(0, end);
    if (end == std::string_view::npos) break;
    out += '\n';
    text.remove_prefix(end + 1);
  }
  return out;
}

std::string FormatSeconds(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0) seconds = 0;
  if (seconds > 1e9) seconds = 1e9;
  const auto milliseconds = static_cast<std::uint64_t>(std::llround(seconds * 1000));
  const std::string fraction = std::to_string(milliseconds % 1000);
  return std::to_string(milliseconds / 1000) + '.' + std::string(3 - fraction.size(), '0') +
         fraction;
}

}  // namespace reports
