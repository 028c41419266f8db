// The commands of one device: sends them, remembers which are outstanding, and gives them back in
// the order they were sent or in the order they were completed. One thread sends and takes; the
// completion agent's thread calls back. The object must live until the agent has ended.
#ifndef SIMULATOR_ENGINE_DEVICE_COMMANDS_H_
#define SIMULATOR_ENGINE_DEVICE_COMMANDS_H_

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "simulator/base/com_ptr.h"
#include "simulator/engine/run_state.h"
#include "simulator/engine/statement_watch.h"
#include "simulator/engine/transfer_buffers.h"
#include "simulator/include/vdi_com.h"

namespace vdisim {

class DeviceCommands;

// A command on its way. The set holds its address until the callback has run.
struct SentCommand {
  VDS_Command vds{};
  DeviceCommands* device = nullptr;
  uint64_t number = 0;         // on this device, from 1
  uint64_t stream_offset = 0;  // where its bytes lie in the stream
  TransferBuffer buffer;       // number 0: the device's metadata buffer, or none
  int64_t sent_at_ns = 0;      // of the monotonic clock
  std::thread::id sender;      // a callback on this thread is a refusal (CMD-S04)
  bool again = false;          // it was sent before, and came back with an error
  bool cleared = false;        // VDC_ClearError has ended what its error meant
  bool done = false;           // guarded by the device's mutex

  uint32_t os_code() const { return static_cast<uint32_t>(vds.completionCode); }
  uint32_t size() const { return static_cast<uint32_t>(vds.size); }
  uint32_t transferred() const { return static_cast<uint32_t>(vds.bytesTransferred); }
};

// VDC_Read or VDC_Write.
bool MovesData(int32_t code);

enum class CompletionVerdict { kGood, kError, kMismatch };
// What a completion means: an error code fails the command, and so does success with a number of
// bytes that is not the one asked for (G-57, G-58). Pure.
CompletionVerdict JudgeCompletion(const VDS_Command& command);

class DeviceCommands {
 public:
  // number: from 1. share: how many commands may be outstanding. Pointers are not owned.
  DeviceCommands(RunState* run, StatementWatch* watch, TransferBufferPool* pool,
                 ComPtr<IServerVirtualDevice> device, std::string name, uint32_t number,
                 uint32_t share);

  const std::string& name() const { return name_; }
  uint32_t number() const { return number_; }
  uint32_t index() const { return number_ - 1; }
  IServerVirtualDevice* device() const { return device_.get(); }
  RunState& run() { return *run_; }
  // A completion with an error code has put the device into IO-ERROR (CMD-10).
  bool errored() const { return errored_; }
  // How many commands were sent.
  uint64_t sent() const { return sent_; }

  void SetMetadataBuffer(uint8_t* data) { metadata_buffer_ = data; }
  void SetRandomAccess(bool on) { random_access_ = on; }
  uint8_t* metadata_buffer() const { return metadata_buffer_; }
  TransferBufferPool& pool() { return *pool_; }

  // Whether there is something left to send for: no failure anywhere, and room in the share.
  bool MaySend() const { return !run_->failed() && outstanding_.size() < share_; }
  bool idle() const { return outstanding_.empty(); }

  // Sends a command. When the queue is full (S-SND-02) it waits for a completion and tries again.
  // False if it could not be sent: then the failure is recorded and the buffer is back in the pool.
  bool Send(int32_t code, TransferBuffer buffer, uint32_t size, uint64_t stream_offset);

  // Waits for the command that was sent first, or for any. NULL if none is outstanding, or if no
  // completion will come any more. The caller gives a pooled buffer back with Retire. Where the
  // fault plan wants it, errors are cleared meanwhile, and what failed is sent again once.
  std::unique_ptr<SentCommand> TakeOldest();
  std::unique_ptr<SentCommand> TakeAny();
  void Retire(std::unique_ptr<SentCommand> command);

  // Records a failure unless the command succeeded.
  bool Accept(const SentCommand& command);

  // Sends a command without data, waits for it and judges it.
  bool Execute(int32_t code);
  // The same, without recording an error completion: for commands whose answer changes nothing.
  void ExecuteAndIgnore(int32_t code);

  // For the fault plan. Waits until every outstanding command has ended, and takes none.
  void AwaitOutstanding();
  // Whether one of them has ended with an error.
  bool HasError();
  // Sends a command of the plan's own, once all others have ended, and waits for it. NULL if it was
  // not sent, because one of the others has failed (CMD-11) or the device refuses it, or if no
  // completion comes. A code that moves data gets a block of the metadata buffer.
  std::unique_ptr<SentCommand> Interject(int32_t code);

  // Waits until nothing is outstanding (CMD-07).
  void Drain();

  // No completion will come any more; whoever waits for one stops. Any thread.
  void Abandon();

 private:
  static void OnCompletion(VDS_Command* vds);
  void Complete(SentCommand* command);
  void NoteCompletion(const SentCommand& command);
  HResult Post(SentCommand* command);
  bool SentAgain(const SentCommand& failed);
  bool SentAgainWithOthers();
  std::unique_ptr<SentCommand> Remove(const std::deque<std::unique_ptr<SentCommand>>::iterator& at);
  bool WaitForRoom();
  Failure FailureOf(const SentCommand& command) const;

  RunState* const run_;
  StatementWatch* const watch_;
  TransferBufferPool* const pool_;
  const ComPtr<IServerVirtualDevice> device_;
  const std::string name_;
  const uint32_t number_;
  const uint32_t share_;
  uint8_t* metadata_buffer_ = nullptr;
  bool random_access_ = false;
  bool errored_ = false;
  uint64_t sent_ = 0;
  std::deque<std::unique_ptr<SentCommand>> outstanding_;  // touched by the sending thread only

  std::mutex mutex_;
  std::condition_variable changed_;
  uint64_t done_count_ = 0;
  bool abandoned_ = false;
};

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_DEVICE_COMMANDS_H_
