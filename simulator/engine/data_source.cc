#include "simulator/engine/data_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#include <fstream>
#include <system_error>
#include <utility>

#include "simulator/engine/checksum.h"

namespace vdisim {
namespace {

// Offsets within a page, as in SQL Server's page header of 96 bytes.
constexpr size_t kPageNumberAt = 32;
constexpr size_t kFileNumberAt = 36;
constexpr size_t kChecksumAt = 60;
constexpr size_t kPageHeaderBytes = 96;
constexpr size_t kSectorBytes = 512;

// The product's own sum: the words of each sector are combined, and each sector is rotated by its
// number, so that exchanged sectors are seen.
uint32_t PageChecksum(std::span<const uint8_t, kPageBytes> page) {
  uint32_t sum = 0;
  for (size_t sector = 0; sector < kPageBytes / kSectorBytes; ++sector) {
    uint32_t words = 0;
    for (size_t at = 0; at < kSectorBytes; at += sizeof(uint32_t)) {
      const size_t offset = sector * kSectorBytes + at;
      uint32_t word = 0;
      if (offset != kChecksumAt) std::memcpy(&word, &page[offset], sizeof word);
      words = std::rotl(words, 1) ^ word;
    }
    sum ^= std::rotl(words, static_cast<int>(15 - sector));
  }
  return sum;
}

class SeededReader final : public DataReader {
 public:
  explicit SeededReader(uint64_t seed) : seed_(seed) {}

  bool Read(uint64_t offset, std::span<uint8_t> out) override {
    while (!out.empty()) {
      const uint64_t number = offset / kPageBytes;
      const size_t within = offset % kPageBytes;
      const size_t count = std::min<size_t>(out.size(), kPageBytes - within);
      if (count == kPageBytes) {
        FillSeededPage(seed_, number, out.first<kPageBytes>());
      } else {
        LoadPage(number);
        std::memcpy(out.data(), page_.data() + within, count);
      }
      out = out.subspan(count);
      offset += count;
    }
    return true;
  }

 private:
  void LoadPage(uint64_t number) {
    if (loaded_ && number_ == number) return;
    FillSeededPage(seed_, number, page_);
    number_ = number;
    loaded_ = true;
  }

  const uint64_t seed_;
  bool loaded_ = false;
  uint64_t number_ = 0;
  std::array<uint8_t, kPageBytes> page_{};  // the last page that was needed in parts
};

class SeededSource final : public DataSource {
 public:
  SeededSource(uint64_t seed, uint64_t size_bytes) : seed_(seed), size_bytes_(size_bytes) {}
  uint64_t size_bytes() const override { return size_bytes_; }
  std::unique_ptr<DataReader> OpenReader() const override {
    return std::make_unique<SeededReader>(seed_);
  }

 private:
  const uint64_t seed_;
  const uint64_t size_bytes_;
};

class FileReader final : public DataReader {
 public:
  explicit FileReader(const std::filesystem::path& path) : file_(path, std::ios::binary) {}

  bool Read(uint64_t offset, std::span<uint8_t> out) override {
    if (!file_.is_open()) return false;
    file_.clear();
    file_.seekg(static_cast<std::streamoff>(offset));
    file_.read(reinterpret_cast<char*>(out.data()), static_cast<std::streamsize>(out.size()));
    return static_cast<size_t>(file_.gcount()) == out.size();
  }

 private:
  std::ifstream file_;
};

class FileSource final : public DataSource {
 public:
  FileSource(std::filesystem::path path, uint64_t size_bytes)
      : path_(std::move(path)), size_bytes_(size_bytes) {}
  uint64_t size_bytes() const override { return size_bytes_; }
  std::unique_ptr<DataReader> OpenReader() const override {
    return std::make_unique<FileReader>(path_);
  }

 private:
  const std::filesystem::path path_;
  const uint64_t size_bytes_;
};

bool ParseNumber(std::string_view text, uint64_t* number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

// "seed:N,size:BYTES", in either order.
std::shared_ptr<const DataSource> ParseSeeded(std::string_view text, std::string* error) {
  std::optional<uint64_t> seed;
  std::optional<uint64_t> size;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    uint64_t number = 0;
    if (part.starts_with("seed:") && ParseNumber(part.substr(5), &number)) {
      seed = number;
    } else if (part.starts_with("size:")) {
      size = ParseByteSize(part.substr(5));
      if (!size) break;
    } else {
      seed.reset();
      break;
    }
  }
  if (seed && size) return MakeSeededSource(*seed, *size);
  *error = "a seeded database is written seed:N,size:BYTES, for example seed:1,size:64M";
  return nullptr;
}

}  // namespace

std::optional<uint64_t> ParseByteSize(std::string_view text) {
  uint64_t factor = 1;
  if (!text.empty()) {
    switch (text.back()) {
      case 'k':
      case 'K':
        factor = uint64_t{1} << 10;
        break;
      case 'm':
      case 'M':
        factor = uint64_t{1} << 20;
        break;
      case 'g':
      case 'G':
        factor = uint64_t{1} << 30;
        break;
      default:
        break;
    }
  }
  if (factor != 1) text.remove_suffix(1);
  // Offsets are signed 64-bit numbers in files and in VDC_Command.
  constexpr uint64_t kMost = uint64_t{1} << 62;
  uint64_t number = 0;
  if (!ParseNumber(text, &number) || number > kMost / factor) return std::nullopt;
  return number * factor;
}

std::shared_ptr<const DataSource> OpenDataSource(std::string_view source, std::string* error) {
  if (source.starts_with("seed:") || source.starts_with("size:")) return ParseSeeded(source, error);
  return MakeFileSource(std::filesystem::path(std::string(source)), error);
}

std::shared_ptr<const DataSource> MakeSeededSource(uint64_t seed, uint64_t size_bytes) {
  return std::make_shared<SeededSource>(seed, size_bytes);
}

std::shared_ptr<const DataSource> MakeFileSource(const std::filesystem::path& path,
                                                 std::string* error) {
  std::error_code failure;
  if (!std::filesystem::is_regular_file(path, failure)) {
    *error = fmt::format("'{}' is not a file", path.string());
    return nullptr;
  }
  const uint64_t size_bytes = std::filesystem::file_size(path, failure);
  if (failure || !std::ifstream(path, std::ios::binary).is_open()) {
    *error = fmt::format("'{}' cannot be read", path.string());
    return nullptr;
  }
  return std::make_shared<FileSource>(path, size_bytes);
}

void FillSeededPage(uint64_t seed, uint64_t number, std::span<uint8_t, kPageBytes> page) {
  uint64_t state = seed;
  state = SplitMix64(&state) ^ number;
  std::fill_n(page.begin(), kPageHeaderBytes, uint8_t{0});
  page[0] = 1;  // header version
  page[1] = 1;  // a data page
  const auto number32 = static_cast<uint32_t>(number);
  std::memcpy(&page[kPageNumberAt], &number32, sizeof number32);
  page[kFileNumberAt] = 1;
  for (size_t at = kPageHeaderBytes; at < kPageBytes; at += sizeof(uint64_t)) {
    const uint64_t noise = SplitMix64(&state);
    std::memcpy(&page[at], &noise, sizeof noise);
  }
  const uint32_t sum = PageChecksum(page);
  std::memcpy(&page[kChecksumAt], &sum, sizeof sum);
}

bool SeededPageIsIntact(std::span<const uint8_t, kPageBytes> page) {
  uint32_t carried = 0;
  std::memcpy(&carried, &page[kChecksumAt], sizeof carried);
  return carried == PageChecksum(page);
}

}  // namespace vdisim
