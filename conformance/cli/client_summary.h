// What stands at the end of a run of a client program, for its vendor: what could not be judged,
// how the program used the interface, whether it is good, and what to do next. Texts of whole
// lines. Pure.
#ifndef CONFORMANCE_CLI_CLIENT_SUMMARY_H_
#define CONFORMANCE_CLI_CLIENT_SUMMARY_H_

#include <map>
#include <string>

#include "conformance/watch/check_list.h"
#include "conformance/watch/scoreboard.h"
#include "reports/report_model.h"

namespace conform {

// lacking: how many cases were skipped for want of these capabilities ("stripes, restore").
std::string LacksText(const std::map<std::string, int>& lacking);

// starts: of the program; nothing is told of none. score: of them all together.
std::string UseText(int starts, const Scoreboard& score);

// The verdict comes last, because that is what stays on the screen: the first cause of each case
// that is not green, most frequent first, each with what a good program does.
std::string VerdictText(const reports::Run& run, const std::string& name,
                        const WatchChecks& checks);

}  // namespace conform

#endif  // CONFORMANCE_CLI_CLIENT_SUMMARY_H_
