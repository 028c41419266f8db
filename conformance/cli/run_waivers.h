// The file of waivers of a run: read before it, used in it, and rewritten after it if asked for.
#ifndef CONFORMANCE_CLI_RUN_WAIVERS_H_
#define CONFORMANCE_CLI_RUN_WAIVERS_H_

#include <optional>
#include <string>

#include "conformance/runner/waivers.h"
#include "reports/report_model.h"

namespace conform {

class RunWaivers {
 public:
  // file: "" if there is none. fix: rewrite it after the run; it need not exist then, and may have
  // entries that match nothing. list: the command that names the cases. Throws ScenarioError when
  // it cannot be used, which names file, line and what was expected.
  RunWaivers(const std::string& file, bool fix, const Suite& suite, const char* list);

  WaiverBook* book() { return book_ ? &*book_ : nullptr; }

  // After the run: rewrites the file, unless the run was interrupted and so knows too little.
  // Returns what a person should read: what is blind, and what became of the file.
  std::string Finish(const reports::Run& run, bool whole) const;

 private:
  const bool fix_;
  SourceText source_;
  std::optional<WaiverBook> book_;
};

}  // namespace conform

#endif  // CONFORMANCE_CLI_RUN_WAIVERS_H_
