// A device set between two processes, ready to be measured: a child that is the client and answers
// every VDC_Write, and this process as the server. The set is a real one; the client reaches it
// through the half that stands behind the library, or through libsqlvdi.so as a vendor does.
#ifndef SIMULATOR_BENCH_MEASURED_SET_H_
#define SIMULATOR_BENCH_MEASURED_SET_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "simulator/bench/bare_ring.h"
#include "simulator/bench/bench_process.h"
#include "simulator/device_set/client_set.h"
#include "simulator/device_set/server_set.h"

namespace vdisim::bench {

// Whether the two sides move bytes or only commands.
enum class Payload { kNone, kCopied };

// By which door the client's calls go.
enum class Door { kClientHalf, kLibrary };

class MeasuredSet {
 public:
  MeasuredSet(const BulkShape& shape, Payload payload, Door door = Door::kClientHalf);
  ~MeasuredSet();
  MeasuredSet(const MeasuredSet&) = delete;
  MeasuredSet& operator=(const MeasuredSet&) = delete;

  // Time to pass `commands` commands through each device, `depth` of them in flight.
  std::chrono::nanoseconds Run(uint32_t commands);

 private:
  struct Slot {
    VDS_Command command;  // first, so that the callback finds its slot
    MeasuredSet* set;
    uint32_t device;
  };

  static void OnCompletion(VDS_Command* command);
  void Refill(Slot* slot);
  void ServeClientHalf(const std::string& name);
  void ServeLibrary(const std::string& name);

  BulkShape shape_;
  Payload payload_;
  Signal created_;
  std::unique_ptr<ChildProcess> child_;
  ServerSet server_;
  std::jthread agent_;
  std::vector<std::shared_ptr<ServerDevice>> devices_;
  std::vector<uint8_t> source_;
  std::vector<std::unique_ptr<Slot>> slots_;
  std::vector<uint32_t> to_send_;     // commands left to send, for each device; the agent's
  std::atomic<uint64_t> pending_{0};  // completions still to come in this run
};

}  // namespace vdisim::bench

#endif  // SIMULATOR_BENCH_MEASURED_SET_H_
