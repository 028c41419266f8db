#include "conformance/rules/wrap_text.h"

#include <algorithm>

namespace conform {
namespace {

// Characters, not bytes: continuation bytes of UTF-8 do not count.
std::size_t Width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80;
  }));
}

}  // namespace

std::string WrapText(std::string_view text, std::string_view first, std::string_view others,
                     std::size_t columns) {
  std::string out;
  std::string line(first);
  bool line_is_empty = true;
  while (!text.empty()) {
    const std::size_t begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos) break;
    text.remove_prefix(begin);
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    if (!line_is_empty && Width(line) + 1 + Width(word) > columns) {
      out += line + '\n';
      line = others;
      line_is_empty = true;
    }
    if (!line_is_empty) line += ' ';
    line += word;
    line_is_empty = false;
  }
  return out + line + '\n';
}

}  // namespace conform
