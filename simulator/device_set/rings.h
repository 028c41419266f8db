// The two rings of a device: commands from the server to the client, completions back. Each entry
// is one cache line that carries its own turn, so that handing one over moves one line between the
// processors and no index is shared. Positions count from 0 and never wrap.
//
// One side writes a ring and one side reads it; within a side, a TinyLock keeps threads apart. The
// writer never overruns the reader, because it counts what is outstanding (limits.h). A turn that
// neither side can have written shows that the memory was damaged.
#ifndef SIMULATOR_DEVICE_SET_RINGS_H_
#define SIMULATOR_DEVICE_SET_RINGS_H_

#include <cstdint>

#include "simulator/device_set/layout.h"

namespace vdisim {

struct RingCommand {
  int32_t code;
  int32_t size;
  int64_t position;
  uint32_t buffer;
  uint32_t slot;
  uint32_t epoch;
};

struct RingCompletion {
  uint64_t command;
  uint64_t fetched;
  int64_t position;
  uint32_t slot;
  int32_t code;
  uint32_t bytes;
};

// Whether the entry of that position has been written.
template <typename Entry>
bool IsWritten(const Entry (&ring)[kRingEntries], uint64_t position) {
  return ring[position % kRingEntries].turn.load(std::memory_order_acquire) == position + 1;
}

// Whether its turn is one that the writer can have left there: of this round or of the one before.
template <typename Entry>
bool IsPlausible(const Entry (&ring)[kRingEntries], uint64_t position) {
  const uint64_t turn = ring[position % kRingEntries].turn.load(std::memory_order_acquire);
  const uint64_t before = position < kRingEntries ? 0 : position + 1 - kRingEntries;
  return turn == position + 1 || turn == before;
}

inline void Write(CommandEntry (&ring)[kRingEntries], uint64_t position,
                  const RingCommand& command) {
  CommandEntry& entry = ring[position % kRingEntries];
  entry.position.store(command.position, std::memory_order_relaxed);
  entry.code.store(command.code, std::memory_order_relaxed);
  entry.size.store(command.size, std::memory_order_relaxed);
  entry.buffer.store(command.buffer, std::memory_order_relaxed);
  entry.slot.store(command.slot, std::memory_order_relaxed);
  entry.epoch.store(command.epoch, std::memory_order_relaxed);
  entry.turn.store(position + 1, std::memory_order_release);
}

inline RingCommand Read(const CommandEntry (&ring)[kRingEntries], uint64_t position) {
  const CommandEntry& entry = ring[position % kRingEntries];
  return {.code = entry.code.load(std::memory_order_relaxed),
          .size = entry.size.load(std::memory_order_relaxed),
          .position = entry.position.load(std::memory_order_relaxed),
          .buffer = entry.buffer.load(std::memory_order_relaxed),
          .slot = entry.slot.load(std::memory_order_relaxed),
          .epoch = entry.epoch.load(std::memory_order_relaxed)};
}

inline void Write(CompletionEntry (&ring)[kRingEntries], uint64_t position,
                  const RingCompletion& completion) {
  CompletionEntry& entry = ring[position % kRingEntries];
  entry.command.store(completion.command, std::memory_order_relaxed);
  entry.fetched.store(completion.fetched, std::memory_order_relaxed);
  entry.position.store(completion.position, std::memory_order_relaxed);
  entry.slot.store(completion.slot, std::memory_order_relaxed);
  entry.code.store(completion.code, std::memory_order_relaxed);
  entry.bytes.store(completion.bytes, std::memory_order_relaxed);
  entry.turn.store(position + 1, std::memory_order_release);
}

inline RingCompletion Read(const CompletionEntry (&ring)[kRingEntries], uint64_t position) {
  const CompletionEntry& entry = ring[position % kRingEntries];
  return {.command = entry.command.load(std::memory_order_relaxed),
          .fetched = entry.fetched.load(std::memory_order_relaxed),
          .position = entry.position.load(std::memory_order_relaxed),
          .slot = entry.slot.load(std::memory_order_relaxed),
          .code = entry.code.load(std::memory_order_relaxed),
          .bytes = entry.bytes.load(std::memory_order_relaxed)};
}

}  // namespace vdisim

#endif  // SIMULATOR_DEVICE_SET_RINGS_H_
