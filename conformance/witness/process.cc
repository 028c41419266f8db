#include "conformance/witness/process.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <unistd.h>

#include <atomic>

#include "conformance/witness/files.h"
#include "conformance/witness/holdings.h"
#include "conformance/witness/kernel.h"
#include "conformance/witness/memory_map.h"
#include "conformance/witness/sink.h"

namespace witness {
namespace {

constexpr size_t kCommandBytes = 1024;

std::atomic<bool> library_noted{false};

// The words of the command with a blank between them, as far as they fit: before the program's own
// first instruction, so that what it wipes from its arguments is there still.
void ReadCommand(char* text, size_t room) {
  long length = 0;
  const long fd = Kernel(SYS_openat, AT_FDCWD, "/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
  if (fd >= 0) {
    length = Kernel(SYS_read, fd, text, room - 1);
    Kernel(SYS_close, fd);
  }
  if (length < 0) length = 0;
  while (length > 0 && text[length - 1] == '\0') --length;
  for (long i = 0; i < length; ++i) {
    if (text[i] == '\0') text[i] = ' ';
  }
  text[length] = '\0';
}

void TellStart(bool forked) {
  char program[kPathBytes];
  const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
  program[length < 0 ? 0 : length] = '\0';
  Line line("start", Now(), false);
  line.Text("path", program).Number("parent", getppid());
  if (forked) line.True("forked");
  if (!forked) {
    char command[kCommandBytes];
    ReadCommand(command, sizeof command);
    line.Text("command", command);
  }
  line.Append();
}

void InForkedChild() {
  const int error = errno;
  RememberDescriptors();
  AwaitFirstTransfer();
  TellStart(true);
  errno = error;
}

__attribute__((constructor)) void Begin() {
  if (!IsOn()) return;
  const int error = errno;
  RememberDescriptors();
  TellStart(false);
  NoteLibrary();
  pthread_atfork(nullptr, nullptr, InForkedChild);
  errno = error;
}

// A program that leaves by _exit, or is killed, has no such line.
__attribute__((destructor)) void End() {
  if (!IsOn()) return;
  const int error = errno;
  NoteLibrary();
  const int left = TellLeftDescriptors();
  Line line("exit", Now(), false);
  DescribeHoldings(line);
  line.Number("left", left).Append();
  errno = error;
}

}  // namespace

void NoteLibrary() {
  if (library_noted.load(std::memory_order_relaxed)) return;
  char path[kPathBytes];
  if (!FindMappedFile("libsqlvdi", path) || library_noted.exchange(true)) return;
  Line line("library", Now(), false);
  line.Text("path", path).Append();
}

}  // namespace witness
