// What a device set costs, each figure beside its bare baseline, measured in turn in the same run.
// The counters say it: `bare_ns` and `vdi_ns` (or GB/s), and `ratio`, the median of the pairs.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "simulator/bench/bare_ping_pong.h"
#include "simulator/bench/bare_ring.h"
#include "simulator/bench/measured_set.h"
#include "simulator/shm/event.h"

namespace vdisim::bench {
namespace {

constexpr uint64_t kMiB = 1U << 20;

double Seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.empty() ? 0 : values[values.size() / 2];
}

// SendCommand, GetCommand, CompleteCommand and the callback, one command at a time, between two
// processes; against the same number of turns of a bare ping-pong.
void RoundTrip(benchmark::State& state, Waiting waiting, Door door) {
  const uint32_t rounds = waiting == Waiting::kSpin ? 200000 : 3000;
  if (waiting == Waiting::kFutex) shm::SpinBudget::LimitRounds(0);
  {
    BarePingPong bare(waiting);
    MeasuredSet set({.block_bytes = 65536, .depth = 1, .devices = 1}, Payload::kNone, door);
    std::vector<double> bare_ns;
    std::vector<double> vdi_ns;
    std::vector<double> ratios;
    std::jthread pinned([&] {
      PinThisThread(0);
      for (auto _ : state) {  // NOLINT(clang-analyzer-deadcode.DeadStores): the library's loop
        bare_ns.push_back(Seconds(bare.Run(rounds)) * 1e9 / rounds);
        const std::chrono::nanoseconds time = set.Run(rounds);
        vdi_ns.push_back(Seconds(time) * 1e9 / rounds);
        ratios.push_back(vdi_ns.back() / bare_ns.back());
        state.SetIterationTime(Seconds(time));
      }
    });
    pinned.join();
    state.counters["bare_ns"] = Median(bare_ns);
    state.counters["vdi_ns"] = Median(vdi_ns);
    state.counters["ratio"] = Median(ratios);
  }
  shm::SpinBudget::LimitRounds(UINT32_MAX);
}
BENCHMARK_CAPTURE(RoundTrip, spinning, Waiting::kSpin, Door::kClientHalf)
    ->UseManualTime()
    ->Iterations(15);
// The same through libsqlvdi.so: guard, pointer to the object, and a trace that is off.
BENCHMARK_CAPTURE(RoundTrip, spinning_library, Waiting::kSpin, Door::kLibrary)
    ->UseManualTime()
    ->Iterations(15);
BENCHMARK_CAPTURE(RoundTrip, blocking, Waiting::kFutex, Door::kClientHalf)
    ->UseManualTime()
    ->Iterations(15);

// VDC_Write commands with their bytes: the server copies each block in, the client copies it out;
// against bare rings of the same block size, depth and number, and against plain memcpy.
void Bulk(benchmark::State& state) {
  const BulkShape shape = {.block_bytes = static_cast<uint32_t>(state.range(0)) * 1024,
                           .depth = static_cast<uint32_t>(state.range(1)),
                           .devices = static_cast<uint32_t>(state.range(2))};
  const uint64_t bytes_wanted = std::max<uint64_t>(
      1024 * kMiB, 2 * uint64_t{shape.block_bytes} * shape.depth * shape.devices);
  const auto blocks =
      static_cast<uint32_t>(bytes_wanted / (uint64_t{shape.block_bytes} * shape.devices));
  const double bytes = static_cast<double>(blocks) * shape.block_bytes * shape.devices;
  BareRings bare(shape);
  MeasuredSet set(shape, Payload::kCopied);
  // Touch every page on both sides before anything counts.
  bare.Run(shape.depth);
  set.Run(shape.depth);
  std::vector<double> bare_rate;
  std::vector<double> vdi_rate;
  std::vector<double> ratios;
  for (auto _ : state) {  // NOLINT(clang-analyzer-deadcode.DeadStores): the library's loop
    bare_rate.push_back(bytes / Seconds(bare.Run(blocks)) / 1e9);
    const std::chrono::nanoseconds time = set.Run(blocks);
    vdi_rate.push_back(bytes / Seconds(time) / 1e9);
    ratios.push_back(vdi_rate.back() / bare_rate.back());
    state.SetIterationTime(Seconds(time));
  }
  state.counters["bare_GBps"] = Median(bare_rate);
  state.counters["vdi_GBps"] = Median(vdi_rate);
  state.counters["ratio"] = Median(ratios);
}
BENCHMARK(Bulk)
    ->ArgNames({"KiB", "in_flight", "devices"})
    ->ArgsProduct({{64, 1024, 4096}, {1, 4, 16}, {1, 4, 16}})
    ->UseManualTime()
    ->Iterations(7);

// The ceiling: one thread, no other process.
void Memcpy(benchmark::State& state) {
  const auto block = static_cast<size_t>(state.range(0)) * 1024;
  std::vector<uint8_t> from(block, 1);
  std::vector<uint8_t> to(block);
  for (auto _ : state) {  // NOLINT(clang-analyzer-deadcode.DeadStores): the library's loop
    std::memcpy(to.data(), from.data(), block);
    benchmark::DoNotOptimize(to.data());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(static_cast<int64_t>(block) * state.iterations());
}
BENCHMARK(Memcpy)->ArgName("KiB")->Arg(64)->Arg(1024)->Arg(4096);

}  // namespace
}  // namespace vdisim::bench

BENCHMARK_MAIN();
