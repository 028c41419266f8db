// Mutation of the tables: what the recorded suite says when one code of the rules is another.
//
// A flip replaces one code of return_codes.xml or transitions.xml. It is noticed when a case in
// which the true rules find nothing has a finding: the oracle refuses a return, or a code is
// outside the documented set of its method. A flip that nobody notices is a survivor: either the
// suite lacks a case, or another statement says the same, and survivors.xml gives that as the
// reason.
#ifndef CONFORMANCE_TABLE_MUTATION_FLIPS_H_
#define CONFORMANCE_TABLE_MUTATION_FLIPS_H_

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "conformance/rules/rules.h"
#include "conformance/table_mutation/recording.h"

namespace conform {

struct Flip {
  CodePosition position;
  std::string to;                   // the code that stands there instead
  std::vector<CalledMethod> about;  // the methods whose calls it may change the verdict of
  // Why no call can show it, as the rules themselves have it: the cell is unreachable, the code is
  // one of no method. Empty: a call may.
  std::string beyond;

  // What came of it.
  std::size_t noticed_by = 0;  // cases
  std::string first_case;      // the first of them, by name
  std::string finding;         // and the first thing found there
};

// One flip for each code of both files. The code that comes in is the next one of codes.xml that
// has a number of its own, is no other answer of that cell or row of that method, and is not taken
// there by a reading: what the flipped rules say is wrong, and not merely less.
std::vector<Flip> AllFlips(const Rules& rules);

// Judges the recordings anew for each flip, on so many threads. Recordings in which the rules find
// something are left out.
std::vector<Flip> Judge(const Rules& rules, const std::vector<Recording>& recordings,
                        std::vector<Flip> flips, std::size_t threads);

// A survivor that is foreseen, by Describe of its position, and why nobody can notice it.
using Survivors = std::map<std::string, std::string>;
// Throws RulesError, with the place in the file, for a position that is none, that stands there
// twice, or has no reason.
Survivors ReadSurvivors(const Rules& rules, const std::string& file);

// What is wrong with the outcome: a survivor without a reason, a reason for a flip that was
// noticed, or less noticed of all flips than must be. Empty: nothing.
std::vector<std::string> Complaints(const std::vector<Flip>& flips, const Survivors& survivors);
inline constexpr double kShareNoticed = 0.95;

// The outcome as Markdown.
std::string FlipTable(const std::vector<Flip>& flips, const Survivors& survivors);
// "284 of 300 flips are noticed (94.7 %), of the 290 that a call can show (97.9 %)".
std::string FlipSummary(const std::vector<Flip>& flips);

}  // namespace conform

#endif  // CONFORMANCE_TABLE_MUTATION_FLIPS_H_
