// Joins the results of several runs, such as the shards of one, into one run. What is missing, what
// stands there twice and what did not finish becomes a case of its own in the group "merge", with
// the outcome kError: a merged report is never greener than its parts. Pure.
#ifndef REPORTS_MERGE_H_
#define REPORTS_MERGE_H_

#include <string>
#include <string_view>
#include <vector>

#include "reports/report_model.h"

namespace reports {

struct MergeInput {
  std::string name;  // of the file
  Run run;
};

// A run from the text of an event log or of a JUnit file; the first character tells which. Throws
// std::invalid_argument that says what is wrong.
Run ReadResults(std::string_view text);

// Cases stand in the order in which the whole selection had them, as far as shards tell it. A case
// that stands in several inputs counts once, with its worst outcome. Seconds are those of the
// longest run, since shards run side by side.
Run Merge(const std::vector<MergeInput>& inputs);

}  // namespace reports

#endif  // REPORTS_MERGE_H_
