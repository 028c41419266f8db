// A file under a name of its own beside the one it will replace. It takes that name on Commit and
// vanishes without it, so that nobody ever sees a half-written file. One thread.
#ifndef SIMULATOR_ENGINE_TEMPORARY_FILE_H_
#define SIMULATOR_ENGINE_TEMPORARY_FILE_H_

#include <filesystem>

namespace vdisim {

class TemporaryFile {
 public:
  // Chooses the name only; the caller creates the file at path().
  explicit TemporaryFile(std::filesystem::path target);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  const std::filesystem::path& target() const { return target_; }
  // Renames the file over its target. False if that failed; then it will vanish.
  bool Commit();

 private:
  const std::filesystem::path target_;
  const std::filesystem::path path_;
  bool committed_ = false;
};

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_TEMPORARY_FILE_H_
