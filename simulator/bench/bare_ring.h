// The bare baseline of bulk transfer: rings of blocks in shared memory. One producer
// thread copies blocks in, one consumer thread for each ring, in another process, copies them out.
// Waits spin briefly and then sleep on a futex; there are no states, no commands and no checks.
#ifndef SIMULATOR_BENCH_BARE_RING_H_
#define SIMULATOR_BENCH_BARE_RING_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <thread>
#include <vector>

#include "simulator/bench/bench_process.h"
#include "simulator/shm/event.h"
#include "simulator/shm/futex.h"

namespace vdisim::bench {

struct BulkShape {
  uint32_t block_bytes;
  uint32_t depth;    // blocks in flight on each ring
  uint32_t devices;  // rings
};

class BareRings {
 public:
  explicit BareRings(const BulkShape& shape)
      : shape_(shape),
        memory_(ShareMemory(size_t{shape.block_bytes} * shape.depth * shape.devices)),
        area_(reinterpret_cast<uint8_t*>(memory_.bytes().data())),
        source_(shape.block_bytes, uint8_t{0x5a}),
        child_([this] { Consume(); }) {}

  // Time to pass `blocks` blocks through each ring.
  std::chrono::nanoseconds Run(uint32_t blocks) {
    const auto begin = std::chrono::steady_clock::now();
    std::vector<uint32_t> sent(shape_.devices, 0);
    uint64_t left = uint64_t{blocks} * shape_.devices;
    while (left > 0) {
      bool moved = false;
      const uint32_t seen = rings_->freed.load(std::memory_order_acquire);
      for (uint32_t ring = 0; ring < shape_.devices; ++ring) {
        Ring& r = rings_->ring[ring];
        // One block at a time and ring after ring, as completions come in: to feed one ring as long
        // as it takes blocks would keep the others waiting and its own blocks in the cache.
        if (sent[ring] < blocks &&
            first_[ring] + sent[ring] - r.consumed.load(std::memory_order_acquire) < shape_.depth) {
          std::memcpy(Block(ring, first_[ring] + sent[ring]), source_.data(), shape_.block_bytes);
          ++sent[ring];
          --left;
          moved = true;
          r.produced.store(first_[ring] + sent[ring], std::memory_order_seq_cst);
          if (r.sleeps.load(std::memory_order_seq_cst) != 0) shm::FutexWake(r.produced, 1);
        }
      }
      if (!moved && left > 0) Sleep(rings_->freed, rings_->producer_sleeps, seen);
    }
    for (uint32_t ring = 0; ring < shape_.devices; ++ring) {
      first_[ring] += blocks;
      while (rings_->ring[ring].consumed.load(std::memory_order_acquire) != first_[ring]) {
        const uint32_t seen = rings_->freed.load(std::memory_order_acquire);
        if (rings_->ring[ring].consumed.load(std::memory_order_acquire) != first_[ring]) {
          Sleep(rings_->freed, rings_->producer_sleeps, seen);
        }
      }
    }
    return std::chrono::steady_clock::now() - begin;
  }

 private:
  static constexpr uint32_t kDevicesMax = 64;
  static constexpr uint32_t kSpinRounds = 2000;
  struct Ring {
    alignas(64) std::atomic<uint32_t> produced{0};
    std::atomic<uint32_t> sleeps{0};
    alignas(64) std::atomic<uint32_t> consumed{0};
  };
  struct Rings {
    Ring ring[kDevicesMax];
    alignas(64) std::atomic<uint32_t> freed{0};
    std::atomic<uint32_t> producer_sleeps{0};
  };

  uint8_t* Block(uint32_t ring, uint32_t number) const {
    return area_ + (size_t{ring} * shape_.depth + number % shape_.depth) * shape_.block_bytes;
  }
  static void Sleep(std::atomic<uint32_t>& word, std::atomic<uint32_t>& sleeps, uint32_t seen) {
    for (uint32_t round = 0; round < kSpinRounds; ++round) {
      shm::SpinPause();
      if (word.load(std::memory_order_acquire) != seen) return;
    }
    sleeps.store(1, std::memory_order_seq_cst);
    if (word.load(std::memory_order_seq_cst) == seen) {
      shm::FutexWait(word, seen, std::chrono::seconds(1));
    }
    sleeps.store(0, std::memory_order_relaxed);
  }
  [[noreturn]] void Consume() {
    std::vector<std::jthread> threads;
    for (uint32_t ring = 0; ring < shape_.devices; ++ring) {
      threads.emplace_back([this, ring] {
        std::vector<uint8_t> sink(shape_.block_bytes);
        Ring& r = rings_->ring[ring];
        for (uint32_t number = 0;; ++number) {
          uint32_t seen = 0;
          while ((seen = r.produced.load(std::memory_order_acquire)) == number) {
            Sleep(r.produced, r.sleeps, seen);
          }
          std::memcpy(sink.data(), Block(ring, number), shape_.block_bytes);
          r.consumed.store(number + 1, std::memory_order_release);
          rings_->freed.fetch_add(1, std::memory_order_seq_cst);
          if (rings_->producer_sleeps.load(std::memory_order_seq_cst) != 0) {
            shm::FutexWake(rings_->freed, 1);
          }
        }
      });
    }
    threads.front().join();
    std::_Exit(0);
  }

  BulkShape shape_;
  shm::Segment memory_;
  uint8_t* area_;
  std::vector<uint8_t> source_;
  std::vector<uint32_t> first_ = std::vector<uint32_t>(kDevicesMax, 0);
  SharedObject<Rings> rings_;
  ChildProcess child_;
};

}  // namespace vdisim::bench

#endif  // SIMULATOR_BENCH_BARE_RING_H_
