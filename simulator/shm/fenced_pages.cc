#include "simulator/shm/fenced_pages.h"

#include <sys/mman.h>

#include <cerrno>
#include <cstdint>
#include <new>

#include "simulator/shm/shm_error.h"

namespace vdisim::shm {
namespace {

HResult Protect(std::byte* from, size_t bytes, int rights) {
  if (bytes == 0 || ::mprotect(from, bytes, rights) == 0) return kOk;
  return FromErrno(errno);
}

}  // namespace

std::unique_ptr<FencedPages> FencedPages::Reserve(size_t edge_bytes, size_t middle_bytes,
                                                  size_t aligned_bytes, size_t alignment) {
  const size_t outside = edge_bytes + kPageBytes;
  const size_t needed = middle_bytes + 2 * outside;
  const size_t reserved = needed + alignment;
  void* const memory =
      ::mmap(nullptr, reserved, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
  auto* const begin = static_cast<std::byte*>(memory);
  const uintptr_t first = reinterpret_cast<uintptr_t>(begin) + outside + aligned_bytes;
  const size_t skipped = (alignment - first % alignment) % alignment;
  // What alignment did not need goes back.
  if (skipped > 0) ::munmap(begin, skipped);
  if (skipped < alignment) ::munmap(begin + skipped + needed, alignment - skipped);
  std::unique_ptr<FencedPages> pages(
      new (std::nothrow) FencedPages(begin + skipped + outside, middle_bytes, edge_bytes));
  if (pages == nullptr) {
    ::munmap(begin + skipped, needed);
    return nullptr;
  }
  constexpr int kAll = PROT_READ | PROT_WRITE;
  if (!Protect(pages->middle_ - edge_bytes, edge_bytes, kAll).ok() ||
      !Protect(pages->middle_ + middle_bytes, edge_bytes, kAll).ok()) {
    return nullptr;
  }
  return pages;
}

FencedPages::~FencedPages() { ::munmap(begin(), size()); }

HResult FencedPages::ShowObject(const Segment& segment, size_t offset) {
  return segment.LayOver(middle_, offset, middle_bytes_);
}

HResult FencedPages::ShowZeros() {
  const void* const laid = ::mmap(middle_, middle_bytes_, PROT_READ | PROT_WRITE,
                                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  return laid == MAP_FAILED ? FromErrno(errno) : kOk;
}

HResult FencedPages::Allow(std::byte* from, size_t bytes, Access access) {
  const int rights = access == Access::kNone   ? PROT_NONE
                     : access == Access::kRead ? PROT_READ
                                               : PROT_READ | PROT_WRITE;
  return Protect(from, bytes, rights);
}

}  // namespace vdisim::shm
