#include "conformance/client_suite/budget.h"

#include <algorithm>

namespace conform {
namespace {

struct Candidate {
  const std::string* id;
  double seconds;
  const std::set<std::string>* bugs;
};

size_t CountNew(const Candidate& candidate, const std::set<std::string>& caught) {
  return static_cast<size_t>(
      std::count_if(candidate.bugs->begin(), candidate.bugs->end(),
                    [&](const std::string& bug) { return caught.count(bug) == 0; }));
}

// The best of those that fit, or the end.
std::vector<Candidate>::iterator FindBest(std::vector<Candidate>& left,
                                          const std::set<std::string>& caught, double seconds) {
  auto best = left.end();
  double best_yield = 0;
  for (auto one = left.begin(); one != left.end(); ++one) {
    if (one->seconds > seconds) continue;
    const double yield = static_cast<double>(CountNew(*one, caught)) / one->seconds;
    if (yield <= best_yield) continue;
    best = one;
    best_yield = yield;
  }
  return best;
}

}  // namespace

std::vector<std::string> ChooseForBudget(std::span<const std::string> cases, const Yields& yields,
                                         double seconds) {
  constexpr double kShortest = 0.001;  // nothing takes no time
  static const std::set<std::string> kNothing;
  std::vector<Candidate> left;
  for (const std::string& id : cases) {
    const auto found = yields.find(id);
    if (found == yields.end()) {
      left.push_back({&id, kUnmeasuredSeconds, &kNothing});
    } else {
      left.push_back({&id, std::max(found->second.seconds, kShortest), &found->second.bugs});
    }
  }
  std::vector<std::string> chosen;
  std::set<std::string> caught;
  for (auto best = FindBest(left, caught, seconds); best != left.end();
       best = FindBest(left, caught, seconds)) {
    chosen.push_back(*best->id);
    caught.insert(best->bugs->begin(), best->bugs->end());
    seconds -= best->seconds;
    left.erase(best);
  }
  std::stable_sort(left.begin(), left.end(),
                   [](const Candidate& a, const Candidate& b) { return a.seconds < b.seconds; });
  for (const Candidate& one : left) {
    if (one.seconds > seconds) break;
    chosen.push_back(*one.id);
    seconds -= one.seconds;
  }
  return chosen;
}

}  // namespace conform
