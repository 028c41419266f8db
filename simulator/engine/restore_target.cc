#include "simulator/engine/restore_target.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <system_error>

namespace vdisim {

std::string Difference::Text() const {
  return fmt::format(
      "the restored data differs from the source first at database offset {} (page {}): device {} "
      "'{}', command {}, buffer {}",
      database_offset, database_offset / kPageBytes, from.device_number, from.device,
      from.command_number, from.buffer_number);
}

RestoreTarget::RestoreTarget(BackupKind kind, std::shared_ptr<const DataSource> content,
                             uint32_t devices)
    : kind_(kind), content_(std::move(content)), parts_(devices) {
  if (content_ == nullptr) return;
  for (DevicePart& part : parts_) part.content = content_->OpenReader();
}

bool RestoreTarget::WriteTo(const std::filesystem::path& file, uint64_t size_bytes,
                            const std::filesystem::path& start_from, std::string* error) {
  std::error_code failure;
  std::filesystem::create_directories(file.parent_path(), failure);
  file_ = std::make_unique<TemporaryFile>(file);
  if (start_from.empty()) {
    std::ofstream(file_->path(), std::ios::binary | std::ios::trunc).flush();
  } else {
    std::filesystem::copy_file(start_from, file_->path(), failure);
  }
  if (!failure) std::filesystem::resize_file(file_->path(), size_bytes, failure);
  for (DevicePart& part : parts_) {
    part.file.open(file_->path(), std::ios::binary | std::ios::in | std::ios::out);
    if (failure || !part.file.is_open()) {
      *error = fmt::format("'{}' cannot be made with {} bytes", file.string(), size_bytes);
      return false;
    }
  }
  return true;
}

bool RestoreTarget::Take(uint32_t device_index, uint64_t content_offset,
                         std::span<const uint8_t> bytes, const Provenance& from) {
  DevicePart& part = parts_[device_index];
  if (content_ != nullptr) Compare(part, content_offset, bytes, from);
  return file_ == nullptr || Write(part, content_offset, bytes);
}

void RestoreTarget::Compare(DevicePart& part, uint64_t content_offset,
                            std::span<const uint8_t> bytes, const Provenance& from) {
  part.expected.resize(bytes.size());
  // A source that is shorter than what comes has nothing to compare with there; so has one that
  // cannot be read any more.
  const uint64_t size = content_->size_bytes();
  const size_t known =
      content_offset >= size
          ? 0
          : static_cast<size_t>(std::min<uint64_t>(bytes.size(), size - content_offset));
  const std::span<uint8_t> expected(part.expected.data(), known);
  size_t at = 0;
  if (known > 0 && part.content->Read(content_offset, expected)) {
    if (known == bytes.size() && std::memcmp(expected.data(), bytes.data(), known) == 0) return;
    at = static_cast<size_t>(std::mismatch(expected.begin(), expected.end(), bytes.begin()).first -
                             expected.begin());
  }
  Difference found;
  found.database_offset = DatabaseOffset(kind_, content_offset + at);
  found.from = from;
  found.from.stream_offset += at;
  const std::scoped_lock lock(mutex_);
  if (!difference_ || found.database_offset < difference_->database_offset) difference_ = found;
}

bool RestoreTarget::Write(DevicePart& part, uint64_t content_offset,
                          std::span<const uint8_t> bytes) {
  while (!bytes.empty()) {
    size_t count = bytes.size();
    if (kind_ == BackupKind::kDifferential) {
      count = std::min<size_t>(count, kPageBytes - content_offset % kPageBytes);
    }
    part.file.seekp(static_cast<std::streamoff>(DatabaseOffset(kind_, content_offset)));
    part.file.write(reinterpret_cast<const char*>(bytes.data()),
                    static_cast<std::streamsize>(count));
    if (!part.file) return false;
    bytes = bytes.subspan(count);
    content_offset += count;
  }
  return true;
}

bool RestoreTarget::Commit() {
  if (file_ == nullptr) return true;
  for (DevicePart& part : parts_) {
    part.file.close();
    if (part.file.fail()) return false;
  }
  return file_->Commit();
}

std::optional<Difference> RestoreTarget::first_difference() const {
  const std::scoped_lock lock(mutex_);
  return difference_;
}

}  // namespace vdisim
