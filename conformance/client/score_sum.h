// The scoreboards of all jobs of a run, put together. Any thread.
#ifndef CONFORMANCE_CLIENT_SCORE_SUM_H_
#define CONFORMANCE_CLIENT_SCORE_SUM_H_

#include <mutex>
#include <string>
#include <vector>

#include "conformance/watch/scoreboard.h"

namespace conform {

class ScoreSum {
 public:
  // Of a job that had calls at all.
  void Add(const Scoreboard& score);

  int jobs() const;
  // Worst values are the worst of any job, sums those of all. A method was never called if no job
  // called it. The median of the time that a command was held is that of the jobs' medians, each
  // counted as often as its job had commands.
  Scoreboard Sum() const;

 private:
  mutable std::mutex mutex_;
  std::vector<Scoreboard> scores_;
};

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_SCORE_SUM_H_
