// Where the data of a RESTORE goes: into a temporary file that takes the database's place on
// success, and past the source it should be equal to. Every device has a part of its own, used by
// its thread alone; the target is set up and ended by the driving thread.
#ifndef SIMULATOR_ENGINE_RESTORE_TARGET_H_
#define SIMULATOR_ENGINE_RESTORE_TARGET_H_

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "simulator/engine/backup_content.h"
#include "simulator/engine/data_source.h"
#include "simulator/engine/temporary_file.h"

namespace vdisim {

// Where a byte came from.
struct Provenance {
  uint32_t device_number = 0;
  std::string device;
  uint64_t command_number = 0;
  uint32_t buffer_number = 0;  // 0: the device's metadata buffer
  uint64_t stream_offset = 0;  // in the stream of the device
};

// The first byte of the database that is not what its source has there.
struct Difference {
  uint64_t database_offset = 0;
  Provenance from;
  // "the restored data differs from the source first at database offset 8192 (page 1): ..."
  std::string Text() const;
};

class RestoreTarget {
 public:
  // kind: of the backup, which decides where its bytes lie in the database. content: what the
  // backup should hold; NULL: nothing to compare with.
  RestoreTarget(BackupKind kind, std::shared_ptr<const DataSource> content, uint32_t devices);

  // Writes into a file of that size which will replace `file`. start_from: an existing file whose
  // bytes it begins with; empty = zeros. False and a sentence if the file cannot be made.
  bool WriteTo(const std::filesystem::path& file, uint64_t size_bytes,
               const std::filesystem::path& start_from, std::string* error);

  // Takes content bytes that a device read. False if the file could not be written.
  bool Take(uint32_t device_index, uint64_t content_offset, std::span<const uint8_t> bytes,
            const Provenance& from);

  // After the last Take: closes the file and puts it in its place. True if there is none.
  bool Commit();

  bool compares() const { return content_ != nullptr; }
  std::optional<Difference> first_difference() const;

 private:
  struct DevicePart {
    std::fstream file;
    std::unique_ptr<DataReader> content;
    std::vector<uint8_t> expected;
  };
  void Compare(DevicePart& part, uint64_t content_offset, std::span<const uint8_t> bytes,
               const Provenance& from);
  bool Write(DevicePart& part, uint64_t content_offset, std::span<const uint8_t> bytes);

  const BackupKind kind_;
  const std::shared_ptr<const DataSource> content_;
  std::vector<DevicePart> parts_;
  std::unique_ptr<TemporaryFile> file_;
  mutable std::mutex mutex_;
  std::optional<Difference> difference_;
};

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_RESTORE_TARGET_H_
