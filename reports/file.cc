#include "reports/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

namespace reports {
namespace {

[[noreturn]] void ThrowErrno(const char* what, const std::filesystem::path& path) {
  throw std::system_error(errno, std::generic_category(), std::string(what) + ' ' + path.string());
}

void MakeFolder(const std::filesystem::path& path) {
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path());
}

void WriteAll(int fd, std::string_view text, const std::filesystem::path& path) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      ThrowErrno("cannot write", path);
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

// Removes a temporary file that was not renamed, and closes it.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::filesystem::path path)
      : path_(std::move(path)),
        fd_(open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)) {
    if (fd_ < 0) ThrowErrno("cannot create", path_);
  }
  ~TemporaryFile() {
    close(fd_);
    if (!renamed_) unlink(path_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  void WriteAndSync(std::string_view text) const {
    WriteAll(fd_, text, path_);
    if (fsync(fd_) != 0) ThrowErrno("cannot sync", path_);
  }
  void RenameTo(const std::filesystem::path& target) {
    if (rename(path_.c_str(), target.c_str()) != 0) ThrowErrno("cannot replace", target);
    renamed_ = true;
  }

 private:
  const std::filesystem::path path_;
  const int fd_;
  bool renamed_ = false;
};

int OpenGrowing(const std::filesystem::path& path) {
  MakeFolder(path);
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
  if (fd < 0) ThrowErrno("cannot create", path);
  return fd;
}

}  // namespace

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) ThrowErrno("cannot read", path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void ReplaceFile(const std::filesystem::path& path, std::string_view text) {
  static std::atomic<unsigned> counter{0};
  MakeFolder(path);
  TemporaryFile temporary(path.parent_path() /
                          ("." + path.filename().string() + "." + std::to_string(getpid()) + "." +
                           std::to_string(counter++) + ".tmp"));
  temporary.WriteAndSync(text);
  temporary.RenameTo(path);
}

GrowingFile::GrowingFile(const std::filesystem::path& path) : path_(path), fd_(OpenGrowing(path)) {}

GrowingFile::~GrowingFile() { close(fd_); }

void GrowingFile::Append(std::string_view text) { WriteAll(fd_, text, path_); }

bool IsTerminal(int fd) { return isatty(fd) == 1; }

}  // namespace reports
