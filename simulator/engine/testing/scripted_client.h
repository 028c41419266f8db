// A client in the test's own process: one thread for each device, media in memory, correct but for
// what the script changes. Its set exists once the constructor has returned.
#ifndef SIMULATOR_ENGINE_TESTING_SCRIPTED_CLIENT_H_
#define SIMULATOR_ENGINE_TESTING_SCRIPTED_CLIENT_H_

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "simulator/device_set/client_set.h"
#include "simulator/include/vdi_codes.h"

namespace vdisim::testing_support {

using Media = std::vector<uint8_t>;

// What a client is about to answer to a command; the script may change it.
struct Answer {
  int32_t code = ERROR_SUCCESS;
  uint32_t bytes = 0;
  bool give = true;    // false: the command is never completed
  bool abort = false;  // SignalAbort instead of completing
};

struct ClientScript {
  uint32_t features = 0;
  uint32_t server_time_out_ms = 0;
  bool open_devices = true;
  bool reverse = false;  // collects commands while there are some, completes the newest first
  // number: of the command on its device, from 1.
  std::function<void(uint32_t device, int number, const VDC_Command&, Answer*)> change;
};

class ScriptedClient {
 public:
  ScriptedClient(const std::string& name, std::vector<std::string> devices,
                 std::vector<Media>* media, ClientScript script = {})
      : devices_(std::move(devices)), media_(*media), script_(std::move(script)) {
    VDConfig config{};
    config.deviceCount = static_cast<uint32_t>(devices_.size());
    config.features = script_.features;
    config.serverTimeOut = script_.server_time_out_ms;
    media_.resize(devices_.size());
    commands_.resize(devices_.size());
    created_ = set_.Create("", name, config);
    main_ = std::thread([this] { Run(); });
  }
  ~ScriptedClient() { Join(); }

  // Ends waits of a client that the engine will never serve.
  void Abort() { (void)set_.SignalAbort().ok(); }
  void Join() {
    if (main_.joinable()) main_.join();
  }

  HResult created() const { return created_; }
  VDConfig configuration() const { return configuration_; }
  // How many devices saw VD_E_CLOSE; after Join.
  int closed() const { return closed_; }
  // Command codes that a device saw, in order; after Join.
  const std::vector<int32_t>& commands(size_t device) const { return commands_[device]; }
  // The sizes of its reads and writes.
  const std::vector<int32_t>& sizes() const { return sizes_; }

 private:
  void Run() {
    if (set_.GetConfiguration(Timeout::Milliseconds(20000), &configuration_).ok() &&
        script_.open_devices) {
      std::vector<std::thread> threads;
      for (uint32_t i = 0; i < devices_.size(); ++i) {
        std::shared_ptr<ClientDevice> device;
        if (!set_.OpenDevice(devices_[i], &device).ok()) break;
        threads.emplace_back([this, i, device] { Serve(i, *device); });
      }
      for (std::thread& thread : threads) thread.join();
    } else if (!script_.open_devices) {
      // Stays until the server gives up.
      VDConfig ignored{};
      while (set_.GetConfiguration(Timeout::Milliseconds(5), &ignored) != kAbort) {
        std::this_thread::yield();
      }
    }
    (void)set_.Close().ok();
  }

  void Serve(uint32_t index, ClientDevice& device) {
    size_t at = 0;
    int number = 0;
    std::vector<std::pair<VDC_Command*, Answer>> held;
    while (true) {
      VDC_Command* command = nullptr;
      const Timeout timeout = held.empty() ? Timeout::Infinite() : Timeout::Poll();
      const HResult hr = device.GetCommand(timeout, &command);
      if (hr == kTimeout) {
        std::reverse(held.begin(), held.end());
        for (const auto& [done, answer] : held) {
          (void)device.CompleteCommand(done, answer.code, answer.bytes, 0).ok();
        }
        held.clear();
        continue;
      }
      if (hr == kClose) ++closed_;
      if (!hr.ok()) return;
      Answer answer = Perform(index, *command, &at);
      Note(index, *command);
      if (script_.change) script_.change(index, ++number, *command, &answer);
      if (answer.abort) {
        Abort();
      } else if (answer.give && script_.reverse) {
        held.emplace_back(command, answer);
      } else if (answer.give) {
        (void)device.CompleteCommand(command, answer.code, answer.bytes, 0).ok();
      }
    }
  }

  void Note(uint32_t index, const VDC_Command& command) {
    commands_[index].push_back(command.commandCode);
    const std::scoped_lock lock(mutex_);
    if (command.commandCode == VDC_Read || command.commandCode == VDC_Write) {
      sizes_.push_back(command.size);
    }
  }

  Answer Perform(uint32_t index, const VDC_Command& command, size_t* at) {
    // A buffer goes from device to device through the server, whose mapping is another one: what
    // orders the two copies is invisible to ThreadSanitizer, so they are ordered here as well.
    const std::scoped_lock lock(mutex_);
    Media& medium = media_[index];
    Answer answer;
    const auto size = static_cast<size_t>(command.size);
    if ((configuration_.features & VDF_RandomAccess) != 0) {
      *at = static_cast<size_t>(command.position);
    }
    if (command.commandCode == VDC_Write) {
      if (medium.size() < *at + size) medium.resize(*at + size);
      std::memcpy(medium.data() + *at, command.buffer, size);
      *at += size;
      answer.bytes = static_cast<uint32_t>(size);
    } else if (command.commandCode == VDC_Read) {
      const size_t count = std::min(size, medium.size() - *at);
      std::memcpy(command.buffer, medium.data() + *at, count);
      *at += count;
      answer.bytes = static_cast<uint32_t>(count);
      if (count < size) answer.code = ERROR_HANDLE_EOF;
    }
    return answer;
  }

  const std::vector<std::string> devices_;
  std::vector<Media>& media_;
  const ClientScript script_;
  ClientSet set_;
  HResult created_;
  VDConfig configuration_{};
  std::atomic<int> closed_{0};
  std::vector<std::vector<int32_t>> commands_;
  std::mutex mutex_;
  std::vector<int32_t> sizes_;
  std::thread main_;
};

}  // namespace vdisim::testing_support

#endif  // SIMULATOR_ENGINE_TESTING_SCRIPTED_CLIENT_H_
