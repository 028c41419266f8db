#include "simulator/tools/stop_signals.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

namespace vdisim {
namespace {

sigset_t StoppingSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGHUP);
  return set;
}

}  // namespace

StopSignals::StopSignals() {
  const sigset_t set = StoppingSignals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  listener_ = std::thread([this] { Listen(); });
}

StopSignals::~StopSignals() {
  ending_.store(true, std::memory_order_release);
  // The signal is blocked everywhere and taken by sigwait: it wakes the thread and ends nothing.
  // NOLINTNEXTLINE(bugprone-bad-signal-to-kill-thread): for that reason.
  pthread_kill(listener_.native_handle(), SIGTERM);
  listener_.join();
}

void StopSignals::Listen() {
  const sigset_t set = StoppingSignals();
  while (true) {
    int number = 0;
    if (sigwait(&set, &number) != 0) continue;
    if (ending_.load(std::memory_order_acquire)) return;
    if (signal_.exchange(number, std::memory_order_acq_rel) != 0) _exit(128 + number);
    stop_.request_stop();
  }
}

void KillThisProcess() { kill(getpid(), SIGKILL); }

}  // namespace vdisim
