#include "simulator/shm/mapping.h"

#include <sys/mman.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <map>
#include <mutex>

#include "simulator/shm/segment.h"

namespace vdisim::shm {
namespace {

namespace bip = boost::interprocess;

// The mappings that Segments may share, while a ScopedSharedMappings lives.
struct SharedMappings {
  // Read before the mutex is taken: without a scope nobody takes it, and a child forked at a bad
  // moment does not inherit it locked.
  std::atomic<int> scopes{0};
  std::mutex mutex;
  std::map<FileIdentity, std::weak_ptr<Mapping>> mappings;
};

SharedMappings& Shared() {
  static SharedMappings shared;
  return shared;
}

uintptr_t RoundUp(uintptr_t value, size_t multiple) {
  return (value + multiple - 1) & ~(uintptr_t{multiple} - 1);
}

// Address space of our own, for a mapping to be laid over a part of it.
class Reservation {
 public:
  explicit Reservation(size_t size) : size_(size) {
    address_ = ::mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (address_ == MAP_FAILED) throw bip::interprocess_exception(bip::error_info(errno));
  }
  ~Reservation() {
    if (size_ > 0) ::munmap(address_, size_);
  }
  Reservation(const Reservation&) = delete;
  Reservation& operator=(const Reservation&) = delete;

  uintptr_t begin() const { return reinterpret_cast<uintptr_t>(address_); }

  // Gives back what lies outside [from, from + size) and leaves the rest to its new owner.
  void KeepForOthers(uintptr_t from, size_t size) {
    const size_t head = from - begin();
    const size_t tail = size_ - head - size;
    if (head > 0) ::munmap(address_, head);
    // NOLINTNEXTLINE(performance-no-int-to-ptr): arithmetic on addresses is the point here
    if (tail > 0) ::munmap(reinterpret_cast<void*>(from + size), tail);
    size_ = 0;
  }

 private:
  void* address_;
  size_t size_;
};

bip::mapped_region MapAt(const bip::shared_memory_object& object, size_t size, size_t alignment) {
  const size_t page = bip::mapped_region::get_page_size();
  if (alignment <= page) return {object, bip::read_write, 0, size};
  if (size > SIZE_MAX / 2) throw bip::interprocess_exception(bip::error_info(ENOMEM));

  // The kernel aligns to pages only: reserve enough for an aligned address to lie inside, and map
  // over the reservation. MAP_FIXED replaces nothing but what is ours.
  const size_t mapped = RoundUp(size, page);
  Reservation reservation(mapped + alignment);
  const uintptr_t aligned = RoundUp(reservation.begin(), alignment);
  // NOLINTNEXTLINE(performance-no-int-to-ptr): arithmetic on addresses is the point here
  auto* const address = reinterpret_cast<void*>(aligned);
  bip::mapped_region region(object, bip::read_write, 0, size, address, MAP_FIXED);
  reservation.KeepForOthers(aligned, mapped);
  return region;
}

bool Fits(const Mapping& mapping, size_t size, size_t alignment) {
  const std::span<std::byte> bytes = mapping.bytes();
  return bytes.size() == size && reinterpret_cast<uintptr_t>(bytes.data()) % alignment == 0;
}

}  // namespace

std::shared_ptr<Mapping> Mapping::Map(const bip::shared_memory_object& object, size_t size,
                                      size_t alignment) {
  return std::make_shared<Mapping>(MapAt(object, size, alignment));
}

std::shared_ptr<Mapping> Mapping::MapOrShare(const bip::shared_memory_object& object,
                                             FileIdentity identity, size_t size, size_t alignment) {
  SharedMappings& shared = Shared();
  if (shared.scopes == 0) return Map(object, size, alignment);

  const std::lock_guard lock(shared.mutex);
  // A living mapping keeps the object alive, so its identity cannot have gone to another one.
  std::weak_ptr<Mapping>& known = shared.mappings[identity];
  if (std::shared_ptr<Mapping> mapping = known.lock(); mapping && Fits(*mapping, size, alignment)) {
    return mapping;
  }
  std::shared_ptr<Mapping> mapping = Map(object, size, alignment);
  known = mapping;
  return mapping;
}

void Mapping::Share(const std::shared_ptr<Mapping>& mapping, FileIdentity identity) {
  SharedMappings& shared = Shared();
  if (shared.scopes == 0) return;
  const std::lock_guard lock(shared.mutex);
  shared.mappings[identity] = mapping;
}

std::shared_ptr<Mapping> Mapping::ReadOnly(const bip::shared_memory_object& object, size_t size) {
  if (size == 0) return std::make_shared<Mapping>(bip::mapped_region());
  return std::make_shared<Mapping>(bip::mapped_region(object, bip::read_only, 0, size));
}

ScopedSharedMappings::ScopedSharedMappings() { ++Shared().scopes; }

ScopedSharedMappings::~ScopedSharedMappings() {
  SharedMappings& shared = Shared();
  if (--shared.scopes > 0) return;
  const std::lock_guard lock(shared.mutex);
  shared.mappings.clear();
}

}  // namespace vdisim::shm
