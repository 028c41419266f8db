// A text file that several threads and processes add lines to, and the numbers by which they are
// told apart. The only file of this folder that calls the operating system.
#ifndef SIMULATOR_TRACE_APPEND_FILE_H_
#define SIMULATOR_TRACE_APPEND_FILE_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

namespace vdisim {

class AppendFile {
 public:
  // Opens or makes the file. On failure returns nothing and says why in *error.
  static std::unique_ptr<AppendFile> Open(const std::string& path, std::string* error);

  AppendFile(const AppendFile&) = delete;
  AppendFile& operator=(const AppendFile&) = delete;
  ~AppendFile();

  // Adds a line (given without its end) in one write, so that lines of several writers never mix
  // and a process killed afterwards has lost nothing. Any thread. Returns false if the line could
  // not be written whole, as when the disk is full; the next line starts afresh.
  bool AppendLine(const std::string& line);

 private:
  explicit AppendFile(int descriptor) : descriptor_(descriptor) {}

  const int descriptor_;
  std::atomic<bool> last_line_is_torn_{false};
};

uint32_t CurrentProcessNumber();
uint32_t CurrentThreadNumber();

}  // namespace vdisim

#endif  // SIMULATOR_TRACE_APPEND_FILE_H_
