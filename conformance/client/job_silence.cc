#include "conformance/client/job_silence.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "conformance/client/idle_meter.h"

namespace conform {
namespace {

// Chatter on standard output alone keeps nobody alive longer than so many times the silence.
constexpr double kChatterFactor = 3;
constexpr std::chrono::milliseconds kStackPatience{15'000};
constexpr size_t kStackProcessesMax = 4;

double SecondsBetween(JobSilence::Clock::time_point from, JobSilence::Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

}  // namespace

JobSilence::JobSilence(double limit_seconds, double job_limit_seconds)
    : limit_seconds_(limit_seconds), job_limit_seconds_(job_limit_seconds) {}

void JobSilence::Begin(Clock::time_point now) { began_ = alive_at_ = printed_at_ = now; }

void JobSilence::HearPrinted(size_t bytes, Clock::time_point now) {
  if (bytes != printed_bytes_) printed_at_ = now;
  printed_bytes_ = bytes;
}

double JobSilence::Seconds(Clock::time_point now) const { return SecondsBetween(alive_at_, now); }

bool JobSilence::IsTooLong(Clock::time_point now) const {
  if (SecondsBetween(began_, now) > job_limit_seconds_) return true;
  if (Seconds(now) > kChatterFactor * limit_seconds_) return true;
  return SecondsBetween(std::max(alive_at_, printed_at_), now) > limit_seconds_;
}

ClientHang HangOf(const KeptProcess& client, const LiveSigns& signs, double silent_seconds,
                  const std::filesystem::path& keeper) {
  ClientHang hang;
  hang.hung = true;
  hang.silent_seconds = silent_seconds;
  hang.doing = signs.Doing(std::chrono::duration_cast<std::chrono::nanoseconds>(
                               JobSilence::Clock::now().time_since_epoch())
                               .count());
  // What burns or waits is told of the client itself, not of the sqlcmd that it started.
  std::vector<pid_t> pids = {client.pid()};
  for (const pid_t pid : signs.callers()) {
    if (pid != client.pid()) pids.push_back(pid);
  }
  pids.resize(std::min(pids.size(), kStackProcessesMax));
  for (const pid_t pid : pids) {
    const std::string stacks = StacksOf(pid, keeper.string(), kStackPatience);
    if (!stacks.empty()) hang.stack += fmt::format("process {}:\n{}", pid, stacks);
  }
  return hang;
}

}  // namespace conform
