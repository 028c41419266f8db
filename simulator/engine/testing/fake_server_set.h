// A server object without shared memory, for what a real device set will not do on demand: a full
// queue, no memory, calls that fail. It records the order of calls; commands are completed by the
// agent's thread as a correct client would.
#ifndef SIMULATOR_ENGINE_TESTING_FAKE_SERVER_SET_H_
#define SIMULATOR_ENGINE_TESTING_FAKE_SERVER_SET_H_

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "simulator/engine/set_locator.h"
#include "simulator/include/vdi_codes.h"
#include "simulator/include/vdi_com.h"
#include "simulator/include/vdi_sim.h"

namespace vdisim::testing_support {

// Knows one set, at once.
class FakeLocator final : public SetLocator {
 public:
  bool WaitForSet(std::string_view, std::string_view, std::chrono::milliseconds) override {
    return true;
  }
  std::vector<std::string> KnownSets() override { return {}; }
};

// What one fake set does and has seen; outlives the object.
struct FakeSetState {
  uint32_t device_count = 1;
  uint32_t most_buffers = 1000;  // more give VD_E_MEMORY at EndConfiguration
  size_t queue_depth = 1000;     // more give VD_E_QUEUE_FULL
  bool hold_until_full = false;  // after the first command, none is completed before that
  HRESULT begin_answer = 0;

  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::string> calls;  // of the set, each name once in a row
  std::deque<VDS_Command*> queue;
  uint32_t requested = 0;
  int queue_full = 0;
  int written = 0;
  bool ended = false;
  std::vector<std::unique_ptr<uint8_t[]>> buffers;

  void Note(const std::string& call) {
    const std::scoped_lock lock(mutex);
    if (calls.empty() || calls.back() != call) calls.push_back(call);
  }
};

class FakeServerDevice final : public IServerVirtualDevice {
 public:
  explicit FakeServerDevice(FakeSetState* state) : state_(*state) {}
  HRESULT QueryInterface(REFIID, void**) override { return E_NOINTERFACE; }
  ULONG AddRef() override { return ++references_; }
  ULONG Release() override {
    const ULONG left = --references_;
    if (left == 0) delete this;
    return left;
  }
  HRESULT SendCommand(VDS_Command* command) override {
    {
      const std::scoped_lock lock(state_.mutex);
      if (state_.queue.size() < state_.queue_depth) {
        state_.queue.push_back(command);
        state_.changed.notify_all();
        return 0;
      }
      ++state_.queue_full;
      state_.changed.notify_all();
    }
    command->completionCode = ERROR_NO_SYSTEM_RESOURCES;  // S-SND-20
    reinterpret_cast<void (*)(VDS_Command*)>(command->completionRoutine)(command);
    return VD_E_QUEUE_FULL;
  }
  HRESULT CloseDevice() override {
    state_.Note("CloseDevice");
    return 0;
  }

 private:
  std::atomic<ULONG> references_{1};
  FakeSetState& state_;
};

class FakeServerSet final : public IServerVirtualDeviceSet2 {
 public:
  explicit FakeServerSet(FakeSetState* state) : state_(*state) {}
  HRESULT QueryInterface(REFIID, void**) override { return E_NOINTERFACE; }
  ULONG AddRef() override { return ++references_; }
  ULONG Release() override {
    const ULONG left = --references_;
    if (left == 0) delete this;
    return left;
  }
  HRESULT Open(LPCWSTR, LPCWSTR) override { return Answer("Open"); }
  HRESULT GetConfiguration(VDConfig* configuration) override {
    *configuration = VDConfig{};
    configuration->deviceCount = state_.device_count;
    return Answer("GetConfiguration");
  }
  HRESULT BeginConfiguration(DWORD, DWORD, DWORD, DWORD, DWORD) override {
    Answer("BeginConfiguration");
    return state_.begin_answer;
  }
  HRESULT RequestBuffers(DWORD, DWORD, DWORD count) override {
    Answer("RequestBuffers");
    state_.requested += count;
    return 0;
  }
  HRESULT EndConfiguration() override {
    Answer("EndConfiguration");
    if (state_.requested <= state_.most_buffers) return 0;
    state_.requested = 0;  // G-76
    return VD_E_MEMORY;
  }
  HRESULT QueryAvailableBuffers(DWORD, DWORD, DWORD*) override { return VD_E_PROTOCOL; }
  HRESULT OpenDevice(LPCWSTR, IServerVirtualDevice** device) override {
    *device = new FakeServerDevice(&state_);
    return Answer("OpenDevice");
  }
  HRESULT AllocateBuffer(BYTE** buffer, DWORD size, DWORD) override {
    const std::scoped_lock lock(state_.mutex);
    state_.buffers.push_back(std::make_unique<uint8_t[]>(size));
    *buffer = state_.buffers.back().get();
    return 0;
  }
  HRESULT FreeBuffer(BYTE*, DWORD) override { return VD_E_PROTOCOL; }
  HRESULT IsSharedBuffer(BYTE*) override { return 0; }
  HRESULT ExecuteCompletionAgent() override {
    std::unique_lock lock(state_.mutex);
    while (true) {
      state_.changed.wait(lock, [&] {
        const bool held = state_.hold_until_full && state_.written > 0 && state_.queue_full == 0;
        return state_.ended || (!state_.queue.empty() && !held);
      });
      if (state_.queue.empty()) return 0;
      VDS_Command* command = state_.queue.front();
      state_.queue.pop_front();
      if (command->commandCode == VDC_Write) ++state_.written;
      command->completionCode = ERROR_SUCCESS;
      command->bytesTransferred = command->commandCode == VDC_Write ? command->size : 0;
      lock.unlock();
      reinterpret_cast<void (*)(VDS_Command*)>(command->completionRoutine)(command);
      lock.lock();
    }
  }
  HRESULT SignalAbort() override { return End("SignalAbort"); }
  HRESULT Close() override { return End("Close"); }

 private:
  HRESULT Answer(const char* call) {
    state_.Note(call);
    return 0;
  }
  HRESULT End(const char* call) {
    Answer(call);
    const std::scoped_lock lock(state_.mutex);
    state_.ended = true;
    state_.changed.notify_all();
    return 0;
  }

  std::atomic<ULONG> references_{1};
  FakeSetState& state_;
};

}  // namespace vdisim::testing_support

#endif  // SIMULATOR_ENGINE_TESTING_FAKE_SERVER_SET_H_
