#include "conformance/client/job_blows.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <utility>
#include <vector>

namespace conform {
namespace {

using std::chrono::milliseconds;

int64_t Now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             JobBlows::Clock::now().time_since_epoch())
      .count();
}

// "700" (milliseconds), or "1.5T", of the server's time-out T; of half a second if there is none,
// and not longer than a case may take.
milliseconds PauseOf(const std::string& text, int64_t server_timeout_ms) {
  constexpr int64_t kUsual_ms = 500;
  constexpr int64_t kLongest_ms = 5000;
  if (!text.ends_with('T')) return milliseconds(std::stoll(text));
  const double unit = static_cast<double>(server_timeout_ms > 0 ? server_timeout_ms : kUsual_ms);
  const auto wanted = static_cast<int64_t>(std::stod(text) * unit);
  return milliseconds(std::min(wanted, kLongest_ms));
}

}  // namespace

JobBlows::JobBlows(const JobPlan& plan, KeptProcess* client, Evidence* evidence, Note note)
    : plan_(plan), client_(*client), evidence_(*evidence), note_(std::move(note)) {}

bool JobBlows::GoOnIfDue() {
  if (!go_on_at_ || Clock::now() < *go_on_at_) return false;
  go_on_at_.reset();
  note_("the client goes on");
  client_.Signal(SIGCONT);
  return true;
}

void JobBlows::DealDue(const LiveSigns& signs) {
  const ClientJob& job = plan_.job;
  if (!job.cancel_at.empty() && signs.Reached(job.cancel_at)) Cancel();
  if (!struck_ && !job.kill_at.empty() && signs.Reached(job.kill_at)) Kill(signs);
}

void JobBlows::Cancel() {
  if (cancelled_at_) return;
  cancelled_at_ = Clock::now();
  evidence_.job.cancelled = true;
  if (plan_.client.cancel == ClientDescription::Cancel::kStdin) {
    note_("the client is cancelled: its standard input ends");
    client_.EndInput();
  } else {
    note_(fmt::format("the client is cancelled: {}", SignalName(plan_.client.cancel_signal)));
    client_.Signal(plan_.client.cancel_signal);
  }
}

void JobBlows::Kill(const LiveSigns& signs) {
  const std::string& target = plan_.job.kill_target;
  if (target == "secondary") {
    const std::vector<pid_t> secondaries = signs.Secondaries();
    if (secondaries.empty()) return;  // none has opened its device yet
    note_("a secondary process is killed");
    client_.SignalOne(secondaries.front(), SIGKILL);
  } else if (target.starts_with("pause:")) {
    note_("the client is stopped for a while");
    client_.Signal(SIGSTOP);
    go_on_at_ = Clock::now() + PauseOf(target.substr(6), signs.server_timeout_ms());
    struck_ = true;
    evidence_.job.paused_ns = Now();
    return;
  } else {
    note_("the client is killed");
    client_.Signal(SIGKILL);
    evidence_.end.killed_by_us = true;
  }
  struck_ = true;
  evidence_.job.killed = target;
  evidence_.job.killed_ns = Now();
}

bool JobBlows::IsCancelOverdue() const {
  if (!cancelled_at_) return false;
  const double limit = plan_.client.cancel_limit_s + kSilenceSeconds / 5 * plan_.timeout_scale;
  return std::chrono::duration<double>(Clock::now() - *cancelled_at_).count() > limit;
}

void JobBlows::Resume() {
  if (go_on_at_) client_.Signal(SIGCONT);
}

}  // namespace conform
