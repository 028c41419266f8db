// A Mapping is a shared object's bytes in this process' address space. It owns the addresses and
// keeps the object's memory alive, name or no name. Segments hold it by shared_ptr, so that several
// may share one (ScopedSharedMappings). For segment.cc.
#ifndef SIMULATOR_SHM_MAPPING_H_
#define SIMULATOR_SHM_MAPPING_H_

#include <boost/interprocess/mapped_region.hpp>
#include <boost/interprocess/shared_memory_object.hpp>
#include <cstddef>
#include <memory>
#include <span>

#include "simulator/shm/object_file.h"

namespace vdisim::shm {

class Mapping {
 public:
  static constexpr size_t kMostAlignment = size_t{4} << 20;

  // Maps `size` bytes, the whole object, at a multiple of `alignment`. Throws
  // interprocess_exception.
  static std::shared_ptr<Mapping> Map(const boost::interprocess::shared_memory_object& object,
                                      size_t size, size_t alignment);
  // The same, or a mapping of that object that may be shared.
  static std::shared_ptr<Mapping> MapOrShare(
      const boost::interprocess::shared_memory_object& object, FileIdentity identity, size_t size,
      size_t alignment);
  // Lets others share the mapping of a new object. What was written to it before is seen by them:
  // ThreadSanitizer does not know that giving it a name orders the two.
  static void Share(const std::shared_ptr<Mapping>& mapping, FileIdentity identity);
  // To look at an object whose size is not what it should be: size 0 means no bytes.
  static std::shared_ptr<Mapping> ReadOnly(const boost::interprocess::shared_memory_object& object,
                                           size_t size);

  explicit Mapping(boost::interprocess::mapped_region region) : region_(std::move(region)) {}

  std::span<std::byte> bytes() const {
    return {static_cast<std::byte*>(region_.get_address()), region_.get_size()};
  }

 private:
  boost::interprocess::mapped_region region_;
};

}  // namespace vdisim::shm

#endif  // SIMULATOR_SHM_MAPPING_H_
