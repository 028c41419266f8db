// Random walks of both halves in one process: a primary, a secondary, a server and its agent, each
// on threads of their own, call whatever a seed says. Every answer must be one that the documents
// list for the call, every command that was accepted or refused must have its callback exactly
// once, and nothing may be left when all have closed. A failure prints its seed; VDISIM_WALK_SEED=N
// repeats it, VDISIM_WALK_ROUNDS=N walks longer.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <initializer_list>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "simulator/base/test_clause.h"
#include "simulator/device_set/set_directory.h"
#include "simulator/device_set/set_pair_for_test.h"
#include "simulator/include/vdi_codes.h"
#include "simulator/shm/segment.h"

namespace vdisim {
namespace {

constexpr int kSteps = 250;
constexpr Timeout kShort = Timeout::Milliseconds(1);

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// How often each call gave each answer.
using Tally = std::map<std::string, int>;

// One thread's chances and what it has seen.
class Walker {
 public:
  Walker(uint64_t seed, const char* who) : random_(seed), who_(who) {}

  uint32_t Below(uint32_t limit) { return static_cast<uint32_t>(random_() % limit); }
  bool Chance(uint32_t percent) { return Below(100) < percent; }

  // Checks an answer against the codes that its page and table list; whether it is a success.
  bool Saw(const char* call, HResult answer, std::initializer_list<HResult> documented) {
    const bool known = std::find(documented.begin(), documented.end(), answer) != documented.end();
    EXPECT_TRUE(known) << who_ << ": " << call << " answered " << answer;
    ++seen_[std::string(call) + " " + answer.name()];
    return answer.ok();
  }
  void AddTo(Tally* sum) const {
    for (const auto& [what, count] : seen_) (*sum)[what] += count;
  }

 private:
  Tally seen_;
  std::mt19937_64 random_;
  const char* const who_;
};

// Commands whose callbacks are counted. They live as long as the walk.
struct CountedCommand {
  VDS_Command command{};
  std::atomic<int> callbacks{0};
  int expected = 0;
  std::atomic<bool> idle{true};
};

void OnCounted(VDS_Command* command) {
  auto* const counted = reinterpret_cast<CountedCommand*>(command->completionContext);
  counted->callbacks.fetch_add(1);
  counted->idle.store(true);
}

class Walk {
 public:
  explicit Walk(uint64_t seed) : seed_(seed), devices_(1 + static_cast<uint32_t>(seed % 3)) {}

  void Run(Tally* tally) {
    Walker primary(seed_ * 4, "primary");
    Walker secondary(seed_ * 4 + 1, "secondary");
    Walker server(seed_ * 4 + 2, "server");
    Must(primary_.Create("", name_, RequestOf(devices_)));
    std::vector<std::thread> threads;
    threads.emplace_back([&] { WalkServer(server); });
    threads.emplace_back([&] { WalkClient(secondary, secondary_, false); });
    WalkClient(primary, primary_, true);
    for (std::thread& thread : threads) thread.join();
    agent_.join();
    for (const Walker* walker : {&primary, &secondary, &server}) walker->AddTo(tally);
    for (size_t i = 0; i < commands_.size(); ++i) {
      EXPECT_EQ(commands_[i].callbacks.load(), commands_[i].expected) << "command " << i;
    }
    for (const SetDescription& set : ListSets()) EXPECT_NE(set.name, name_);
  }

 private:
  static void Must(HResult hr) { ASSERT_EQ(hr, kOk); }

  std::string DeviceName(uint32_t index) const {
    return index == 0 ? name_ : name_ + "/" + std::to_string(index);
  }

  void WalkClient(Walker& walker, ClientSet& set, bool is_primary) {
    std::vector<std::shared_ptr<ClientDevice>> devices;
    std::vector<std::pair<ClientDevice*, VDC_Command*>> held;
    std::vector<uint32_t> handles = {0, 1, 0x80000000U};
    for (int step = 0; step < kSteps; ++step) {
      StepClient(walker, set, is_primary, &devices, &held, &handles);
    }
    walker.Saw("Close", set.Close(), {kOk, kOpen, kProtocol});
    for (const auto& device : devices) {
      VDC_Command* command = nullptr;
      EXPECT_EQ(device->GetCommand(Timeout::Poll(), &command), kProtocol);
      EXPECT_EQ(device->CompleteCommand(command, 0, 0, 0), kProtocol);
    }
  }

  void StepClient(Walker& walker, ClientSet& set, bool is_primary,
                  std::vector<std::shared_ptr<ClientDevice>>* devices,
                  std::vector<std::pair<ClientDevice*, VDC_Command*>>* held,
                  std::vector<uint32_t>* handles) {
    VDConfig configuration{};
    const uint32_t chance = walker.Below(1000);
    if (chance < 60) {
      walker.Saw("GetConfiguration", set.GetConfiguration(kShort, &configuration),
                 {kOk, kAbort, kTimeout, kProtocol});
    } else if (chance < 120 && !is_primary) {
      walker.Saw("OpenInSecondary", set.OpenInSecondary("", name_), {kOk, kProtocol, kAbort});
    } else if (chance < 220) {
      // Names that the server will never give would wait for ten seconds.
      std::shared_ptr<ClientDevice> device;
      const bool opened =
          walker.Saw("OpenDevice", set.OpenDevice(DeviceName(walker.Below(devices_)), &device),
                     {kOk, kAbort, kOpen, kProtocol, kInvalid});
      EXPECT_EQ(opened, device != nullptr);
      if (opened) devices->push_back(device);
    } else if (chance < 260) {
      uint32_t handle = 0;
      uint8_t* const buffer = held->empty() ? nullptr : held->back().second->buffer;
      if (walker.Saw("GetBufferHandle", set.GetBufferHandle(buffer, &handle),
                     {kOk, kProtocol, kInvalid})) {
        handles->push_back(handle);
      }
    } else if (chance < 300) {
      uint8_t* buffer = nullptr;
      const uint32_t handle = (*handles)[walker.Below(static_cast<uint32_t>(handles->size()))];
      walker.Saw("MapBufferHandle", set.MapBufferHandle(static_cast<int32_t>(handle), &buffer),
                 {kOk, kProtocol, kInvalid});
    } else if (chance < 301) {
      walker.Saw("SignalAbort", set.SignalAbort(), {kOk, kProtocol});
    } else if (chance < 302) {
      walker.Saw("Close", set.Close(), {kOk, kOpen, kProtocol});
      held->clear();
    } else if (!devices->empty()) {
      StepDevice(walker, (*devices)[walker.Below(static_cast<uint32_t>(devices->size()))].get(),
                 held);
    }
  }

  static void StepDevice(Walker& walker, ClientDevice* device,
                         std::vector<std::pair<ClientDevice*, VDC_Command*>>* held) {
    if (walker.Chance(50)) {
      VDC_Command* command = nullptr;
      if (walker.Saw("GetCommand",
                     device->GetCommand(walker.Chance(50) ? Timeout::Poll() : kShort, &command),
                     {kOk, kClose, kTimeout, kAbort, kProtocol})) {
        held->emplace_back(device, command);
      }
    } else if (!held->empty()) {
      const size_t at = walker.Below(static_cast<uint32_t>(held->size()));
      const auto [owner, command] = (*held)[at];
      held->erase(held->begin() + static_cast<std::ptrdiff_t>(at));
      const int32_t code = walker.Chance(5) ? 112 : 0;
      walker.Saw("CompleteCommand", owner->CompleteCommand(command, code, 0, 0),
                 {kOk, kAbort, kProtocol});
      if (walker.Chance(5)) {
        walker.Saw("CompleteCommand twice", owner->CompleteCommand(command, code, 0, 0),
                   {kInvalid, kAbort, kProtocol});
      }
    }
  }

  void WalkServer(Walker& walker) {
    agent_ = std::thread([this] {
      // Tries until an agent has run or the set has ended.
      while (!server_closed_.load()) {
        if (server_.ExecuteCompletionAgent().ok()) return;
        std::this_thread::yield();
      }
    });
    std::vector<std::shared_ptr<ServerDevice>> devices;
    std::vector<uint8_t*> buffers;
    walker.Saw("Open", server_.Open("", name_), {kOk, kInvalid});
    for (int step = 0; step < kSteps; ++step) StepServer(walker, &devices, &buffers);
    walker.Saw("Close", server_.Close(), {kOk, kProtocol});
    server_closed_ = true;
    for (const auto& device : devices) EXPECT_EQ(device->CloseDevice(), kProtocol);
  }

  void StepServer(Walker& walker, std::vector<std::shared_ptr<ServerDevice>>* devices,
                  std::vector<uint8_t*>* buffers) {
    VDConfig configuration{};
    const uint32_t chance = walker.Below(1000);
    if (chance < 100) {
      walker.Saw("GetConfiguration", server_.GetConfiguration(&configuration),
                 {kOk, kProtocol, kAbort});
      walker.Saw("BeginConfiguration", server_.BeginConfiguration(0, 512, 0, 65536),
                 {kOk, kProtocol, kAbort});
      walker.Saw("RequestBuffers", server_.RequestBuffers(512, 0, 1),
                 {kOk, kProtocol, kAbort, kMemory});
    } else if (chance < 140) {
      walker.Saw("EndConfiguration", server_.EndConfiguration(), {kOk, kProtocol, kAbort});
    } else if (chance < 240) {
      std::shared_ptr<ServerDevice> device;
      if (walker.Saw(
              "OpenDevice",
              server_.OpenDevice(DeviceName(static_cast<uint32_t>(devices->size())), &device),
              {kOk, kOpen, kProtocol, kAbort})) {
        devices->push_back(device);
      }
    } else if (chance < 300) {
      uint8_t* buffer = nullptr;
      uint32_t count = 0;
      walker.Saw("QueryAvailableBuffers", server_.QueryAvailableBuffers(512, 0, &count),
                 {kOk, kProtocol});
      if (walker.Saw("AllocateBuffer", server_.AllocateBuffer(&buffer, 512, 0),
                     {kOk, kMemory, kProtocol, kAbort})) {
        EXPECT_TRUE(server_.IsSharedBuffer(buffer));
        buffers->push_back(buffer);
      }
    } else if (chance < 330 && !buffers->empty()) {
      const bool freed = walker.Saw("FreeBuffer", server_.FreeBuffer(buffers->back(), 512),
                                    {kOk, kInvalid, kProtocol, kAbort});
      if (freed) buffers->pop_back();
    } else if (chance < 340) {
      walker.Saw("WaitForActive", server_.WaitForActive(kShort),
                 {kOk, kTimeout, kAbort, kProtocol});
    } else if (chance < 341) {
      walker.Saw("SignalAbort", server_.SignalAbort(), {kOk, kProtocol});
    } else if (!devices->empty()) {
      ServerDevice& device = *(*devices)[walker.Below(static_cast<uint32_t>(devices->size()))];
      if (walker.Chance(1)) {
        walker.Saw("CloseDevice", device.CloseDevice(), {kOk, kClose, kAbort, kProtocol});
      } else {
        Send(walker, device, *buffers);
      }
    }
  }

  void Send(Walker& walker, ServerDevice& device, const std::vector<uint8_t*>& buffers) {
    CountedCommand& counted = commands_[walker.Below(static_cast<uint32_t>(commands_.size()))];
    if (!counted.idle.exchange(false)) return;
    counted.command = {};
    counted.command.commandCode = walker.Chance(30) ? VDC_ClearError : VDC_Flush;
    if (!buffers.empty() && walker.Chance(50)) {
      counted.command.commandCode = VDC_Write;
      counted.command.size = 512;
      counted.command.buffer = buffers[walker.Below(static_cast<uint32_t>(buffers.size()))];
    }
    counted.command.completionRoutine = reinterpret_cast<uint8_t*>(&OnCounted);
    counted.command.completionContext = reinterpret_cast<uint8_t*>(&counted);
    ++counted.expected;
    walker.Saw("SendCommand", device.SendCommand(&counted.command),
               {kOk, kQueueFull, kUnexpected, kProtocol, kAbort});
  }

  const uint64_t seed_;
  const uint32_t devices_;
  const std::string name_ = FreshSetName();
  std::array<CountedCommand, 24> commands_;
  ClientSet primary_;
  ClientSet secondary_;
  ServerSet server_;
  std::atomic<bool> server_closed_{false};
  std::thread agent_;
};

// Answers without which a walk has not come to the interesting places and proves nothing.
constexpr std::array kInteresting = {"CompleteCommand NOERROR",     "CompleteCommand VD_E_ABORT",
                                     "GetCommand VD_E_TIMEOUT",     "GetCommand VD_E_CLOSE",
                                     "SendCommand VD_E_UNEXPECTED", "SendCommand VD_E_BUSY",
                                     "MapBufferHandle NOERROR",     "OpenInSecondary NOERROR"};

std::string MissingIn(const Tally& tally) {
  std::string missing;
  for (const char* const what : kInteresting) {
    if (tally.find(what) == tally.end()) missing += std::string(what) + "; ";
  }
  return missing;
}

TEST(RandomWalk, AnswersOnlyWhatIsDocumented) {
  CLAUSE("L-30 to L-53");
  const shm::ScopedSharedMappings shared;
  const uint64_t first = FromEnvironment("VDISIM_WALK_SEED", std::random_device()());
  const bool repeat = std::getenv("VDISIM_WALK_SEED") != nullptr;
  const uint64_t rounds = FromEnvironment("VDISIM_WALK_ROUNDS", repeat ? 1 : 60);
  // The scheduler decides which answers a round can meet, so rounds go on until all were met.
  const uint64_t most_rounds = repeat ? rounds : rounds * 50;
  Tally tally;
  RecordProperty("seed", std::to_string(first));
  for (uint64_t round = 0; round < most_rounds && !HasFailure(); ++round) {
    if (round >= rounds && MissingIn(tally).empty()) break;
    SCOPED_TRACE("VDISIM_WALK_SEED=" + std::to_string(first + round));
    Walk(first + round).Run(&tally);
  }
  if (repeat) return;
  std::string seen;
  for (const auto& [what, count] : tally) seen += what + ": " + std::to_string(count) + "\n";
  EXPECT_EQ(MissingIn(tally), "") << "in\n" << seen;
}

}  // namespace
}  // namespace vdisim
