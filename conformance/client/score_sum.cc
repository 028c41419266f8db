#include "conformance/client/score_sum.h"

#include <algorithm>
#include <utility>

namespace conform {
namespace {

double WeightedMedian(std::vector<std::pair<double, int64_t>> values) {
  std::sort(values.begin(), values.end());
  int64_t all = 0;
  for (const auto& [value, weight] : values) all += weight;
  int64_t so_far = 0;
  for (const auto& [value, weight] : values) {
    so_far += weight;
    if (2 * so_far >= all) return value;
  }
  return 0;
}

// What one of them did is done.
void KeepCommon(std::vector<std::string>* never, const std::vector<std::string>& others) {
  std::erase_if(*never, [&](const std::string& method) {
    return std::find(others.begin(), others.end(), method) == others.end();
  });
}

}  // namespace

void ScoreSum::Add(const Scoreboard& score) {
  const std::lock_guard lock(mutex_);
  scores_.push_back(score);
}

int ScoreSum::jobs() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(scores_.size());
}

Scoreboard ScoreSum::Sum() const {
  const std::lock_guard lock(mutex_);
  if (scores_.empty()) return {};
  Scoreboard sum = scores_.front();
  std::vector<std::pair<double, int64_t>> medians = {{sum.held_median_ms, sum.commands}};
  for (size_t i = 1; i < scores_.size(); ++i) {
    const Scoreboard& one = scores_[i];
    KeepCommon(&sum.never_called, one.never_called);
    sum.starts += one.starts;
    sum.devices = std::max(sum.devices, one.devices);
    sum.processes = std::max(sum.processes, one.processes);
    sum.threads = std::max(sum.threads, one.threads);
    sum.commands += one.commands;
    sum.deepest_queue = std::max(sum.deepest_queue, one.deepest_queue);
    medians.emplace_back(one.held_median_ms, one.commands);
    sum.held_worst_ms = std::max(sum.held_worst_ms, one.held_worst_ms);
    sum.bytes_written += one.bytes_written;
    sum.bytes_read += one.bytes_read;
    sum.syncs =
        sum.syncs < 0 || one.syncs < 0 ? std::max(sum.syncs, one.syncs) : sum.syncs + one.syncs;
    if (sum.unseen.empty()) sum.unseen = one.unseen;
    sum.time_outs += one.time_outs;
    sum.idle_seconds += one.idle_seconds;
    sum.idle_cpu_seconds += one.idle_cpu_seconds;
    sum.idle_cpu_worst = std::max(sum.idle_cpu_worst, one.idle_cpu_worst);
    sum.ends += one.ends;
    sum.ends_seen += one.ends_seen;
    KeepWorse(one.left, &sum.left);
    sum.peak_memory_kib = std::max(sum.peak_memory_kib, one.peak_memory_kib);
    sum.seconds += one.seconds;
  }
  sum.held_median_ms = WeightedMedian(std::move(medians));
  return sum;
}

}  // namespace conform
