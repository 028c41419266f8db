#include "simulator/engine/backup_content.h"

#include <algorithm>
#include <utility>

#include "simulator/engine/checksum.h"
#include "simulator/engine/names.h"

namespace vdisim {
namespace {

constexpr uint64_t kChangedPageStep = 16;
constexpr uint64_t kLogBytes = 64 * 1024;

class DifferentialReader final : public DataReader {
 public:
  explicit DifferentialReader(std::unique_ptr<DataReader> database)
      : database_(std::move(database)) {}

  bool Read(uint64_t offset, std::span<uint8_t> out) override {
    while (!out.empty()) {
      const size_t count = std::min<size_t>(out.size(), kPageBytes - offset % kPageBytes);
      const uint64_t at = DatabaseOffset(BackupKind::kDifferential, offset);
      if (!database_->Read(at, out.first(count))) return false;
      out = out.subspan(count);
      offset += count;
    }
    return true;
  }

 private:
  const std::unique_ptr<DataReader> database_;
};

// Holds whole pages only; a last page that is cut off belongs to no differential.
class DifferentialSource final : public DataSource {
 public:
  explicit DifferentialSource(std::shared_ptr<const DataSource> database)
      : database_(std::move(database)) {}

  uint64_t size_bytes() const override {
    const uint64_t pages = database_->size_bytes() / kPageBytes;
    return (pages + kChangedPageStep - 1) / kChangedPageStep * kPageBytes;
  }
  std::unique_ptr<DataReader> OpenReader() const override {
    return std::make_unique<DifferentialReader>(database_->OpenReader());
  }

 private:
  const std::shared_ptr<const DataSource> database_;
};

uint64_t SeedOf(std::string_view database_name, uint64_t number) {
  const std::string folded = FoldCase(database_name);
  const auto* bytes = reinterpret_cast<const uint8_t*>(folded.data());
  uint64_t state = uint64_t{Crc32c::Of({bytes, folded.size()})} << 32 ^ number;
  return SplitMix64(&state);
}

}  // namespace

std::shared_ptr<const DataSource> MakeBackupContent(BackupKind kind,
                                                    std::shared_ptr<const DataSource> database,
                                                    std::string_view database_name,
                                                    uint64_t sequence) {
  switch (kind) {
    case BackupKind::kFull:
      return database;
    case BackupKind::kDifferential:
      return std::make_shared<DifferentialSource>(std::move(database));
    case BackupKind::kLog:
      return MakeSeededSource(SeedOf(database_name, sequence), kLogBytes);
    case BackupKind::kSnapshot:
      break;
  }
  return MakeSeededSource(SeedOf(database_name, 0), kPageBytes);
}

uint64_t DatabaseOffset(BackupKind kind, uint64_t content_offset) {
  if (kind != BackupKind::kDifferential) return content_offset;
  return content_offset / kPageBytes * kChangedPageStep * kPageBytes + content_offset % kPageBytes;
}

}  // namespace vdisim
