#include "simulator/engine/backup_run.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "simulator/engine/stripe_writer.h"
#include "simulator/engine/transfer_sizes.h"
#include "simulator/include/vdi_codes.h"

namespace vdisim {
namespace {

Failure ContentUnreadable() {
  Failure failure;
  failure.kind = FailureKind::kOwnFile;
  failure.device = "database";
  failure.os_code = ERROR_READ_FAULT;
  failure.detail = "the source of the database could not be read; has its file become shorter?";
  return failure;
}

// Writes what lies before `end` in the stream, at most `most` bytes at a time.
class StreamWriter {
 public:
  StreamWriter(DeviceCommands& device, StripeWriter& stream) : device_(device), stream_(stream) {}

  // Header and last block go through the small buffer, one at a time.
  void WriteMetadata(uint64_t bytes, uint32_t most) {
    while (bytes > 0 && device_.MaySend()) {
      const auto size = static_cast<uint32_t>(std::min<uint64_t>(bytes, most));
      if (!Send({device_.metadata_buffer(), 0}, size)) return;
      const auto done = device_.TakeOldest();
      if (!done || !device_.Accept(*done)) return;
      bytes -= size;
    }
  }

  // Everything else: as many commands in flight as the share allows, completed in any order.
  void WriteData(uint64_t bytes, TransferSizer sizer) {
    while (!device_.run().failed()) {
      while (bytes > 0 && device_.MaySend()) {
        const uint32_t size = sizer.Next(bytes);
        if (!Send(device_.pool().Take(), size)) return;
        bytes -= size;
      }
      auto done = device_.TakeAny();
      if (!done) return;
      device_.Accept(*done);
      device_.Retire(std::move(done));
    }
  }

 private:
  bool Send(TransferBuffer buffer, uint32_t size) {
    const uint64_t offset = stream_.stream_bytes() - stream_.bytes_left();
    if (!stream_.Produce({buffer.data, size})) {
      device_.run().Fail(ContentUnreadable());
      if (buffer.number != 0) device_.pool().Give(buffer);
      return false;
    }
    return device_.Send(VDC_Write, buffer, size, offset);
  }

  DeviceCommands& device_;
  StripeWriter& stream_;
};

std::vector<std::unique_ptr<StripeWriter>> MakeStreams(Conversation& conversation,
                                                       const MediaDescriptor& media,
                                                       const DataSource& content) {
  std::vector<std::unique_ptr<StripeWriter>> streams;
  std::vector<MediaDescriptor> descriptors;
  for (uint32_t i = 0; i < conversation.device_count(); ++i) {
    descriptors.push_back(media);
    descriptors.back().family = i + 1;
    streams.push_back(std::make_unique<StripeWriter>(descriptors.back(), content.OpenReader()));
  }
  conversation.watch().SetMedia(std::move(descriptors));
  return streams;
}

void WriteHeader(DeviceCommands& device, StripeWriter& stream, const MediaDescriptor& media,
                 const Configuration& configuration) {
  StreamWriter(device, stream)
      .WriteMetadata(media.plan.HeaderBytes(), configuration.metadata_bytes);
}

void WriteRest(DeviceCommands& device, StripeWriter& stream, const MediaDescriptor& media,
               Conversation& conversation) {
  const Configuration& configuration = conversation.configuration();
  StreamWriter writer(device, stream);
  const uint64_t last = media.plan.block_bytes;
  writer.WriteData(
      stream.bytes_left() - last,
      TransferSizer(ReadSizes::kMaximum, conversation.watch().faults.plan().write_sizes,
                    configuration, device.number()));
  if (!device.run().failed()) writer.WriteMetadata(last, configuration.metadata_bytes);
}

}  // namespace

bool RunBackup(Conversation& conversation, const MediaDescriptor& media,
               const DataSource& content) {
  const Configuration& configuration = conversation.configuration();
  const auto streams = MakeStreams(conversation, media, content);
  if (!conversation.RunOnDevices([&](DeviceCommands& device) {
        StripeWriter& stream = *streams[device.index()];
        WriteHeader(device, stream, media, configuration);
        if (!device.run().failed()) WriteRest(device, stream, media, conversation);
      })) {
    return false;
  }
  if (conversation.FailsAt(FailMoment::kAfterLastWrite)) return false;
  // Each step begins when all devices have ended the one before: what VDC_Complete promises is true
  // of the whole set (G-35).
  FaultRun& faults = conversation.watch().faults;
  if (!faults.SkipsFlush() &&
      !conversation.RunOnDevices([](DeviceCommands& device) { device.Execute(VDC_Flush); })) {
    return false;
  }
  if (!faults.SendsComplete(configuration.complete)) return true;
  return conversation.RunOnDevices([](DeviceCommands& device) { device.Execute(VDC_Complete); });
}

bool RunSnapshotBackup(Conversation& conversation, const MediaDescriptor& media,
                       const DataSource& content, const FreezeHooks& hooks) {
  const Configuration& configuration = conversation.configuration();
  const auto streams = MakeStreams(conversation, media, content);
  if (!conversation.RunOnDevices([&](DeviceCommands& device) {
        WriteHeader(device, *streams[device.index()], media, configuration);
        if (configuration.prepare) device.Execute(VDC_PrepareToFreeze);
      })) {
    return false;
  }
  hooks.freeze();
  const bool taken =
      conversation.RunOnDevices([&](DeviceCommands& device) {
        WriteRest(device, *streams[device.index()], media, conversation);
      }) &&
      !conversation.FailsAt(FailMoment::kAfterLastWrite) &&
      conversation.RunOnDevices([](DeviceCommands& device) { device.Execute(VDC_Snapshot); });
  hooks.thaw();
  return taken;
}

}  // namespace vdisim
