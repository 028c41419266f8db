#include "simulator/bench/measured_set.h"

#include <unistd.h>

#include <cstring>

#include "simulator/include/vdi_codes.h"

namespace vdisim::bench {
namespace {

void Expect(HResult hr, const char* what) {
  if (hr.ok()) return;
  std::fprintf(stderr, "benchmark: %s: %s\n", what, hr.ToString().c_str());
  std::_Exit(3);
}

std::string FreshName() {
  static std::atomic<uint32_t> number{0};
  return "bench " + std::to_string(getpid()) + "." + std::to_string(number.fetch_add(1));
}

}  // namespace

MeasuredSet::MeasuredSet(const BulkShape& shape, Payload payload, Door door)
    : shape_(shape), payload_(payload), source_(shape.block_bytes, uint8_t{0x5a}) {
  const std::string name = FreshName();
  // A budget learns what it may spin from the processors of the first thread that asks: of this
  // one, which is not pinned.
  const shm::SpinBudget measured_before_pinning;
  child_ = std::make_unique<ChildProcess>(
      [this, &name, door] { door == Door::kLibrary ? ServeLibrary(name) : ServeClientHalf(name); });
  created_.Await();
  Expect(server_.Open("", name), "Open");
  Expect(server_.BeginConfiguration(VDF_WriteMedia, 512, 0, 4U << 20), "BeginConfiguration");
  Expect(server_.RequestBuffers(shape.block_bytes, 0, shape.depth * shape.devices),
         "RequestBuffers");
  Expect(server_.EndConfiguration(), "EndConfiguration");
  for (uint32_t i = 0; i < shape.devices; ++i) {
    std::shared_ptr<ServerDevice> device;
    Expect(server_.OpenDevice(i == 0 ? name : name + std::to_string(i), &device), "OpenDevice");
    devices_.push_back(device);
  }
  agent_ = std::jthread([this] {
    // Bulk transfer is compared with threads that the system places, a round trip with pinned ones.
    if (payload_ == Payload::kNone) PinThisThread(0);
    Expect(server_.ExecuteCompletionAgent(), "ExecuteCompletionAgent");
  });
  Expect(server_.WaitForActive(Timeout::Milliseconds(10000)), "WaitForActive");
  for (uint32_t i = 0; i < shape.depth * shape.devices; ++i) {
    auto slot = std::make_unique<Slot>();
    slot->set = this;
    slot->device = i % shape.devices;
    slot->command = {};
    slot->command.commandCode = VDC_Write;
    slot->command.size = static_cast<int32_t>(shape.block_bytes);
    slot->command.completionRoutine = reinterpret_cast<uint8_t*>(&MeasuredSet::OnCompletion);
    Expect(server_.AllocateBuffer(&slot->command.buffer, shape.block_bytes, 0), "AllocateBuffer");
    slots_.push_back(std::move(slot));
  }
}

MeasuredSet::~MeasuredSet() {
  for (const auto& device : devices_) Expect(device->CloseDevice(), "CloseDevice");
  Expect(server_.Close(), "Close");
  child_->Join();  // the primary's Close takes the set's name away
}

std::chrono::nanoseconds MeasuredSet::Run(uint32_t commands) {
  to_send_.assign(shape_.devices, commands);
  const uint64_t in_flight = std::min(commands, shape_.depth);
  pending_.store(uint64_t{commands} * shape_.devices);
  const auto begin = std::chrono::steady_clock::now();
  // The first command of each buffer; from there on the agent sends the next from the callback.
  for (uint32_t i = 0; i < in_flight * shape_.devices; ++i) --to_send_[slots_[i]->device];
  for (uint32_t i = 0; i < in_flight * shape_.devices; ++i) {
    Slot* slot = slots_[i].get();
    Refill(slot);
    Expect(devices_[slot->device]->SendCommand(&slot->command), "SendCommand");
  }
  for (uint64_t left = pending_.load(); left != 0; left = pending_.load()) pending_.wait(left);
  return std::chrono::steady_clock::now() - begin;
}

void MeasuredSet::Refill(Slot* slot) {
  if (payload_ == Payload::kCopied) {
    std::memcpy(slot->command.buffer, source_.data(), shape_.block_bytes);
  }
}

void MeasuredSet::OnCompletion(VDS_Command* command) {
  auto* slot = reinterpret_cast<Slot*>(command);
  MeasuredSet& set = *slot->set;
  if (command->completionCode != ERROR_SUCCESS) Expect(kUnexpected, "a completion with an error");
  if (set.to_send_[slot->device] > 0) {
    --set.to_send_[slot->device];
    set.Refill(slot);
    Expect(set.devices_[slot->device]->SendCommand(command), "SendCommand");
  }
  if (set.pending_.fetch_sub(1) == 1) set.pending_.notify_all();
}

void MeasuredSet::ServeClientHalf(const std::string& name) {
  ClientSet set;
  VDConfig request = {};
  request.deviceCount = shape_.devices;
  Expect(set.Create("", name, request), "Create");
  created_.Raise();
  VDConfig configuration = {};
  Expect(set.GetConfiguration(Timeout::Infinite(), &configuration), "GetConfiguration");
  std::vector<std::jthread> threads;
  for (uint32_t i = 0; i < shape_.devices; ++i) {
    threads.emplace_back([this, &set, &name, i] {
      if (payload_ == Payload::kNone) PinThisThread(1);
      std::shared_ptr<ClientDevice> device;
      Expect(set.OpenDevice(i == 0 ? name : name + std::to_string(i), &device), "OpenDevice");
      std::vector<uint8_t> sink(shape_.block_bytes);
      VDC_Command* command = nullptr;
      while (device->GetCommand(Timeout::Infinite(), &command).ok()) {
        const auto size = static_cast<uint32_t>(command->size);
        if (payload_ == Payload::kCopied) std::memcpy(sink.data(), command->buffer, size);
        Expect(device->CompleteCommand(command, ERROR_SUCCESS, size, 0), "CompleteCommand");
      }
    });
  }
  threads.clear();
  Expect(set.Close(), "Close");
}

// One device is enough here: what a call costs more through the library does not depend on it.
void MeasuredSet::ServeLibrary(const std::string& name) {
  std::string writable = name;
  ClientVirtualDeviceSet set;
  VDConfig config = {};
  config.deviceCount = 1;
  Expect(HResult(set.Create(writable.data(), &config)), "Create");
  created_.Raise();
  Expect(HResult(set.GetConfiguration(VDI_INFINITE, &config)), "GetConfiguration");
  ClientVirtualDevice* device = nullptr;
  Expect(HResult(set.OpenDevice(writable.data(), &device)), "OpenDevice");
  PinThisThread(1);
  VDC_Command* command = nullptr;
  while (device->GetCommand(VDI_INFINITE, &command) == 0) {
    Expect(HResult(device->CompleteCommand(command, ERROR_SUCCESS,
                                           static_cast<uint32_t>(command->size), 0)),
           "CompleteCommand");
  }
  Expect(HResult(set.Close()), "Close");
}

}  // namespace vdisim::bench
