// Keeps what a BACKUP sends to each device in a file, FOLDER/<statement>.<device>.stream, so that
// what a client stored can be compared with what it was given. Each device's part is used by its
// own thread. Without a folder it keeps nothing.
#ifndef SIMULATOR_ENGINE_STREAM_KEEPER_H_
#define SIMULATOR_ENGINE_STREAM_KEEPER_H_

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <vector>

namespace vdisim {

class StreamKeeper {
 public:
  // folder: empty = none; it must exist. statement: its number in the engine.
  StreamKeeper(std::filesystem::path folder, uint64_t statement, uint32_t devices);

  // Bytes of a stream, before they are sent. What cannot be written is left out: the file is then
  // shorter than the stream. A file is there once the first bytes are sent.
  void Keep(uint32_t device_number, uint64_t stream_offset, std::span<const uint8_t> bytes);

 private:
  const std::filesystem::path folder_;
  const uint64_t statement_;
  std::vector<std::ofstream> files_;
};

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_STREAM_KEEPER_H_
