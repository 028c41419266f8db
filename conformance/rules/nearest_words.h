// Finds what somebody may have meant.
#ifndef CONFORMANCE_RULES_NEAREST_WORDS_H_
#define CONFORMANCE_RULES_NEAREST_WORDS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace conform {

// How many characters have to be added, left out or changed; upper and lower case are the same.
std::size_t EditDistance(std::string_view a, std::string_view b);

// At most `count_max` of `words`, the nearest first and those of one distance in their order; none
// that has more than half of it different, unless it begins with `word`.
std::vector<std::string> NearestWords(std::string_view word, const std::vector<std::string>& words,
                                      std::size_t count_max);

}  // namespace conform

#endif  // CONFORMANCE_RULES_NEAREST_WORDS_H_
