#include "simulator/device_set/set_pair_for_test.h"

#include <atomic>
#include <chrono>
#include <utility>

#include "simulator/base/check.h"
#include "simulator/shm/liveness.h"

namespace vdisim {
namespace {

void Must(HResult hr, const char* what) { VDI_CHECK(hr.ok(), (hr.ToString() + what).c_str()); }

}  // namespace

std::string FreshSetName() {
  static std::atomic<uint32_t> number{0};
  return "test set " + std::to_string(shm::ThisProcess().pid) + "." +
         std::to_string(number.fetch_add(1));
}

VDConfig RequestOf(uint32_t devices) {
  VDConfig request{};
  request.deviceCount = devices;
  return request;
}

SentCommand::SentCommand(int32_t code, uint8_t* buffer, int32_t size, int64_t position)
    : frame_(std::make_unique<Frame>()) {
  frame_->command.commandCode = code;
  frame_->command.buffer = buffer;
  frame_->command.size = size;
  frame_->command.inPosition = position;
  frame_->command.completionRoutine = reinterpret_cast<uint8_t*>(&SentCommand::OnCompletion);
}

SentCommand::~SentCommand() {
  static std::mutex mutex;
  // NOLINTNEXTLINE(bugprone-unhandled-exception-at-new): a test without memory may end here
  static auto* const ended = new std::vector<std::unique_ptr<Frame>>();
  const std::lock_guard lock(mutex);
  ended->push_back(std::move(frame_));
}

void SentCommand::OnCompletion(VDS_Command* command) {
  Frame& frame = *reinterpret_cast<Frame*>(command);
  const std::lock_guard lock(frame.mutex);
  VDI_CHECK(!frame.done, "a callback ran twice");
  frame.done = true;
  frame.thread = std::this_thread::get_id();
  frame.completed.notify_all();
}

std::optional<int32_t> SentCommand::Await() {
  std::unique_lock lock(frame_->mutex);
  if (!frame_->completed.wait_for(lock, std::chrono::seconds(10),
                                  [this] { return frame_->done; })) {
    return std::nullopt;
  }
  return frame_->command.completionCode;
}

bool SentCommand::IsCompleted() {
  const std::lock_guard lock(frame_->mutex);
  return frame_->done;
}

std::thread::id SentCommand::callback_thread() {
  const std::lock_guard lock(frame_->mutex);
  return frame_->thread;
}

void SentCommand::Rearm() {
  const std::lock_guard lock(frame_->mutex);
  frame_->done = false;
}

SetPair::SetPair(const Options& options)
    : client(ClientOptions{
          .mode = 0600, .virtual_clock = options.virtual_clock, .guard = options.guard}),
      options_(options) {}

SetPair::~SetPair() {
  static_cast<void>(server.Close());
  if (agent_.joinable()) agent_.join();
  static_cast<void>(client.Close());
}

SetPair& SetPair::Create() {
  Must(client.Create("", name_, options_.request), " Create");
  return *this;
}

SetPair& SetPair::ServerOpen() {
  Create();
  Must(server.Open("", name_), " Open");
  return *this;
}

SetPair& SetPair::Begin() {
  ServerOpen();
  Must(server.BeginConfiguration(VDF_WriteMedia, 512, 0, 1U << 20), " BeginConfiguration");
  return *this;
}

SetPair& SetPair::End() {
  Begin();
  Must(server.RequestBuffers(options_.buffer_bytes, options_.buffer_alignment, options_.buffers),
       " RequestBuffers");
  Must(server.EndConfiguration(), " EndConfiguration");
  VDConfig actual{};
  Must(client.GetConfiguration(Timeout::Infinite(), &actual), " GetConfiguration");
  return *this;
}

std::string SetPair::DeviceName(uint32_t index) const {
  return index == 0 ? name_ : name_ + "/" + std::to_string(index);
}

SetPair& SetPair::OpenDevices() {
  End();
  for (uint32_t i = 0; i < options_.request.deviceCount; ++i) {
    server_devices.emplace_back();
    Must(server.OpenDevice(DeviceName(i), &server_devices.back()), " server OpenDevice");
    client_devices.emplace_back();
    Must(client.OpenDevice(DeviceName(i), &client_devices.back()), " client OpenDevice");
  }
  return *this;
}

void SetPair::StartAgent() {
  agent_ = std::thread([this] { agent_result_ = server.ExecuteCompletionAgent(); });
}

SetPair& SetPair::Activate() {
  OpenDevices();
  StartAgent();
  Must(server.WaitForActive(Timeout::Infinite()), " WaitForActive");
  return *this;
}

SetPair& SetPair::CloseDevices() {
  Activate();
  for (const auto& device : server_devices) Must(device->CloseDevice(), " CloseDevice");
  return *this;
}

SetPair& SetPair::ReadCloses() {
  CloseDevices();
  for (const auto& device : client_devices) {
    VDC_Command* command = nullptr;
    VDI_CHECK(device->GetCommand(Timeout::Infinite(), &command) == kClose, "no close");
  }
  return *this;
}

std::unique_ptr<ClientSet> SetPair::Secondary() {
  auto secondary = std::make_unique<ClientSet>();
  Must(secondary->OpenInSecondary("", name_), " OpenInSecondary");
  return secondary;
}

std::unique_ptr<ControlSegment> SetPair::Spy() {
  auto control = ControlSegment::Open("", name_);
  VDI_CHECK(control.ok(), "the set cannot be opened");
  return std::move(control.value());
}

uint8_t* SetPair::Allocate(uint32_t size) {
  uint8_t* buffer = nullptr;
  Must(server.AllocateBuffer(&buffer, size, 0), " AllocateBuffer");
  return buffer;
}

uint8_t* SetPair::Deliver(uint8_t* buffer, int32_t size, SentCommand* sent, VDC_Command** command) {
  sent->get()->commandCode = VDC_Write;
  sent->get()->buffer = buffer;
  sent->get()->size = size;
  Must(server_devices[0]->SendCommand(sent->get()), " SendCommand");
  Must(client_devices[0]->GetCommand(Timeout::Infinite(), command), " GetCommand");
  return (*command)->buffer;
}

VdiSimAbortReason SetPair::Reason() {
  VdiSimAbortReason reason = VdiSimNotAborted;
  Must(server.GetAbortReason(&reason), " GetAbortReason");
  return reason;
}

HResult SetPair::JoinAgent() {
  agent_.join();
  return *agent_result_;
}

}  // namespace vdisim
