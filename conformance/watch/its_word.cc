// The client's own word, its exit status, against what became of the statement (O-13).
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <filesystem>

#include "conformance/watch/call_fields.h"
#include "conformance/watch/data_files.h"
#include "conformance/watch/seen.h"
#include "conformance/watch/win32_codes.h"

namespace conform {
namespace {

std::string LastMessages(const StatementSeen& statement) {
  std::string text;
  if (statement.ended == nullptr) return text;
  for (const ServerMessage& message : statement.ended->messages) {
    if (message.severity <= 10) continue;
    if (!text.empty()) text += '\n';
    text += fmt::format("Msg {}: {}", message.number, message.text);
  }
  return text;
}

// All that a client sees that does not give the statement: each device ended normally, and it
// refused nothing itself.
bool SawAGoodEnd(const Seen& seen) {
  if (seen.history.devices.empty()) return false;
  const bool closed = std::all_of(seen.history.devices.begin(), seen.history.devices.end(),
                                  [](const DeviceLife& device) { return device.closed != 0; });
  const bool refused = std::any_of(
      seen.history.commands.begin(), seen.history.commands.end(), [](const auto& command) {
        const int64_t code = command.completion_code;
        return code != kWinSuccess && code != kWinNotSupported && code != kWinHandleEof;
      });
  return closed && !refused;
}

void CheckFalseSuccess(const Seen& seen, Ledger* ledger) {
  const JobExpectation expect = seen.evidence.job.expect;
  if (expect == JobExpectation::kAny || !seen.EndedByItself()) return;
  const bool must_fail = expect == JobExpectation::kFailure;
  if (seen.statement == nullptr && !must_fail) return;
  ledger->Look("program/false-success");
  if (!seen.ReportsSuccess()) return;
  const bool succeeded = seen.statement != nullptr && seen.statement->succeeded();
  if (succeeded && !must_fail) return;
  if (!must_fail && seen.evidence.job.judge_statement && SawAGoodEnd(seen)) return;
  ledger->Break("program/false-success",
                {.expected = "an exit status that means failure",
                 .actual = succeeded || seen.statement == nullptr
                               ? fmt::format("exit status {}, for a job that cannot have succeeded",
                                             seen.evidence.end.status)
                               : fmt::format("exit status {}, and the statement {}",
                                             seen.evidence.end.status, seen.statement->Outcome()),
                 .note = seen.statement == nullptr ? "" : LastMessages(*seen.statement),
                 .problem = reports::Problem::kDataCorruption});
}

bool IsBlank(const std::string& text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::isspace(c) != 0; });
}

// A program that ends by telling its user that all is well, whatever its status.
bool PrintsSuccess(const std::string& output) {
  std::string line;
  for (size_t end = output.size(); end > 0 && IsBlank(line);) {
    const size_t start = output.rfind('\n', end - 1);
    const size_t begin = start == std::string::npos ? 0 : start + 1;
    line = output.substr(begin, end - begin);
    end = begin == 0 ? 0 : begin - 1;
  }
  std::transform(line.begin(), line.end(), line.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto says = [&](const char* word) { return line.find(word) != std::string::npos; };
  for (const char* doubt : {"fail", "error", "not ", "n't", "no ", "abort", "cancel", "incomplete",
                            "unsuccess", "without", " 0 "}) {
    if (says(doubt)) return false;
  }
  return says("success") || says("succeeded") || says("complete");
}

void CheckLastLine(const Seen& seen, Ledger* ledger) {
  const bool failed = seen.statement != nullptr && !seen.statement->succeeded();
  if (!failed || !seen.EndedByItself() || seen.evidence.job.expect == JobExpectation::kAny) return;
  if (seen.evidence.job.judge_statement && SawAGoodEnd(seen)) return;
  ledger->Look("program/false-success");
  if (!PrintsSuccess(seen.evidence.end.output)) return;
  ledger->Break("program/false-success",
                {.expected = "a last line that says what became of the job",
                 .actual = "the last line of its output speaks of success, and the statement " +
                           seen.statement->Outcome(),
                 .note = LastMessages(*seen.statement),
                 .problem = reports::Problem::kDataCorruption});
}

bool IsNaming(const WitnessEvent& event) { return event.call == "rename" || event.call == "link"; }

// A file that the client wrote and could not give its name is no backup, whatever the statement
// says.
void CheckNamed(const Seen& seen, Ledger* ledger) {
  const Evidence& evidence = seen.evidence;
  if (evidence.job.operation != JobOperation::kBackup || !seen.EndedByItself()) return;
  for (const WitnessEvent& event : evidence.system) {
    if (!IsNaming(event) || !IsBelow(event.to, evidence.artefact_dir)) continue;
    ledger->Look("program/false-success");
    if (event.error == 0 || !seen.ReportsSuccess()) continue;
    const auto is_of_file = [&](const WitnessEvent& other) {
      return other.call == "write" && other.path == event.path && other.t < event.t;
    };
    const auto is_there = [&](const FileFact& file) {
      return (evidence.artefact_dir / file.path) == std::filesystem::path(event.to);
    };
    const bool written = std::any_of(evidence.system.begin(), evidence.system.end(), is_of_file);
    const bool named = std::any_of(evidence.after.begin(), evidence.after.end(), is_there);
    if (!written || named) continue;
    ledger->Break("program/false-success",
                  {.t = event.t,
                   .expected = "an exit status that means failure",
                   .actual = fmt::format("exit status {}, and a file of the backup could not be "
                                         "given its name",
                                         evidence.end.status),
                   .note = fmt::format("{} of {} to {}: {}", event.call, event.path, event.to,
                                       std::strerror(event.error)),
                   .problem = reports::Problem::kDataCorruption});
  }
}

void CheckFalseFailure(const Seen& seen, Ledger* ledger) {
  const AskedJob& job = seen.evidence.job;
  const bool excused = job.cancelled || job.trouble || !job.killed.empty() ||
                       (job.injected && job.expect != JobExpectation::kSuccess);
  const bool judged =
      job.expect == JobExpectation::kSuccess || job.expect == JobExpectation::kAgrees;
  if (!judged || excused || !seen.EndedByItself() || seen.statement == nullptr) return;
  if (!seen.statement->succeeded() || seen.statement->ended->comparison == "different") return;
  ledger->Look("program/false-failure");
  if (seen.ReportsSuccess()) return;
  ledger->Break("program/false-failure",
                {.expected = "an exit status that means success",
                 .actual = fmt::format("exit status {}, and the statement succeeded",
                                       seen.evidence.end.status),
                 .note = seen.evidence.end.error});
}

void CheckTransferred(const Seen& seen, Ledger* ledger) {
  if (seen.evidence.job.expect == JobExpectation::kAny || !seen.ReportsSuccess()) return;
  if (seen.statement != nullptr && !seen.statement->succeeded()) return;
  ledger->Look("program/nothing-transferred");
  const bool moved = std::any_of(
      seen.history.commands.begin(), seen.history.commands.end(),
      [](const auto& command) { return command.code == kVdcRead || command.code == kVdcWrite; });
  if (moved) return;
  ledger->Break("program/nothing-transferred",
                {.expected = "data, or an exit status that means failure",
                 .actual = fmt::format("exit status {}, and no byte went through a device",
                                       seen.evidence.end.status)});
}

void CheckTold(const Seen& seen, Ledger* ledger) {
  if (!seen.EndedByItself() || seen.ReportsSuccess()) return;
  ledger->Look("program/failure-told");
  if (!IsBlank(seen.evidence.end.output) || !IsBlank(seen.evidence.end.error)) return;
  ledger->Break("program/failure-told",
                {.expected = "a message that says what went wrong",
                 .actual = fmt::format("exit status {} and no word", seen.evidence.end.status)});
}

std::string HowItEnded(const Seen& seen) {
  return fmt::format("the statement {}, exit status {}",
                     seen.statement == nullptr ? "never came" : seen.statement->Outcome(),
                     seen.evidence.end.status);
}

// By the server, or by the program if the server was never asked.
std::string WhatWasSaid(const Seen& seen) {
  return seen.statement == nullptr ? seen.evidence.end.error : LastMessages(*seen.statement);
}

void CheckDone(const Seen& seen, Ledger* ledger) {
  // A backup before it failed; there is nothing to restore.
  if (seen.evidence.job.operation == JobOperation::kRestore && seen.evidence.before.empty()) return;
  if (seen.evidence.job.expect != JobExpectation::kSuccess || !seen.EndedByItself()) return;
  ledger->Look("program/job-done");
  const bool succeeded = seen.statement != nullptr && seen.statement->succeeded();
  if (succeeded && seen.ReportsSuccess()) return;
  ledger->Break("program/job-done",
                {.expected = "a statement that succeeds, and an exit status that says so",
                 .actual = HowItEnded(seen),
                 .note = WhatWasSaid(seen)});
}

// Of what only the program can read, this alone tells whether it is a backup.
void CheckRestorable(const Seen& seen, Ledger* ledger) {
  if (!seen.evidence.job.called_good || !seen.EndedByItself()) return;
  ledger->Look("program/restorable");
  if (seen.statement != nullptr && seen.statement->succeeded()) return;
  ledger->Break("program/restorable",
                {.expected = "a RESTORE of the backup that the program called a success",
                 .actual = HowItEnded(seen),
                 .note = WhatWasSaid(seen),
                 .problem = reports::Problem::kDataCorruption});
}

}  // namespace

void CheckItsWord(const Seen& seen, Ledger* ledger) {
  CheckFalseSuccess(seen, ledger);
  CheckLastLine(seen, ledger);
  CheckNamed(seen, ledger);
  CheckFalseFailure(seen, ledger);
  CheckTransferred(seen, ledger);
  CheckTold(seen, ledger);
  CheckDone(seen, ledger);
  CheckRestorable(seen, ledger);
}

}  // namespace conform
