#include "simulator/engine/stream_keeper.h"

#include <fmt/format.h>

#include <utility>

namespace vdisim {

StreamKeeper::StreamKeeper(std::filesystem::path folder, uint64_t statement, uint32_t devices)
    : folder_(std::move(folder)), statement_(statement), files_(devices) {}

void StreamKeeper::Keep(uint32_t device_number, uint64_t stream_offset,
                        std::span<const uint8_t> bytes) {
  if (folder_.empty()) return;
  std::ofstream& file = files_[device_number - 1];
  if (!file.is_open()) {
    // Unbuffered: what was sent before the process is killed is there.
    file.rdbuf()->pubsetbuf(nullptr, 0);
    file.open(folder_ / fmt::format("{}.{}.stream", statement_, device_number),
              std::ios::binary | std::ios::trunc);
  }
  file.seekp(static_cast<std::streamoff>(stream_offset));
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

}  // namespace vdisim
