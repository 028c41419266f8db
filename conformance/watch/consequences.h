// One bug, one finding: leaves out what follows from another finding, so that the first that is
// told is the cause. Pure.
#ifndef CONFORMANCE_WATCH_CONSEQUENCES_H_
#define CONFORMANCE_WATCH_CONSEQUENCES_H_

#include <vector>

#include "conformance/watch/watch.h"

namespace conform {

// Findings in the order of their time; those that remain keep it. A warning explains nothing that
// fails.
std::vector<WatchFinding> WithoutConsequences(std::vector<WatchFinding> findings);

}  // namespace conform

#endif  // CONFORMANCE_WATCH_CONSEQUENCES_H_
