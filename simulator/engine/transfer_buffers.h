// The transfer buffers of a conversation, shared by all devices and tied to none (CFG-30). The pool
// owns nothing: the set frees its buffers at Close. Any thread.
#ifndef SIMULATOR_ENGINE_TRANSFER_BUFFERS_H_
#define SIMULATOR_ENGINE_TRANSFER_BUFFERS_H_

#include <cstdint>
#include <mutex>
#include <vector>

#include "simulator/base/check.h"

namespace vdisim {

struct TransferBuffer {
  uint8_t* data = nullptr;
  uint32_t number = 0;  // from 1, for reports
};

class TransferBufferPool {
 public:
  void Add(uint8_t* data) {
    const std::scoped_lock lock(mutex_);
    free_.push_back({data, ++count_});
  }
  // The shares of the devices add up to what the pool holds, so there is always one to take.
  TransferBuffer Take() {
    const std::scoped_lock lock(mutex_);
    VDI_CHECK(!free_.empty(), "a device took more buffers than its share");
    const TransferBuffer buffer = free_.back();
    free_.pop_back();
    return buffer;
  }
  void Give(TransferBuffer buffer) {
    const std::scoped_lock lock(mutex_);
    free_.push_back(buffer);
  }

 private:
  std::mutex mutex_;
  std::vector<TransferBuffer> free_;
  uint32_t count_ = 0;
};

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_TRANSFER_BUFFERS_H_
