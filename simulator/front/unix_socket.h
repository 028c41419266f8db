// Stream sockets with a name in the file system, and the lines of text that travel over them: the
// only place of the front that knows the operating system's calls. A socket belongs to its object.
#ifndef SIMULATOR_FRONT_UNIX_SOCKET_H_
#define SIMULATOR_FRONT_UNIX_SOCKET_H_

#include <cstddef>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace vdisim {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.Release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { Reset(); }

  int get() const { return fd_; }
  bool ok() const { return fd_ >= 0; }
  void Reset();
  int Release();

 private:
  int fd_ = -1;
};

// Socket paths end at 107 bytes; these go through a handle of the folder, so that any folder will
// do. All return an invalid Descriptor and set *error_number to errno where they fail.

// A listening socket of mode 0600 at folder/name. There is no such file.
Descriptor ListenAt(const std::filesystem::path& folder, const std::string& name,
                    int* error_number);
Descriptor ConnectTo(const std::filesystem::path& folder, const std::string& name,
                     int* error_number);
Descriptor AcceptFrom(const Descriptor& listener, int* error_number);

// Holds a file's lock as long as it lives: the sign that an instance is served. Writes the
// process's number into the file. Invalid, with EWOULDBLOCK in *error_number, if another lives.
Descriptor LockFile(const std::filesystem::path& file, int* error_number);

// Lines over a connection. One thread may read and several may write at a time.
class LineConnection {
 public:
  explicit LineConnection(Descriptor socket);

  enum class ReadResult { kLine, kEnd, kTooLong };
  // Waits for a whole line, without its end. kEnd: the other side has gone, or Hangup was called.
  ReadResult ReadLine(std::string* line);

  // Writes the line and its end as one. False: the other side has gone, or did not read for
  // kWriteSeconds.
  bool WriteLine(std::string_view line);

  // Ends both directions; whoever reads or writes comes back. Any thread.
  void Hangup();

  static constexpr size_t kLineBytesMax = size_t{16} << 20;
  static constexpr int kWriteSeconds = 10;

 private:
  Descriptor socket_;
  std::string received_;
  size_t searched_ = 0;  // of received_, without a line end so far
  std::mutex write_mutex_;
};

// Waits until a connection arrives at the listener (true) or the event is set (false).
class WakeEvent {
 public:
  WakeEvent();
  void Set();
  bool WaitForConnection(const Descriptor& listener);

 private:
  Descriptor read_end_;
  Descriptor write_end_;
};

}  // namespace vdisim

#endif  // SIMULATOR_FRONT_UNIX_SOCKET_H_
