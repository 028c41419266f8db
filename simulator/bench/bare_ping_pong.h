// The bare baselines of a round trip: two processes that hand one word back and forth, spinning or
// sleeping on a futex, with nothing around it. What a device set costs is a ratio to these.
#ifndef SIMULATOR_BENCH_BARE_PING_PONG_H_
#define SIMULATOR_BENCH_BARE_PING_PONG_H_

#include <atomic>
#include <chrono>
#include <cstdint>

#include "simulator/bench/bench_process.h"
#include "simulator/shm/event.h"
#include "simulator/shm/futex.h"

namespace vdisim::bench {

enum class Waiting { kSpin, kFutex };

class BarePingPong {
 public:
  explicit BarePingPong(Waiting waiting) : waiting_(waiting), child_([this] { Echo(); }) {}

  // Time for `rounds` round trips.
  std::chrono::nanoseconds Run(uint32_t rounds) {
    words_->rounds.store(rounds);
    start_.Raise();
    started_.Await();
    const auto begin = std::chrono::steady_clock::now();
    for (uint32_t round = 0; round < rounds; ++round) {
      Post(words_->ping, next_ + round);
      Await(words_->pong, next_ + round);
    }
    const auto end = std::chrono::steady_clock::now();
    next_ += rounds;
    return end - begin;
  }

 private:
  struct Words {
    alignas(64) std::atomic<uint32_t> ping{0};
    alignas(64) std::atomic<uint32_t> pong{0};
    alignas(64) std::atomic<uint32_t> rounds{0};
  };

  [[noreturn]] void Echo() {
    PinThisThread(1);
    uint32_t next = 1;
    while (true) {
      start_.Await();
      const uint32_t rounds = words_->rounds.load();
      started_.Raise();
      for (uint32_t round = 0; round < rounds; ++round, ++next) {
        Await(words_->ping, next);
        Post(words_->pong, next);
      }
    }
  }
  void Post(std::atomic<uint32_t>& word, uint32_t value) const {
    word.store(value, std::memory_order_release);
    if (waiting_ == Waiting::kFutex) shm::FutexWake(word, 1);
  }
  void Await(std::atomic<uint32_t>& word, uint32_t value) const {
    uint32_t seen = 0;
    while ((seen = word.load(std::memory_order_acquire)) != value) {
      if (waiting_ == Waiting::kFutex) {
        shm::FutexWait(word, seen, std::chrono::seconds(1));
      } else {
        shm::SpinPause();
      }
    }
  }

  Waiting waiting_;
  SharedObject<Words> words_;
  Signal start_;
  Signal started_;
  uint32_t next_ = 1;
  ChildProcess child_;
};

}  // namespace vdisim::bench

#endif  // SIMULATOR_BENCH_BARE_PING_PONG_H_
