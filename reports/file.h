// Files as reports need them, and the only place of this folder that talks to the operating system.
#ifndef REPORTS_FILE_H_
#define REPORTS_FILE_H_

#include <filesystem>
#include <string>
#include <string_view>

namespace reports {

// The whole file. Throws std::system_error that names it.
std::string ReadFile(const std::filesystem::path& path);

// Puts `text` in the place of the file at `path`, whole or not at all: a temporary file beside it
// is written, synced and renamed. Creates missing folders. Throws std::system_error that names the
// file; the file that was there is then untouched.
void ReplaceFile(const std::filesystem::path& path, std::string_view text);

// A file that only grows. Each text is handed over whole in one write, so that lines of several
// threads do not mix. Not thread-safe; the owner locks.
class GrowingFile {
 public:
  // Starts it empty; creates missing folders. Throws std::system_error.
  explicit GrowingFile(const std::filesystem::path& path);
  ~GrowingFile();
  GrowingFile(const GrowingFile&) = delete;
  GrowingFile& operator=(const GrowingFile&) = delete;

  void Append(std::string_view text);  // throws std::system_error

 private:
  const std::filesystem::path path_;
  const int fd_;
};

// Whether this descriptor is a terminal.
bool IsTerminal(int fd);

}  // namespace reports

#endif  // REPORTS_FILE_H_
