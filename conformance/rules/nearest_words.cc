#include "conformance/rules/nearest_words.h"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <utility>

namespace conform {
namespace {

char Lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

bool BeginsWith(std::string_view word, std::string_view begin) {
  return word.size() >= begin.size() &&
         std::equal(begin.begin(), begin.end(), word.begin(),
                    [](char a, char b) { return Lower(a) == Lower(b); });
}

}  // namespace

std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = diagonal + (Lower(a[i]) == Lower(b[j]) ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, diagonal + 1});
    }
  }
  return row[b.size()];
}

std::vector<std::string> NearestWords(std::string_view word, const std::vector<std::string>& words,
                                      std::size_t count_max) {
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const std::string& one : words) {
    const std::size_t distance = EditDistance(word, one);
    const bool begins = !word.empty() && BeginsWith(one, word);
    // What was begun and not finished is nearer than any misspelling.
    if (begins || distance * 2 <= one.size()) near.emplace_back(begins ? 0 : distance, one);
  }
  std::stable_sort(near.begin(), near.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> found;
  for (auto& [distance, one] : near) {
    if (found.size() == count_max) break;
    found.push_back(std::move(one));
  }
  return found;
}

}  // namespace conform
