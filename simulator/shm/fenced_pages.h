// Address space for something that is to be watched: pages in the middle, pages of edge before and
// behind them, and fences around all, which nobody can touch. It owns the addresses; what lies in
// the middle may be its own or a shared object's, and may change while the addresses stay. One
// thread at a time.
#ifndef SIMULATOR_SHM_FENCED_PAGES_H_
#define SIMULATOR_SHM_FENCED_PAGES_H_

#include <cstddef>
#include <memory>

#include "simulator/base/hresult.h"
#include "simulator/shm/segment.h"

namespace vdisim::shm {

inline constexpr size_t kPageBytes = 4096;

class FencedPages {
 public:
  enum class Access { kNone, kRead, kAll };

  // Sizes are multiples of kPageBytes. The address `aligned_bytes` behind the begin of the middle
  // is a multiple of `alignment`, a power of 2. Edges are for reading and writing, the middle
  // cannot be touched yet. NULL without memory.
  static std::unique_ptr<FencedPages> Reserve(size_t edge_bytes, size_t middle_bytes,
                                              size_t aligned_bytes = 0,
                                              size_t alignment = kPageBytes);
  ~FencedPages();
  FencedPages(const FencedPages&) = delete;
  FencedPages& operator=(const FencedPages&) = delete;

  std::byte* middle() const { return middle_; }
  size_t middle_bytes() const { return middle_bytes_; }
  size_t edge_bytes() const { return edge_bytes_; }
  // With the fences.
  std::byte* begin() const { return middle_ - edge_bytes_ - kPageBytes; }
  size_t size() const { return middle_bytes_ + 2 * (edge_bytes_ + kPageBytes); }

  // Puts something else in the middle, for reading and writing: pages of the object from `offset`
  // on, or fresh pages of zeros that a forked child has for itself. A code of FromErrno if that
  // fails.
  HResult ShowObject(const Segment& segment, size_t offset);
  HResult ShowZeros();
  // Of whole pages of the middle: `from` is their first byte.
  HResult Allow(std::byte* from, size_t bytes, Access access);

 private:
  FencedPages(std::byte* middle, size_t middle_bytes, size_t edge_bytes)
      : middle_(middle), middle_bytes_(middle_bytes), edge_bytes_(edge_bytes) {}

  std::byte* const middle_;
  const size_t middle_bytes_;
  const size_t edge_bytes_;
};

}  // namespace vdisim::shm

#endif  // SIMULATOR_SHM_FENCED_PAGES_H_
