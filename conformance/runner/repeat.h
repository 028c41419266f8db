// Runs a case several times and makes one result of it, so that the ids of a report stay the same
// however often a case ran. The worst repetition counts; a case whose repetitions differ fails the
// check "runner/stable" as well, which says how each of them ended.
#ifndef CONFORMANCE_RUNNER_REPEAT_H_
#define CONFORMANCE_RUNNER_REPEAT_H_

#include <functional>
#include <vector>

#include "conformance/runner/case_record.h"

namespace conform {

// Runs it `times` times, at least once, and no more once `enough` says so of the last result.
CaseResult Repeat(int times, const std::function<CaseResult()>& run,
                  const std::function<bool(const CaseResult&)>& enough);

// Makes one result of at least one.
CaseResult JoinRepetitions(std::vector<CaseResult> results);

}  // namespace conform

#endif  // CONFORMANCE_RUNNER_REPEAT_H_
