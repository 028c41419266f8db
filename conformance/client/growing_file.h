// Reads the lines of a file that others append to, as they come. A line counts when its end is
// there. One thread.
#ifndef CONFORMANCE_CLIENT_GROWING_FILE_H_
#define CONFORMANCE_CLIENT_GROWING_FILE_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace conform {

class GrowingLines {
 public:
  // The file need not be there yet.
  explicit GrowingLines(std::filesystem::path file) : file_(std::move(file)) {}
  ~GrowingLines();
  GrowingLines(const GrowingLines&) = delete;
  GrowingLines& operator=(const GrowingLines&) = delete;

  // The lines that came since the last call, without their ends.
  std::vector<std::string> Take();

 private:
  const std::filesystem::path file_;
  int descriptor_ = -1;
  std::string pending_;
};

// Becomes readable when a file of a folder was made, written or removed. One thread.
class FolderWatch {
 public:
  // Throws std::system_error.
  explicit FolderWatch(const std::filesystem::path& folder);
  ~FolderWatch();
  FolderWatch(const FolderWatch&) = delete;
  FolderWatch& operator=(const FolderWatch&) = delete;

  int descriptor() const { return descriptor_; }
  // Takes what it became readable for.
  void Clear() const;

 private:
  int descriptor_ = -1;
};

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_GROWING_FILE_H_
