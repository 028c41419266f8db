// The control segment of a device set, byte by byte. Every set has one; its buffer areas are
// objects of their own (area_layout.h). Numbers are little-endian as the machine stores them.
//
//   offset  size  written by         what
//   0x0000  1472  primary, once      ControlHeader: who made the set, its names, the request
//   0x05c0    64  both, by CAS       StateBlock: state and abort reason in one word
//   0x0600   384  server             ServerBlock: who serves, areas, the actual configuration
//   0x0780    64  both, by RMW       SharedBlock: who has left, the virtual clock and who waits on
//   it,
//                                    call counter
//   0x07c0   192  both               EventBlock: three events, a cache line each
//   0x0880     n  see below          deviceCount times a DeviceSlot of 17600 bytes
//
//   in a slot
//   0x0000    64  server             DeviceServerLine: unopened, open, closed; length of the name
//   0x0040    64  client, CAS first  DeviceClientLine: unopened, open, close reported; progress
//   0x0080    64  both               the event that GetCommand waits for
//   0x00c0  1024  server, once       the name; published by DeviceServerLine.state
//   0x04c0  8192  server             128 CommandEntries, a cache line each
//   0x24c0  8192  client             128 CompletionEntries, a cache line each
//
// Publication: whoever writes plain bytes stores an atomic word afterwards (release), and readers
// load that word first (acquire). The header is complete before the object has its name; `state`
// publishes it again for readers of the same process. `actual` is published by the state that
// follows Configurable; a ring entry by its `turn`.
//
// Nothing in here is believed: control_segment.cc copies and checks the header once, when it opens
// the object, and everything else is checked each time it is read.
#ifndef SIMULATOR_DEVICE_SET_LAYOUT_H_
#define SIMULATOR_DEVICE_SET_LAYOUT_H_

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "simulator/device_set/limits.h"
#include "simulator/include/vdi.h"
#include "simulator/shm/event.h"
#include "simulator/shm/liveness.h"

namespace vdisim {

inline constexpr uint64_t kControlMagic = 0x31544553'4D495356;  // "VSIMSET1"
inline constexpr uint32_t kLayoutVersion = 3;
inline constexpr size_t kCacheLine = 64;

static_assert(std::atomic<uint32_t>::is_always_lock_free);
static_assert(std::atomic<uint64_t>::is_always_lock_free);
static_assert(sizeof(VDConfig) == 44);

struct ControlHeader {
  uint64_t magic;
  uint32_t layout_version;
  uint32_t size_bytes;   // of the whole object
  uint64_t incarnation;  // unique among all sets of this machine since it started
  uint64_t created_ns;   // on the machine's monotonic clock
  shm::ProcessIdentity owner;
  uint32_t handle_tag;  // 1 to 16383, see buffer_handle.h
  uint32_t clock_mode;  // ClockMode
  uint32_t mode;        // permission bits, for the areas too
  uint32_t instance_bytes;
  uint32_t name_bytes;
  VDConfig requested;  // server-owned fields are zero (G-55)
  char instance[kInstanceBytesMax];
  char name[kNameBytesMax];
  uint32_t own_pages;  // 1: no two buffers share a page of memory
  uint32_t reserved_word;
  shm::ProcessIdentity keeper;  // pid 0: none
  uint8_t reserved[40];
};
static_assert(offsetof(ControlHeader, owner) == 32);
static_assert(offsetof(ControlHeader, handle_tag) == 56);
static_assert(offsetof(ControlHeader, requested) == 76);
static_assert(offsetof(ControlHeader, instance) == 120);
static_assert(offsetof(ControlHeader, name) == 376);
static_assert(offsetof(ControlHeader, keeper) == 1408);
static_assert(sizeof(ControlHeader) == 0x5C0);

enum class ClockMode : uint32_t { kReal = 0, kVirtual = 1 };

struct alignas(kCacheLine) StateBlock {
  std::atomic<uint32_t> word;  // bits 0 to 7: SetState; 8 to 15: VdiSimAbortReason
};

struct alignas(kCacheLine) ServerBlock {
  std::atomic<uint32_t> pid;  // 0 while no server has opened the set; written last
  std::atomic<uint32_t> agent_runs;
  std::atomic<uint64_t> start_time;
  std::atomic<uint64_t> pid_namespace;
  std::atomic<uint32_t> area_count;  // areas below it are complete
  VDConfig actual;
  std::atomic<uint32_t> area_alignment[kAreasMax];  // what a mapping's address must be aligned to
};

struct alignas(kCacheLine) SharedBlock {
  std::atomic<int64_t> virtual_now_ns;
  std::atomic<uint64_t> calls;               // calls beside GetCommand and CompleteCommand
  std::atomic<uint32_t> departed;            // kPrimaryDeparted, kServerDeparted
  std::atomic<uint32_t> primary_configured;  // the primary's GetConfiguration has succeeded
  std::atomic<uint32_t> clock_waits;         // calls that wait on a set with a virtual clock
  std::atomic<uint32_t> clock_timed;         // those of them that have a time-out
  std::atomic<uint32_t> clock_moves;         // how often the virtual clock was moved
  std::atomic<uint32_t> clock_seen;          // timed waits that have looked at it since
  shm::Event clock_event;                    // one more that waits or has looked
};
inline constexpr uint32_t kPrimaryDeparted = 1;
inline constexpr uint32_t kServerDeparted = 2;

struct EventBlock {
  alignas(kCacheLine) shm::Event configuration;  // configured, a device named or opened
  alignas(kCacheLine) shm::Event active;         // Active reached
  alignas(kCacheLine) shm::Event agent;          // a completion for the agent
};

struct ControlLayout {
  ControlHeader header;
  StateBlock state;
  ServerBlock server;
  SharedBlock shared;
  EventBlock events;
};
static_assert(offsetof(ControlLayout, state) == 0x5C0);
static_assert(offsetof(ControlLayout, server) == 0x600);
static_assert(offsetof(ControlLayout, shared) == 0x780);
static_assert(offsetof(ControlLayout, events) == 0x7C0);
static_assert(sizeof(ControlLayout) == 0x880);

// Both lines of a device use these; the client's "closed" means that VD_E_CLOSE was reported.
enum class DeviceState : uint32_t { kUnopened = 0, kOpened = 1, kClosed = 2 };

struct alignas(kCacheLine) DeviceServerLine {
  std::atomic<uint32_t> state;  // DeviceState; publishes the name
  uint32_t name_bytes;
};

struct alignas(kCacheLine) DeviceClientLine {
  std::atomic<uint32_t> state;  // DeviceState; claimed by compare-and-swap
  std::atomic<uint32_t> pid;    // who opened it
  std::atomic<uint64_t> fetched;
  std::atomic<uint64_t> completed;
};

inline constexpr uint32_t kNoBuffer = 0xFFFFFFFF;

struct alignas(kCacheLine) CommandEntry {
  std::atomic<uint64_t> turn;  // position + 1 once the entry of that position is complete
  std::atomic<int64_t> position;
  std::atomic<int32_t> code;
  std::atomic<int32_t> size;
  std::atomic<uint32_t> buffer;  // area * kAreaBuffersMax + index, or kNoBuffer
  std::atomic<uint32_t> slot;    // the server's place for it, below kOutstandingMax
  std::atomic<uint32_t> epoch;   // counts the device's errors (CMD-10)
};
static_assert(sizeof(CommandEntry) == kCacheLine);

struct alignas(kCacheLine) CompletionEntry {
  std::atomic<uint64_t> turn;
  std::atomic<uint64_t> command;  // the command's position in its ring
  std::atomic<uint64_t> fetched;  // how far the client had fetched; of the first error of an epoch
  std::atomic<int64_t> position;
  std::atomic<uint32_t> slot;
  std::atomic<int32_t> code;
  std::atomic<uint32_t> bytes;
};
static_assert(sizeof(CompletionEntry) == kCacheLine);

struct DeviceSlot {
  DeviceServerLine server;
  DeviceClientLine client;
  alignas(kCacheLine) shm::Event command_event;
  alignas(kCacheLine) char name[kNameBytesMax];
  CommandEntry commands[kRingEntries];
  CompletionEntry completions[kRingEntries];
};
static_assert(offsetof(DeviceSlot, client) == 0x40);
static_assert(offsetof(DeviceSlot, command_event) == 0x80);
static_assert(offsetof(DeviceSlot, name) == 0xC0);
static_assert(offsetof(DeviceSlot, commands) == 0x4C0);
static_assert(offsetof(DeviceSlot, completions) == 0x24C0);
static_assert(sizeof(DeviceSlot) == 17600);

constexpr size_t ControlBytes(uint32_t device_count) {
  return sizeof(ControlLayout) + size_t{device_count} * sizeof(DeviceSlot);
}

}  // namespace vdisim

#endif  // SIMULATOR_DEVICE_SET_LAYOUT_H_
