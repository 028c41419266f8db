#include "conformance/client/judge_statement.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <sstream>

#include "conformance/client/client_template.h"
#include "conformance/client/job_start.h"
#include "conformance/client/server_process.h"
#include "conformance/runner/selector.h"

namespace conform {

JudgeStatement::JudgeStatement(const JobPlan& plan)
    : plan_(plan),
      settled_(plan.client.statement != ClientDescription::Statement::kJudge ||
               plan.job.statement == "none") {}

std::optional<std::string> JudgeStatement::Due(const KeptProcess& client,
                                               const LiveSigns& signs) const {
  if (settled_) return std::nullopt;
  const ClientDescription& about = plan_.client;
  const ClientJob& job = plan_.job;
  const bool backup = job.operation == ClientJob::Operation::kBackup;
  std::string set;
  bool ready = about.ready.empty();
  std::istringstream lines(client.Output() + "\n" + client.ErrorOutput());
  for (std::string line; std::getline(lines, line);) {
    ready |= !about.ready.empty() && MatchesGlob(about.ready, line);
    const std::string whole = TakeFrom(line, about.printed, "statement");
    const bool as_asked = job.statement.empty() && job.statement_devices == 0;
    if (!whole.empty() && as_asked) return whole;
    if (set.empty()) set = TakeFrom(line, about.printed, "set");
  }
  if (!ready) return std::nullopt;
  if (about.printed.empty() || about.printed.find("{set}") == std::string::npos) {
    for (const std::string& one : signs.sets()) {
      if (set.empty() && MatchesGlob(about.set, one)) set = one;
    }
  }
  if (set.empty()) return std::nullopt;
  std::vector<std::string> devices = {set};
  const int named = job.statement_devices > 0 ? job.statement_devices : job.devices;
  for (int n = 2; n <= named; ++n) {
    devices.push_back(PutInto(about.device, {{"set", set},
                                             {"n", std::to_string(n)},
                                             {"n0", std::to_string(n - 1)},
                                             {"devices", std::to_string(job.devices)}}));
  }
  const std::string operation = !job.statement.empty() ? job.statement
                                : backup               ? "backup"
                                                       : "restore";
  return StatementText(operation, DatabaseOf(plan_.scenario, plan_.copy), devices,
                       job.statement_options);
}

std::string JudgeStatement::Awaits(const LiveSigns& signs) const {
  if (settled_) return {};
  const ClientDescription& about = plan_.client;
  std::string text;
  if (!about.ready.empty()) {
    text = fmt::format("a line of its output like \"{}\" (--client-ready)", about.ready);
  }
  const char* also = text.empty() ? "" : ", and ";
  if (!about.printed.empty()) {
    return text + fmt::format("{}a line \"{}\" (--client-printed)", also, about.printed);
  }
  text += fmt::format("{}a device set of a name like \"{}\" (--client-set)", also, about.set);
  std::string created;
  for (const std::string& one : signs.sets()) created += " " + one;
  return text + (created.empty() ? "; it created none" : "; it created" + created);
}

void JudgeStatement::Give(const std::string& text) {
  settled_ = true;
  process_ = StartStatement(plan_.tools, plan_.places, text);
}

bool JudgeStatement::FailedUnheard(KeptProcess::Clock::time_point heard,
                                   std::chrono::milliseconds patience) const {
  if (process_ == nullptr || !process_->ended() || process_->status() == 0) return false;
  return KeptProcess::Clock::now() - std::max(heard, process_->ended_at()) > patience;
}

void JudgeStatement::Watch(std::vector<pollfd>* descriptors) const {
  if (process_ != nullptr) process_->Watch(descriptors);
}

void JudgeStatement::Serve() {
  if (process_ != nullptr) process_->Serve();
}

void JudgeStatement::End(std::chrono::milliseconds patience) {
  if (process_ == nullptr) return;
  if (!process_->ended()) process_->Signal(SIGINT);
  (void)process_->AwaitEnd(patience);
}

}  // namespace conform
