// Turns bytes into progress: a TransferProgress for each look, and with STATS a message 3211 for
// each step that has been passed. One thread.
#ifndef SIMULATOR_ENGINE_PERCENT_METER_H_
#define SIMULATOR_ENGINE_PERCENT_METER_H_

#include <algorithm>
#include <cstdint>
#include <optional>

#include "simulator/engine/speaker.h"

namespace vdisim {

class PercentMeter {
 public:
  // step_percent: of STATS; nothing = no messages.
  PercentMeter(Speaker* speaker, std::optional<uint32_t> step_percent)
      : speaker_(speaker), step_(step_percent.value_or(0)) {}

  void SetTotal(uint64_t bytes) { total_ = bytes; }
  uint64_t total() const { return total_; }

  void Show(uint64_t bytes_done) {
    TransferProgress progress;
    progress.bytes_done = bytes_done;
    progress.bytes_total = total_;
    if (total_ > 0) {
      const double part = static_cast<double>(bytes_done) / static_cast<double>(total_);
      progress.percent = std::clamp(static_cast<int>(part * 100.0), 0, 100);
    }
    speaker_->ShowProgress(progress);
    while (step_ > 0 && next_ <= 100 && static_cast<uint32_t>(progress.percent) >= next_) {
      speaker_->Say(MakeMessage(kPercentProcessed, next_));
      // The last step is 100, whatever the steps are.
      next_ = next_ < 100 ? std::min(next_ + step_, 100U) : 101U;
    }
  }

 private:
  Speaker* const speaker_;
  const uint32_t step_;
  uint32_t next_ = std::min(step_, 100U);
  uint64_t total_ = 0;
};

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_PERCENT_METER_H_
