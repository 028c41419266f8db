// Compares what a step brought with what it should bring. A code is compared twice: with the codes
// that the step takes, and with the documented set of its method. Pure but for the record.
#ifndef CONFORMANCE_RUNNER_JUDGE_H_
#define CONFORMANCE_RUNNER_JUDGE_H_

#include <nlohmann/json.hpp>

#include "conformance/rules/rules.h"
#include "conformance/runner/case_record.h"
#include "conformance/scenario/scenario.h"
#include "simulator/base/hresult.h"

namespace conform {

using Json = nlohmann::json;

// A number of a scenario, and what a finding calls it.
struct ShownNumber {
  int64_t number = 0;
  std::string text;
  bool changes_each_time = false;  // an address, a handle: no finding shows it
};

class Judge {
 public:
  // platform: whose documents hold for the client's calls.
  Judge(const Rules& rules, Platform platform, bool strict, CaseRecord* record)
      : rules_(rules), platform_(platform), strict_(strict), record_(record) {}

  // Each returns whether the step held; false means that what it should have given is missing.
  bool Code(const Step& step, vdisim::HResult actual) const;
  // Whether a pointer was given exactly when the code says so, for the methods that give one; a
  // driver that does not tell is not asked.
  bool Given(const Step& step, vdisim::HResult code, const Json& out) const;
  bool Bytes(const Step& step, const Json& out) const;
  // relation: "equals", "differs", "below", "above", "multiple-of".
  bool Value(const Step& step, const std::string& relation, const ShownNumber& left,
             const ShownNumber& right) const;
  bool Completion(const Step& step, const Json& out, int64_t completion,
                  std::optional<int64_t> bytes, std::optional<int64_t> position) const;

  // How a statement ended, and whether the messages came that the step names.
  bool Statement(const Step& step, const Json& out) const;
  // Whether as many calls as the step names waited on the clock of the set.
  bool Waiting(const Step& step, int64_t calls, bool waited) const;

 private:
  void DocumentedSet(const Step& step, vdisim::HResult actual) const;
  bool Report(const Step& step, bool held, const Observation& observation) const;

  const Rules& rules_;
  const Platform platform_;
  const bool strict_;
  CaseRecord* const record_;
};

}  // namespace conform

#endif  // CONFORMANCE_RUNNER_JUDGE_H_
