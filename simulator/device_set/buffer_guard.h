// The buffers that one opening lends to its client, under guard. A buffer is shown to the client at
// an address of its own, between edges: while it is lent, the pages there are those of the shared
// object; afterwards they are the client's alone, so that what it still does there disturbs nobody.
// The server never sees a difference, nor do other processes that map the buffer by its handle.
//
// That needs buffers with pages of their own (ControlHeader::own_pages), as sets have that a
// guarded primary made. Others are lent as they are.
//
// While a buffer is lent, what lies behind its `size` bytes and before its prefix zone holds a
// pattern, at most a page of it; nobody but the client may touch the buffer then, and the bytes
// that were there come back before the server gets it. Any thread.
#ifndef SIMULATOR_DEVICE_SET_BUFFER_GUARD_H_
#define SIMULATOR_DEVICE_SET_BUFFER_GUARD_H_

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "simulator/device_set/buffer_area.h"
#include "simulator/device_set/buffer_handle.h"
#include "simulator/device_set/guard_report.h"
#include "simulator/include/vdi.h"
#include "simulator/shm/fault_watch.h"
#include "simulator/shm/fenced_pages.h"

namespace vdisim {

class BufferGuard {
 public:
  // prefix_bytes: of the set's prefix zones.
  BufferGuard(const GuardOptions& options, std::string set, uint32_t prefix_bytes);
  BufferGuard(const BufferGuard&) = delete;
  BufferGuard& operator=(const BufferGuard&) = delete;

  // The address of the data zone for the client. command: its code and size; address: where the
  // client will find it. area: must outlive the guard.
  uint8_t* Lend(BufferPlace place, const BufferArea& area, const VDC_Command& command,
                const VDC_Command* address, const std::string& device);
  // Before the server learns of the completion.
  void TakeBack(BufferPlace place);
  // Looks at all of them a last time.
  void Finish();

  // The buffer whose data zone the client knows, or knew, at this address.
  std::optional<BufferPlace> PlaceOf(const uint8_t* data) const;
  // Where the client has a buffer that is lent to it; NULL if it is not.
  uint8_t* AddressOf(BufferPlace place) const;

 private:
  // One buffer's place among the client's addresses.
  struct Lent {
    Lent(BufferGuard& guard, std::unique_ptr<shm::FencedPages> space, size_t prefix_pages);
    uint8_t* data() const;

    BufferGuard& guard;
    const std::unique_ptr<shm::FencedPages> pages;
    const size_t prefix_pages_bytes;  // of the middle, before the data zone
    bool shown = false;               // the object's pages lie in the middle
    bool lent = false;
    bool taken_back = false;
    VDC_Command command{};
    const VDC_Command* command_address = nullptr;
    std::string device;
    std::vector<uint8_t> written;    // what a VDC_Write brought
    std::vector<uint8_t> displaced;  // what lay where the pattern is, before and behind
    const shm::FaultWatch watch;
  };
  struct Edges {
    std::span<uint8_t> before;
    std::span<uint8_t> behind;
  };

  Lent* Find(BufferPlace place, const BufferArea& area);
  Edges EdgesOf(const Lent& lent) const;
  // From the first edge to the last.
  std::span<uint8_t> Reach(const Lent& lent) const;
  bool Show(Lent& lent, BufferPlace place, const BufferArea& area);
  void Hide(Lent& lent);
  void LookAtLent(Lent& lent);
  void LookAtTakenBack(Lent& lent);
  void Report(const Lent& lent, GuardBreach breach, const uint8_t* address, bool stops) const;
  static void TellFault(void* lent, const std::byte* address);
  bool stops() const { return options_.mode == GuardMode::kFault; }

  const GuardOptions options_;
  const std::string set_;
  const size_t prefix_bytes_;
  mutable std::mutex mutex_;
  std::map<uint32_t, std::unique_ptr<Lent>> buffers_;  // by BufferPlace::Packed
};

}  // namespace vdisim

#endif  // SIMULATOR_DEVICE_SET_BUFFER_GUARD_H_
