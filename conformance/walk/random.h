// Chance from a seed. The standard fixes the numbers of its engine but not those of its
// distributions: a seed must mean the same walk on every machine. One thread.
#ifndef CONFORMANCE_WALK_RANDOM_H_
#define CONFORMANCE_WALK_RANDOM_H_

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <random>
#include <vector>

namespace conform {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  // 0 to limit - 1; limit is at least 1.
  std::uint64_t Below(std::uint64_t limit) { return engine_() % limit; }
  // first to last, both included.
  int Between(int first, int last) {
    return first + static_cast<int>(Below(static_cast<std::uint64_t>(last - first) + 1));
  }
  bool Chance(unsigned percent) { return Below(100) < percent; }
  // An index, each as likely as its weight is large. At least one weight is not 0.
  std::size_t Pick(const std::vector<std::uint64_t>& weights) {
    std::uint64_t left = Below(std::accumulate(weights.begin(), weights.end(), std::uint64_t{0}));
    std::size_t index = 0;
    while (left >= weights[index]) left -= weights[index++];
    return index;
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace conform

#endif  // CONFORMANCE_WALK_RANDOM_H_
