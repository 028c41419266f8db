// A DataSource is a sequence of bytes of known size that can be read again and again: the content
// of a database, or of what a backup takes from it. Sources are immutable values behind a shared
// pointer; any thread may open a reader, and one thread at a time uses it. A source outlives its
// readers.
#ifndef SIMULATOR_ENGINE_DATA_SOURCE_H_
#define SIMULATOR_ENGINE_DATA_SOURCE_H_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace vdisim {

inline constexpr uint32_t kPageBytes = 8192;

class DataReader {
 public:
  virtual ~DataReader() = default;
  // Fills `out` with the bytes from `offset` on; both lie within the source.
  // False if the bytes could not be read (a file that has shrunk or vanished).
  virtual bool Read(uint64_t offset, std::span<uint8_t> out) = 0;
};

class DataSource {
 public:
  virtual ~DataSource() = default;
  virtual uint64_t size_bytes() const = 0;
  virtual std::unique_ptr<DataReader> OpenReader() const = 0;
};

// A size in bytes with an optional suffix K, M or G (powers of 1024; "64M", "64m", "4096").
// Nothing if it is not one or does not fit.
std::optional<uint64_t> ParseByteSize(std::string_view text);

// "seed:N,size:BYTES", or the path of a readable file.
// Returns NULL, with a sentence for the user in *error, if it is neither.
std::shared_ptr<const DataSource> OpenDataSource(std::string_view source, std::string* error);

// 8 KiB pages that seed and page number decide. A page begins like one of SQL Server's: header
// version 1, type, page and file number, and a checksum over the whole page; what follows is noise.
std::shared_ptr<const DataSource> MakeSeededSource(uint64_t seed, uint64_t size_bytes);

// The bytes of a file as they are when they are read. NULL and a sentence if it cannot be opened.
std::shared_ptr<const DataSource> MakeFileSource(const std::filesystem::path& path,
                                                 std::string* error);

// Writes page `number` of a seeded source.
void FillSeededPage(uint64_t seed, uint64_t number, std::span<uint8_t, kPageBytes> page);
// Whether the checksum of a whole page that FillSeededPage made is right.
bool SeededPageIsIntact(std::span<const uint8_t, kPageBytes> page);

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_DATA_SOURCE_H_
