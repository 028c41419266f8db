#include "simulator/device_set/buffer_guard.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include "simulator/device_set/configuration.h"
#include "simulator/device_set/guard_pattern.h"
#include "simulator/include/vdi_codes.h"

namespace vdisim {
namespace {

using Access = shm::FencedPages::Access;
using shm::kPageBytes;

constexpr size_t kReachBytes = kPageBytes;  // of a pattern

size_t RoundDown(size_t bytes) { return bytes - bytes % kPageBytes; }
size_t RoundUp(size_t bytes) { return RoundDown(bytes + kPageBytes - 1); }

std::byte* AsBytes(uint8_t* address) { return reinterpret_cast<std::byte*>(address); }
uint8_t* AsData(std::byte* address) { return reinterpret_cast<uint8_t*>(address); }

bool HasOwnPages(const AreaGeometry& geometry) {
  return geometry.alignment % kPageBytes == 0 && geometry.prefix_bytes % kPageBytes == 0;
}

bool MovesData(const VDC_Command& command) {
  return command.commandCode == VDC_Read || command.commandCode == VDC_Write;
}

}  // namespace

BufferGuard::BufferGuard(const GuardOptions& options, std::string set, uint32_t prefix_bytes)
    : options_(options), set_(std::move(set)), prefix_bytes_(prefix_bytes) {}

BufferGuard::Lent::Lent(BufferGuard& owner, std::unique_ptr<shm::FencedPages> space,
                        size_t prefix_pages)
    : guard(owner),
      pages(std::move(space)),
      prefix_pages_bytes(prefix_pages),
      watch(pages->begin(), pages->size(), TellFault, this) {}

uint8_t* BufferGuard::Lent::data() const { return AsData(pages->middle() + prefix_pages_bytes); }

BufferGuard::Lent* BufferGuard::Find(BufferPlace place, const BufferArea& area) {
  std::unique_ptr<Lent>& lent = buffers_[place.Packed()];
  if (lent == nullptr) {
    const AreaGeometry& geometry = area.geometry();
    // Under kFault there is nothing between the buffer's pages and the fence.
    auto pages = shm::FencedPages::Reserve(
        stops() ? 0 : kReachBytes, geometry.prefix_bytes + RoundUp(geometry.data_bytes),
        geometry.prefix_bytes, std::max<size_t>(kPageBytes, geometry.alignment));
    if (pages == nullptr) return nullptr;
    lent = std::make_unique<Lent>(*this, std::move(pages), geometry.prefix_bytes);
  }
  return lent.get();
}

uint8_t* BufferGuard::Lend(BufferPlace place, const BufferArea& area, const VDC_Command& command,
                           const VDC_Command* address, const std::string& device) {
  uint8_t* const unguarded = area.DataZone(place.index);
  if (!HasOwnPages(area.geometry())) return unguarded;
  const std::lock_guard lock(mutex_);
  Lent* const lent = Find(place, area);
  // A server may lend one buffer with two commands; then nobody can say whose bytes are whose.
  if (lent == nullptr || lent->lent) return unguarded;
  if (lent->taken_back) LookAtTakenBack(*lent);
  if (!Show(*lent, place, area)) return unguarded;

  lent->command = command;
  // What a command without documented data has in its buffer is the server's and client's affair.
  if (!MovesData(command)) lent->command.size = static_cast<int32_t>(area.geometry().data_bytes);
  lent->command_address = address;
  lent->device = device;
  const Edges edges = EdgesOf(*lent);
  lent->displaced.assign(edges.before.begin(), edges.before.end());
  lent->displaced.insert(lent->displaced.end(), edges.behind.begin(), edges.behind.end());
  Fill(edges.before, kEdgePattern);
  Fill(edges.behind, kEdgePattern);
  const auto size = static_cast<size_t>(lent->command.size);
  if (command.commandCode == VDC_Write) {
    lent->written.assign(lent->data(), lent->data() + size);
  }
  if (stops()) {
    // Whole pages that the client has no business with, or none but reading.
    shm::FencedPages& pages = *lent->pages;
    std::byte* const data = AsBytes(lent->data());
    const size_t used = RoundUp(size);
    const size_t data_pages = pages.middle_bytes() - lent->prefix_pages_bytes;
    (void)pages.Allow(data + used, data_pages - used, Access::kNone).ok();
    const size_t unused_prefix = lent->prefix_pages_bytes - RoundUp(prefix_bytes_);
    (void)pages.Allow(pages.middle(), unused_prefix, Access::kNone).ok();
    if (command.commandCode == VDC_Write) {
      (void)pages.Allow(data, RoundDown(size), Access::kRead).ok();
    }
  }
  lent->lent = true;
  lent->taken_back = false;
  return lent->data();
}

bool BufferGuard::Show(Lent& lent, BufferPlace place, const BufferArea& area) {
  if (lent.shown) {  // under kFault the pages stay, and are only barred
    return lent.pages->Allow(lent.pages->middle(), lent.pages->middle_bytes(), Access::kAll).ok();
  }
  const AreaGeometry& geometry = area.geometry();
  const uint64_t data_zone = geometry.first_data() + geometry.stride() * place.index;
  lent.shown = lent.pages->ShowObject(area.segment(), data_zone - geometry.prefix_bytes).ok();
  return lent.shown;
}

BufferGuard::Edges BufferGuard::EdgesOf(const Lent& lent) const {
  const shm::FencedPages& pages = *lent.pages;
  uint8_t* const first = AsData(pages.middle() - pages.edge_bytes());
  uint8_t* const last = AsData(pages.middle() + pages.middle_bytes() + pages.edge_bytes());
  uint8_t* const begin = lent.data() - prefix_bytes_;
  uint8_t* const end = lent.data() + lent.command.size;
  size_t before = std::min<size_t>(kReachBytes, static_cast<size_t>(begin - first));
  size_t behind = std::min<size_t>(kReachBytes, static_cast<size_t>(last - end));
  if (stops()) {
    // Only what shares a page with the buffer: the rest is barred.
    before = std::min(before, reinterpret_cast<uintptr_t>(begin) % kPageBytes);
    const size_t rest = reinterpret_cast<uintptr_t>(end) % kPageBytes;
    behind = std::min(behind, rest == 0 ? 0 : kPageBytes - rest);
  }
  return {{begin - before, before}, {end, behind}};
}

std::span<uint8_t> BufferGuard::Reach(const Lent& lent) const {
  const Edges edges = EdgesOf(lent);
  uint8_t* const begin = edges.before.data();
  return {begin, static_cast<size_t>(edges.behind.data() + edges.behind.size() - begin)};
}

void BufferGuard::LookAtLent(Lent& lent) {
  const Edges edges = EdgesOf(lent);
  if (const auto at = FirstOther(edges.behind, kEdgePattern)) {
    Report(lent, GuardBreach::kPastEnd, edges.behind.data() + *at, false);
  }
  if (const auto at = FirstOther(edges.before, kEdgePattern)) {
    Report(lent, GuardBreach::kBeforeBegin, edges.before.data() + *at, false);
  }
  if (lent.command.commandCode == VDC_Write) {
    const std::span<const uint8_t> now(lent.data(), static_cast<size_t>(lent.command.size));
    if (const auto at = FirstDifference(now, lent.written)) {
      Report(lent, GuardBreach::kWriteBufferChanged, now.data() + *at, false);
    }
  }
  std::copy_n(lent.displaced.begin(), edges.before.size(), edges.before.begin());
  std::copy_n(lent.displaced.end() - static_cast<ptrdiff_t>(edges.behind.size()),
              edges.behind.size(), edges.behind.begin());
}

void BufferGuard::Hide(Lent& lent) {
  lent.lent = false;
  shm::FencedPages& pages = *lent.pages;
  if (stops()) {
    (void)pages.Allow(pages.middle(), pages.middle_bytes(), Access::kNone).ok();
    return;
  }
  if (!pages.ShowZeros().ok()) return;
  lent.shown = false;
  lent.taken_back = true;
  Fill(Reach(lent), kCompletedPattern);
}

void BufferGuard::LookAtTakenBack(Lent& lent) {
  const std::span<const uint8_t> reach = Reach(lent);
  if (const auto at = FirstOther(reach, kCompletedPattern)) {
    Report(lent, GuardBreach::kAfterCompletion, reach.data() + *at, false);
  }
  lent.taken_back = false;
}

void BufferGuard::TakeBack(BufferPlace place) {
  const std::lock_guard lock(mutex_);
  const auto found = buffers_.find(place.Packed());
  if (found == buffers_.end() || found->second == nullptr || !found->second->lent) return;
  LookAtLent(*found->second);
  Hide(*found->second);
}

void BufferGuard::Finish() {
  const std::lock_guard lock(mutex_);
  for (const auto& [place, lent] : buffers_) {
    if (lent == nullptr) continue;
    if (lent->lent) LookAtLent(*lent);
    if (lent->taken_back) LookAtTakenBack(*lent);
    lent->lent = false;
  }
}

std::optional<BufferPlace> BufferGuard::PlaceOf(const uint8_t* data) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [place, lent] : buffers_) {
    if (lent != nullptr && lent->data() == data) return BufferPlace::Unpack(place);
  }
  return std::nullopt;
}

uint8_t* BufferGuard::AddressOf(BufferPlace place) const {
  const std::lock_guard lock(mutex_);
  const auto found = buffers_.find(place.Packed());
  if (found == buffers_.end() || found->second == nullptr || !found->second->lent) return nullptr;
  return found->second->data();
}

void BufferGuard::Report(const Lent& lent, GuardBreach breach, const uint8_t* address,
                         bool stops) const {
  options_.report({.breach = breach,
                   .of_command = false,
                   .command = lent.command_address,
                   .command_code = lent.command.commandCode,
                   .size = lent.command.size,
                   .offset = address - lent.data(),
                   .stops = stops,
                   .set = set_,
                   .device = lent.device});
}

void BufferGuard::TellFault(void* context, const std::byte* fault) {
  const Lent& lent = *static_cast<const Lent*>(context);
  const auto* const address = reinterpret_cast<const uint8_t*>(fault);
  GuardBreach breach = GuardBreach::kWriteBufferChanged;
  if (!lent.lent) {
    breach = GuardBreach::kAfterCompletion;
  } else if (address >= lent.data() + lent.command.size) {
    breach = GuardBreach::kPastEnd;
  } else if (address < lent.data() - lent.guard.prefix_bytes_) {
    breach = GuardBreach::kBeforeBegin;
  }
  lent.guard.Report(lent, breach, address, true);
}

}  // namespace vdisim
