#include "conformance/runner/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>

#include "conformance/runner/documented_codes.h"

namespace conform {
namespace {

uint32_t Number(vdisim::HResult code) { return static_cast<uint32_t>(code.value()); }

bool Holds(const std::string& relation, int64_t left, int64_t right) {
  if (relation == "equals") return left == right;
  if (relation == "differs") return left != right;
  if (relation == "below") return left < right;
  if (relation == "above") return left > right;
  return right != 0 && left % right == 0;  // multiple-of
}

// What a value is that is not as it should be. A number that is another one in each run says
// nothing to a reader, and would make two runs differ: then only the relation is told.
std::string ActualValue(const std::string& relation, const ShownNumber& left,
                        const ShownNumber& right) {
  if (!left.changes_each_time) return fmt::format("{} ({:#x})", left.number, left.number);
  if (relation == "multiple-of") return "no multiple of it";
  if (left.number == right.number) return "the same value";
  return left.number < right.number ? "a smaller value" : "a larger value";
}

}  // namespace

bool Judge::Report(const Step& step, bool held, const Observation& observation) const {
  const std::string check = record_->CheckId(step);
  if (!held) {
    // Without its setting a case says nothing, whatever the setting rests on.
    const bool strict = strict_ || (step.setting && step.clause.empty());
    record_->Broken(check, step.clause, observation, step.place, strict);
  } else if (!step.setting) {
    record_->Held(check, step.clause);
  }
  return held;
}

bool Judge::Code(const Step& step, vdisim::HResult actual) const {
  if (step.method == nullptr) return true;
  const bool held =
      std::find(step.accepted.begin(), step.accepted.end(), actual) != step.accepted.end();
  // G-03: VD_E_NOTOPEN in the place of VD_E_PROTOCOL is taken, with a warning.
  const bool not_open = !held && actual == vdisim::kNotOpen &&
                        std::find(step.accepted.begin(), step.accepted.end(), vdisim::kProtocol) !=
                            step.accepted.end();
  if (not_open) {
    record_->Broken(record_->CheckId(step), "G-03",
                    {.expected = Describe(step.method, step.accepted),
                     .actual = actual.ToString(),
                     .problem = reports::Problem::kReturnCodeMismatch,
                     .note = {}},
                    step.place, strict_);
    return true;
  }
  std::string note;
  if (step.setting && step.method->side == Side::kServer) {
    note = fmt::format(
        "It is the server's half, played by {}, that answered so; what clients did before may have "
        "led to it.",
        step.actor);
  }
  Report(step, held,
         {.expected =
              fmt::format("{} returns {}", step.method->name, Describe(step.method, step.accepted)),
          .actual = NameOfCode(step.method, actual),
          .problem = reports::Problem::kReturnCodeMismatch,
          .note = note});
  DocumentedSet(step, actual);
  return held;
}

// A code outside its method's table is a finding of its own, whatever the step takes.
void Judge::DocumentedSet(const Step& step, vdisim::HResult actual) const {
  const MethodSpec& method = *step.method;
  // The server's interface is a COM interface on every platform.
  const bool server = method.side == Side::kServer;
  const Platform platform = server ? Platform::kWindows : platform_;
  const Foundation foundation =
      FoundationOf(rules_, method.side, method.name, platform, Number(actual));
  if (foundation == Foundation::kSilent) return;
  const std::vector<const ReturnCode*> rows = rules_.CodesOf(method.side, method.name, platform);
  const std::string check =
      fmt::format("documented-codes/{}{}", server ? "server." : "", method.name);
  const std::string& clause = rows.front()->clause;
  if (foundation == Foundation::kDocumented) return record_->Held(check, clause);
  std::vector<std::string> names;
  names.reserve(rows.size());
  for (const ReturnCode* row : rows) names.push_back(row->code);
  Observation observation{
      .expected = fmt::format("{} returns one of {}", method.name, fmt::join(names, ", ")),
      .actual = NameOfCode(&method, actual),
      .problem = reports::Problem::kReturnCodeMismatch,
      .note = {}};
  if (foundation == Foundation::kWarned) {
    record_->Broken(check, "G-03", observation, step.place, strict_);
  } else if (foundation == Foundation::kEnvironment) {
    observation.note = "A failure of the environment, not an answer about the call.";
    record_->Broken(check, "G-04", observation, step.place, strict_);
  } else {
    record_->Broken(check, clause, observation, step.place, strict_);
  }
}

bool Judge::Given(const Step& step, vdisim::HResult code, const Json& out) const {
  static const std::map<std::string_view, std::string> kClauses = {
      {"OpenDevice", "C-ODV-11"}, {"GetCommand", "C-GET-11"}, {"MapBufferHandle", "C-MAP-11"}};
  if (step.method == nullptr || step.method->side != Side::kClient) return true;
  const auto clause = kClauses.find(step.method->name);
  if (clause == kClauses.end() || !out.contains("given")) return true;
  // Only OpenDevice is said to leave NULL when it fails.
  if (!code.ok() && step.method->name != "OpenDevice") return true;
  const std::string check = fmt::format("outputs/{}", step.method->name);
  const bool given = out.value("given", false);
  if (given == code.ok()) {
    record_->Held(check, clause->second);
    return true;
  }
  record_->Broken(check, clause->second,
                  {.expected = code.ok() ? "a pointer is given" : "the pointer is set to NULL",
                   .actual = fmt::format("{} with {}", code.ToString(),
                                         given ? "a pointer other than NULL" : "NULL"),
                   .problem = reports::Problem::kProtocolViolation,
                   .note = {}},
                  step.place, strict_);
  return !code.ok();
}

bool Judge::Statement(const Step& step, const Json& out) const {
  const bool success = out.value("success", false);
  const auto messages = out.value("messages", std::vector<int>());
  bool held = success == (step.outcome == "success");
  for (const int number : step.messages) {
    held &= std::find(messages.begin(), messages.end(), number) != messages.end();
  }
  Observation observation;
  observation.expected = fmt::format("the statement ends in {}", step.outcome);
  if (!step.messages.empty()) {
    observation.expected += fmt::format(", with message {}", fmt::join(step.messages, ", "));
  }
  observation.actual = fmt::format("{}, with message {}", success ? "success" : "failure",
                                   fmt::join(messages, ", "));
  observation.note = fmt::format("The server said:\n  {}",
                                 fmt::join(out.value("texts", std::vector<std::string>()), "\n  "));
  return Report(step, held, observation);
}

bool Judge::Waiting(const Step& step, int64_t calls, bool waited) const {
  return Report(
      step, waited,
      {.expected = fmt::format("{} calls wait until the set's clock is moved", calls),
       .actual = "fewer waited",
       .problem = reports::Problem::kProtocolViolation,
       .note = "A call that returns before its time-out, or never looks at the clock, does "
               "not wait there."});
}

bool Judge::Bytes(const Step& step, const Json& out) const {
  Observation observation;
  observation.problem = reports::Problem::kDataCorruption;
  const bool held = !out.contains("mismatch");
  if (!held) {
    observation.expected = fmt::format("at offset {}: {}", out.value("mismatch", int64_t{0}),
                                       out.value("expected", ""));
    observation.actual = out.value("actual", "");
  }
  return Report(step, held, observation);
}

bool Judge::Value(const Step& step, const std::string& relation, const ShownNumber& left,
                  const ShownNumber& right) const {
  return Report(step, Holds(relation, left.number, right.number),
                {.expected = fmt::format("{} {} {}", left.text, relation, right.text),
                 .actual = ActualValue(relation, left, right),
                 .problem = reports::Problem::kProtocolViolation,
                 .note = {}});
}

bool Judge::Completion(const Step& step, const Json& out, int64_t completion,
                       std::optional<int64_t> bytes, std::optional<int64_t> position) const {
  Observation observation;
  observation.expected = fmt::format("the completion agent reports {} with completion code {}",
                                     step.arguments.at("command"), completion);
  if (bytes) observation.expected += fmt::format(" and {} bytes", *bytes);
  if (position) observation.expected += fmt::format(" and position {}", *position);
  if (!out.value("completed", false)) {
    observation.actual = "no completion";
    return Report(step, false, observation);
  }
  const int64_t actual_code = out.value("completion", int64_t{-1});
  const int64_t actual_bytes = out.value("bytes", int64_t{-1});
  const int64_t actual_position = out.value("position", int64_t{-1});
  observation.actual = fmt::format("completion code {} and {} bytes", actual_code, actual_bytes);
  if (position) observation.actual += fmt::format(" and position {}", actual_position);
  const bool held = actual_code == completion && (!bytes || actual_bytes == *bytes) &&
                    (!position || actual_position == *position);
  return Report(step, held, observation);
}

}  // namespace conform
