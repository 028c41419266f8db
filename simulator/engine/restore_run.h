// The commands of a RESTORE, over a conversation that has started: first the header of every
// stream, then, if the engine accepts what they say, the rest of all of them in reads of the
// server's own choosing. One thread drives it.
#ifndef SIMULATOR_ENGINE_RESTORE_RUN_H_
#define SIMULATOR_ENGINE_RESTORE_RUN_H_

#include <memory>
#include <vector>

#include "simulator/engine/conversation.h"
#include "simulator/engine/restore_target.h"
#include "simulator/engine/stripe_parser.h"

namespace vdisim {

class RestoreRun {
 public:
  // seed: of the read sizes.
  RestoreRun(Conversation* conversation, const Profile& profile, uint64_t seed);
  ~RestoreRun();

  // Reads the header of every device, or of the first one only. False: failed, with the messages
  // 3208, 3241, 3242 or 3268 where a stream is not one to be restored.
  bool ReadHeaders(bool first_only);
  // The descriptors that were read, by device.
  const std::vector<MediaDescriptor>& descriptors() const { return descriptors_; }

  // Reads everything that is left and hands the data to the target. False: failed.
  bool ReadData(RestoreTarget* target);

  // Bytes of all streams, once the headers are read.
  uint64_t total_bytes() const;

 private:
  struct Stripe;
  void ReadHeader(DeviceCommands& device);
  void ReadStream(DeviceCommands& device);
  uint32_t SizeOfRead(const DeviceCommands& device, uint32_t usual, uint64_t left);
  void ReadPastEnd(DeviceCommands& device);
  bool TakeCompletion(DeviceCommands& device, const SentCommand& command);
  void FailMedia(DeviceCommands& device, MediaError error, uint64_t command_number);

  Conversation* const conversation_;
  const Profile& profile_;
  const uint64_t seed_;
  std::vector<std::unique_ptr<Stripe>> stripes_;
  std::vector<MediaDescriptor> descriptors_;
  RestoreTarget* target_ = nullptr;
};

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_RESTORE_RUN_H_
