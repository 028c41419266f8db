// Chooses cases by what a person types: a case, a scenario, a glob, case:X, tag:X, clause:X,
// method:X, face:X, and any of them behind not:. An id is also that of a scenario where the
// scenario has no table, and takes its cases on both faces; case:X is never more than one. A
// selector that matches nothing is a mistake, never a green run. Pure.
#ifndef CONFORMANCE_RUNNER_SELECTOR_H_
#define CONFORMANCE_RUNNER_SELECTOR_H_

#include <string>
#include <string_view>
#include <vector>

#include "conformance/scenario/scenario.h"

namespace conform {

struct Selection {
  std::vector<const Case*> cases;      // in the order of the suite, each once
  std::vector<std::string> unmatched;  // selectors that chose nothing
};

// Takes what any selector matches, all cases if there is none, and leaves out what is behind not:.
Selection Select(const Suite& suite, const std::vector<std::string>& selectors);

bool Matches(const Case& one, std::string_view selector);

// Whether `selectors` choose this case.
bool Chosen(const Case& one, const std::vector<std::string>& selectors);

// Whether selectors choose some of the cases, by what stands in their heads alone: none names a
// clause or a method, which only steps tell.
bool ChooseByHeads(const std::vector<std::string>& selectors);

// Where a selector matches nothing: the one that takes all ids below it, as in a group's name with
// .* behind it. Empty: there are none.
std::string Below(const Suite& suite, const std::string& selector);

// What takes this case and no other one.
std::string SelectorOf(const Case& one);

// Whether `text` is of the form of `pattern`, in which * stands for any characters and ? for one.
bool MatchesGlob(std::string_view pattern, std::string_view text);

}  // namespace conform

#endif  // CONFORMANCE_RUNNER_SELECTOR_H_
