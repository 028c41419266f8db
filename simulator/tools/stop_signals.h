// Turns SIGINT, SIGTERM and SIGHUP into a stop request, so that a statement can end as it should.
// Make one on the main thread before any other thread starts: they inherit the blocked signals.
#ifndef SIMULATOR_TOOLS_STOP_SIGNALS_H_
#define SIMULATOR_TOOLS_STOP_SIGNALS_H_

#include <atomic>
#include <stop_token>
#include <thread>

namespace vdisim {

class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  std::stop_token token() const { return stop_.get_token(); }
  // The signal that came, 0 if none did. The second one ends the process at once.
  int signal_number() const { return signal_.load(std::memory_order_acquire); }

 private:
  void Listen();

  std::stop_source stop_;
  std::atomic<int> signal_ = 0;
  std::atomic<bool> ending_ = false;
  std::thread listener_;
};

// SIGKILL to this very process, as when a server crashes: nothing is written, closed or told.
void KillThisProcess();

}  // namespace vdisim

#endif  // SIMULATOR_TOOLS_STOP_SIGNALS_H_
