#include "simulator/engine/restore_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "simulator/engine/media_set_check.h"
#include "simulator/engine/transfer_sizes.h"
#include "simulator/include/vdi_codes.h"

namespace vdisim {

// What one device's thread knows of its stream.
struct RestoreRun::Stripe {
  explicit Stripe(StripeParser::DataHandler on_data) : parser(std::move(on_data)) {}
  StripeParser parser;
  uint64_t asked = 0;     // bytes that reads were sent for
  Provenance current;     // of the bytes that the parser is being fed
  bool file_bad = false;  // the target could not be written
  bool ended = false;     // a read brought an error: what later ones bring does not follow
};

namespace {

bool MeansEndOfData(uint32_t os_code) {
  return os_code == ERROR_HANDLE_EOF || os_code == ERROR_NO_DATA_DETECTED;  // CMD-Read-2, -3
}

Failure FileNotWritten() {
  Failure failure;
  failure.kind = FailureKind::kOwnFile;
  failure.device = "data";
  failure.os_code = ERROR_DISK_FULL;
  failure.detail = "the restored file could not be written to the home of the instance";
  return failure;
}

}  // namespace

RestoreRun::RestoreRun(Conversation* conversation, const Profile& profile, uint64_t seed)
    : conversation_(conversation), profile_(profile), seed_(seed) {
  for (uint32_t i = 0; i < conversation_->device_count(); ++i) {
    stripes_.push_back(std::make_unique<Stripe>(
        [this, i](uint64_t content_offset, uint64_t stream_offset, std::span<const uint8_t> bytes) {
          Stripe& stripe = *stripes_[i];
          if (target_ == nullptr || stripe.file_bad) return;
          stripe.current.stream_offset = stream_offset;
          stripe.file_bad = !target_->Take(i, content_offset, bytes, stripe.current);
        }));
  }
}

RestoreRun::~RestoreRun() = default;

uint64_t RestoreRun::total_bytes() const {
  uint64_t total = 0;
  for (const MediaDescriptor& d : descriptors_) total += d.plan.StreamBytes(d.family - 1);
  return total;
}

bool RestoreRun::ReadHeaders(bool first_only) {
  if (!conversation_->RunOnDevices([&](DeviceCommands& device) {
        if (!first_only || device.index() == 0) ReadHeader(device);
      })) {
    return false;
  }
  for (size_t i = 0; i < (first_only ? 1 : stripes_.size()); ++i) {
    descriptors_.push_back(stripes_[i]->parser.descriptor());
  }
  conversation_->watch().SetMedia(descriptors_);
  if (first_only) return true;
  if (const auto message = CheckMediaSet(descriptors_, conversation_->device_names())) {
    Failure failure;
    failure.messages.push_back(*message);
    conversation_->Fail(std::move(failure));
    return false;
  }
  return true;
}

// The header is read in two small commands: one block, then the rest.
void RestoreRun::ReadHeader(DeviceCommands& device) {
  const Configuration& configuration = conversation_->configuration();
  Stripe& stripe = *stripes_[device.index()];
  while (!stripe.parser.has_descriptor() && device.MaySend()) {
    const uint64_t wanted = stripe.parser.bytes_wanted();
    const uint32_t size =
        stripe.asked == 0
            ? configuration.block_bytes
            : static_cast<uint32_t>((wanted + configuration.block_bytes - 1) /
                                    configuration.block_bytes * configuration.block_bytes);
    const uint64_t offset = std::exchange(stripe.asked, stripe.asked + size);
    if (!device.Send(VDC_Read, {device.metadata_buffer(), 0}, size, offset)) return;
    const auto done = device.TakeOldest();
    if (!done || !TakeCompletion(device, *done)) break;
  }
  if (!stripe.parser.has_descriptor()) return;
  const uint32_t written = stripe.parser.descriptor().plan.block_bytes;
  if (written % configuration.block_bytes == 0) return;
  // CFG-31. A smaller block that divides the original reads the same stream, and is let through.
  Failure failure;
  failure.messages.push_back(MakeMessage(3268, device.name(), written, configuration.block_bytes));
  device.run().Fail(std::move(failure));
}

bool RestoreRun::ReadData(RestoreTarget* target) {
  target_ = target;
  return conversation_->RunOnDevices([&](DeviceCommands& device) { ReadStream(device); });
}

void RestoreRun::ReadStream(DeviceCommands& device) {
  Stripe& stripe = *stripes_[device.index()];
  TransferSizer sizer(profile_.read_sizes, conversation_->watch().faults.plan().read_sizes,
                      conversation_->configuration(), seed_ + device.number());
  // Nothing is asked for beyond what the header announced.
  uint64_t left = stripe.parser.bytes_wanted();
  while (!stripe.parser.complete()) {
    while (left > 0 && device.MaySend()) {
      const uint32_t size = SizeOfRead(device, sizer.Next(left), left);
      if (!device.Send(VDC_Read, device.pool().Take(), size, stripe.asked)) break;
      stripe.asked += size;
      left -= std::min<uint64_t>(size, left);
    }
    // What was sent before a failure is looked at, in order: it may hold the cause.
    auto done = device.TakeOldest();
    if (!done) return;
    TakeCompletion(device, *done);
    device.Retire(std::move(done));
  }
  if (!device.run().failed() && conversation_->watch().faults.ReadsPastEnd(device, false)) {
    ReadPastEnd(device);
  }
}

// usual: what would be asked for if nothing were planned. A last Read that asks for more than is
// left cannot be had of MAXTRANSFERSIZE bytes exactly, so one of a block goes before it.
uint32_t RestoreRun::SizeOfRead(const DeviceCommands& device, uint32_t usual, uint64_t left) {
  const Configuration& configuration = conversation_->configuration();
  if (usual < left) return usual;
  if (!conversation_->watch().faults.WillReadPastEnd(device, true)) return usual;
  if (left == configuration.max_transfer_bytes) return configuration.block_bytes;
  (void)conversation_->watch().faults.ReadsPastEnd(device, true);
  return configuration.max_transfer_bytes;
}

// Whatever the client makes of it, the data was complete.
void RestoreRun::ReadPastEnd(DeviceCommands& device) {
  const uint32_t size = conversation_->configuration().max_transfer_bytes;
  if (!device.Send(VDC_Read, device.pool().Take(), size, stripes_[device.index()]->asked)) return;
  if (auto done = device.TakeOldest()) device.Retire(std::move(done));
}

// Feeds what a read brought to the parser. False if that failed the statement.
bool RestoreRun::TakeCompletion(DeviceCommands& device, const SentCommand& command) {
  Stripe& stripe = *stripes_[device.index()];
  const bool end_of_data = MeansEndOfData(command.os_code());
  const bool usable = end_of_data && command.transferred() <= command.size();
  if (stripe.ended || (!usable && !device.Accept(command))) {
    stripe.ended = true;
    return false;
  }
  stripe.ended = end_of_data;
  stripe.current = {device.number(), device.name(), command.number, command.buffer.number, 0};
  MediaError error = stripe.parser.Feed({command.vds.buffer, command.transferred()});
  // A client may say with its last bytes that there are no more (CMD-Read-5). Then a stream that is
  // whole is whole.
  if (error == MediaError::kNone && end_of_data) error = stripe.parser.EndOfData();
  if (stripe.file_bad) device.run().Fail(FileNotWritten());
  if (error != MediaError::kNone) FailMedia(device, error, command.number);
  return !device.run().failed();
}

void RestoreRun::FailMedia(DeviceCommands& device, MediaError error, uint64_t command_number) {
  const StripeParser& parser = stripes_[device.index()]->parser;
  Failure failure;
  failure.kind = FailureKind::kMedia;
  failure.device = device.name();
  failure.device_number = device.number();
  failure.command_code = VDC_Read;
  failure.command_number = command_number;
  failure.media_error = error;
  failure.stream_offset = parser.error_offset();
  switch (error) {
    case MediaError::kChecksum:
      failure.detail = fmt::format(
          "extent {} is damaged: bytes from {} on of the stream of device {} '{}', database offset "
          "{}; seen at command {}",
          parser.error_extent(), parser.error_offset(), device.number(), device.name(),
          DatabaseOffset(parser.descriptor().kind,
                         parser.error_extent() * parser.descriptor().plan.extent_bytes),
          command_number);
      break;
    case MediaError::kWrongMark:
      failure.detail = fmt::format(
          "byte {} of the stream of device {} '{}' should begin an extent and does not; seen at "
          "command {}",
          parser.error_offset(), device.number(), device.name(), command_number);
      break;
    case MediaError::kWrongOrder:
      failure.detail = fmt::format(
          "byte {} of the stream of device {} '{}' begins an extent that does not belong there; "
          "seen at command {}",
          parser.error_offset(), device.number(), device.name(), command_number);
      break;
    default:
      break;
  }
  const auto difference =
      target_ != nullptr ? target_->first_difference() : std::optional<Difference>();
  if (difference) failure.detail += "; " + difference->Text();
  device.run().Fail(std::move(failure));
}

}  // namespace vdisim
