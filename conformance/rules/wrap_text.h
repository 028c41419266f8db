// Prose for the console.
#ifndef CONFORMANCE_RULES_WRAP_TEXT_H_
#define CONFORMANCE_RULES_WRAP_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace conform {

inline constexpr std::size_t kColumns = 100;

// `text` in lines of at most `columns` characters, the first after `first`, the others after
// `others`; each ends with a line end. A longer word has a line of its own.
std::string WrapText(std::string_view text, std::string_view first, std::string_view others,
                     std::size_t columns = kColumns);

}  // namespace conform

#endif  // CONFORMANCE_RULES_WRAP_TEXT_H_
