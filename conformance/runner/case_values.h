// What a running case knows: the values that its steps saved and the real names of its device sets.
// It turns a step of a scenario into a request of the driver protocol. One thread.
#ifndef CONFORMANCE_RUNNER_CASE_VALUES_H_
#define CONFORMANCE_RUNNER_CASE_VALUES_H_

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "conformance/scenario/scenario.h"
#include "simulator/base/clock.h"

namespace conform {

using Json = nlohmann::json;

// Trouble of ours in the middle of a step; the case ends as an error.
struct HarnessTrouble {
  std::string what;
};

// A fresh name for each device set, such as "vdi-conform-4711-9f3c-12-main". Any thread.
std::string UniqueSetName(const std::string& set);

class CaseValues {
 public:
  // timeout: how long an actor may take for one step.
  CaseValues(const Case& one, vdisim::Timeout timeout);

  // `text` with the saved values put in.
  std::string Resolve(const std::string& text) const;
  // The scenario's name of the set with this real name; empty if there is none.
  std::string SetNamed(const std::string& real) const;
  // `text` as a finding shows it: values are put in, but not what is another number each time, such
  // as an address, a handle or the name of a set. Their names stay, so that two runs tell the same.
  std::string Show(const std::string& text) const;
  // Whether an expression rests on such a value.
  bool ChangesEachTime(const std::string& text) const;
  // The value of an expression. Throws HarnessTrouble if it is none.
  int64_t Number(const std::string& text) const;
  // Keeps the numbers among `out` under the step's name, if it saves any.
  void Save(const Step& step, const Json& out);
  // {"op":"call",...} without its id. Throws HarnessTrouble.
  Json CallRequest(const Step& step) const;
  // The same of <fill>, <bytes> and <address>, and of other steps.
  Json BytesRequest(const Step& step, const char* op) const;
  Json CompletedRequest(const Step& step) const;
  Json ReleaseRequest(const Step& step) const;
  Json AdvanceRequest(const Step& step) const;
  Json SqlRequest(const Step& step) const;
  Json ServeRequest(const Step& step) const;

 private:
  Json Argument(const ArgumentSpec& spec, const std::string& text) const;
  std::string DeviceName(const Step& step) const;
  // What an actor may wait for within a step, in milliseconds.
  int64_t PatienceMs() const { return timeout_.length() / std::chrono::milliseconds(2); }

  const Case& case_;
  const vdisim::Timeout timeout_;
  std::map<std::string, std::string> set_names_;
  std::map<std::string, std::string> values_;
  std::set<std::string, std::less<>> changing_;  // names among values_
};

}  // namespace conform

#endif  // CONFORMANCE_RUNNER_CASE_VALUES_H_
