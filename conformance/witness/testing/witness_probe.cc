// A program that does what its first argument says to the file that its second names. It knows
// nothing of the witness; what it prints must be the same with and without one.
#include <aio.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace {

std::string FolderOf(const std::string& path) { return path.substr(0, path.rfind('/')); }

int Posix(const std::string& path) {
  const int fd = open((path + ".new").c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_DSYNC, 0600);
  if (write(fd, "hello", 5) != 5 || pwrite(fd, "there", 5, 100) != 5) return 1;
  if (fsync(fd) != 0 || close(fd) != 0) return 1;
  if (rename((path + ".new").c_str(), path.c_str()) != 0) return 1;
  const int folder = open(FolderOf(path).c_str(), O_RDONLY | O_DIRECTORY);
  return fsync(folder) != 0 || close(folder) != 0;
}

// As a language with a run-time of its own makes its calls.
int Raw(const std::string& path) {
  const long fd = syscall(SYS_openat, AT_FDCWD, path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (syscall(SYS_write, fd, "hello", size_t{5}) != 5) return 1;
  return syscall(SYS_fsync, fd) != 0 || syscall(SYS_close, fd) != 0;
}

// A file that has no name before its data is safe.
int Nameless(const std::string& path) {
  const int fd = open(FolderOf(path).c_str(), O_WRONLY | O_TMPFILE, 0600);
  if (fd < 0) return 77;  // not on this file system
  if (write(fd, "hello", 5) != 5 || fsync(fd) != 0) return 1;
  const std::string self = "/proc/self/fd/" + std::to_string(fd);
  return linkat(AT_FDCWD, self.c_str(), AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW) != 0;
}

int Asynchronous(const std::string& path) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT, 0600);
  aiocb sync{};
  sync.aio_fildes = fd;
  if (write(fd, "hello", 5) != 5 || aio_fsync(O_SYNC, &sync) != 0) return 1;
  const aiocb* const list[] = {&sync};
  while (aio_error(&sync) == EINPROGRESS) (void)aio_suspend(list, 1, nullptr);
  return aio_return(&sync) != 0 || close(fd) != 0;
}

int Stdio(const std::string& path) {
  FILE* const file = fopen(path.c_str(), "wb");
  const std::string bytes(10'000, 'x');
  if (fwrite(bytes.data(), 1, 1000, file) != 1000 || fflush(file) != 0) return 1;
  if (fwrite(bytes.data(), 1, bytes.size(), file) != bytes.size()) return 1;
  return fclose(file);
}

int Bytewise(const std::string& path) {
  FILE* const file = fopen(path.c_str(), "wb");
  for (int i = 0; i < 5000; ++i) fputc('x', file);
  for (int i = 0; i < 5000; ++i) fwrite("y", 1, 1, file);
  fputs("the end", file);
  return fclose(file);
}

int FlushAll(const std::string& path) {
  FILE* const file = fopen(path.c_str(), "wb");
  if (fwrite(path.data(), 1, path.size(), file) != path.size()) return 1;
  return fflush(nullptr) != 0 || fsync(fileno(file)) != 0 || fclose(file) != 0;
}

int Seek(const std::string& path) {
  FILE* const file = fopen(path.c_str(), "wb");
  return fputs("abc", file) < 0 || fseek(file, 10, SEEK_SET) != 0 || fputs("def", file) < 0 ||
         fclose(file) != 0;
}

int Stream(const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  file << std::string(20'000, 'x') << std::flush << "tail";
  file.close();
  return !file;
}

int Threads(const std::string& path) {
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (int number = 0; number < 8; ++number) {
    threads.emplace_back([&path, number] {
      const int fd = open((path + std::to_string(number)).c_str(), O_WRONLY | O_CREAT, 0600);
      for (int i = 0; i < 200; ++i) (void)!write(fd, "0123456789", 10);
      close(fd);
    });
  }
  for (std::thread& thread : threads) thread.join();
  return 0;
}

int Fork(const std::string& path) {
  const pid_t child = fork();
  if (child == 0) {
    const int fd = open(path.c_str(), O_WRONLY | O_CREAT, 0600);
    _exit(write(fd, "child", 5) != 5);
  }
  int status = 0;
  return waitpid(child, &status, 0) != child || status != 0;
}

std::string handled_path;
void Handle(int) {
  const int fd = open(handled_path.c_str(), O_WRONLY | O_CREAT, 0600);
  (void)!write(fd, "handled", 7);
  close(fd);
}
int InHandler(const std::string& path) {
  handled_path = path;
  signal(SIGUSR1, Handle);
  return raise(SIGUSR1);
}

// The lines of the witness reach the limit of a file's size long before this file does.
int SmallFiles(const std::string& path) {
  const rlimit limit{2000, 2000};
  if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 1;
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT, 0600);
  for (int i = 0; i < 100; ++i) {
    if (write(fd, "0123456789", 10) != 10) return 1;
  }
  return close(fd);
}

// What a daemon does; then a descriptor for each number that may have been the witness's.
int CloseAll(const std::string& path) {
  for (int fd = 3; fd < 1024; ++fd) {
    if (close(fd) == 0) return 1;
  }
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT, 0600);
  for (int other = fd + 1; other < 1024; ++other) {
    if (dup2(fd, other) != other) return 1;
  }
  return write(fd, "mine", 4) != 4 || write(fd + 900, "too", 3) != 3;
}

// Numbers of descriptors, results and errors, which are the program's own business. errno is read
// behind the call whose result is printed with it.
void Print(const char* what, long result) {
  const int error = errno;
  printf("%s %ld errno %d\n", what, result, error);
  errno = 77;
}

int Neutral(const std::string& path) {
  errno = 77;
  const int fd = open(path.c_str(), O_RDWR | O_CREAT, 0640);
  Print("open", fd);
  Print("write", write(fd, "abc", 3));
  Print("read", read(fd, nullptr, 0));
  Print("bad write", write(-1, "abc", 3));
  Print("bad close", close(999));
  Print("bad open", open("/nonexistent/file", O_WRONLY));
  Print("bad fsync", fsync(-1));
  Print("bad rename", rename("/nonexistent/a", "/nonexistent/b"));
  Print("bad fopen", fopen("/nonexistent/a", "wb") == nullptr);
  FILE* const full = fopen("/dev/full", "wb");
  Print("fputs", fputs("abc", full) >= 0);
  Print("full", fflush(full));
  Print("fclose", fclose(full));
  FILE* const file = fdopen(fd, "r+");
  std::vector<char> much(4096);
  Print("fread", static_cast<long>(fread(much.data(), 1, 1, file)));
  rewind(file);
  Print("rewind", 0);
  Print("fread", static_cast<long>(fread(much.data(), 1, much.size(), file)));
  Print("fclose", fclose(file));
  Print("next", open("/dev/null", O_RDONLY));
  void* const at = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  Print("mmap", at != MAP_FAILED);
  Print("msync", msync(at, 4096, MS_SYNC));
  return 0;
}

int Mapped(const std::string& path) {
  const int fd = open(path.c_str(), O_RDWR | O_CREAT, 0600);
  if (ftruncate(fd, 8192) != 0) return 1;
  void* const at = mmap(nullptr, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  memcpy(at, "mapped", 6);
  return msync(at, 8192, MS_SYNC) != 0 || close(fd) != 0;
}

// A page that the program must not touch, handed to the system.
int Barred(const std::string& path) {
  const int fd = open(path.c_str(), O_RDWR | O_CREAT, 0600);
  void* const page = mmap(nullptr, 8192, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return write(fd, page, 8192) != -1 || errno != EFAULT;
}

int BarredStdio(const std::string& path) {
  FILE* const file = fopen(path.c_str(), "wb");
  void* const page = mmap(nullptr, 8192, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  setvbuf(file, nullptr, _IONBF, 0);
  return fwrite(page, 1, 8192, file) != 0;
}

// A page that it may only read, for a file to be read into.
int BarredRead(const std::string& path) {
  const int fd = open(path.c_str(), O_RDWR | O_CREAT, 0600);
  void* const page = mmap(nullptr, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return pwrite(fd, page, 4096, 0) != 4096 || read(fd, page, 4096) != -1;
}

int Loads(const std::string& path) {
  if (dlopen(SQLVDI_LIBRARY, RTLD_NOW) == nullptr) return 1;
  return Stdio(path);
}

// 40 descriptors of one file and one pipe; the file is closed as often as it should be, and once
// more.
int Leaves(const std::string& path) {
  int ends[2];
  if (pipe(ends) != 0) return 1;
  for (int i = 0; i < 39; ++i) {
    if (open(path.c_str(), O_WRONLY | O_CREAT, 0600) < 0) return 1;
  }
  const int last = open(path.c_str(), O_RDONLY);
  std::thread([] { pause(); }).detach();
  return close(last) != 0 || open(path.c_str(), O_RDONLY) != last;
}

// What it got at its birth is somebody else's, wherever it points now.
int Redirects(const std::string& path) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT, 0600);
  return dup2(fd, STDOUT_FILENO) != STDOUT_FILENO || close(fd) != 0;
}

constexpr size_t kMuch = size_t{8} << 20;

// Gets memory before its first transfer and after it, and keeps the latter.
std::vector<char*> kept;
int Grow(const std::string& path, bool keeps) {
  std::vector<char> before(kMuch, 'x');
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT, 0600);
  if (write(fd, before.data(), 1000) != 1000) return 1;
  for (int i = 0; i < 8; ++i) {
    char* const one = new char[kMuch / 8];
    memset(one, i, kMuch / 8);
    if (keeps) {
      kept.push_back(one);
    } else {
      delete[] one;
    }
  }
  return close(fd) != 0 || write(STDOUT_FILENO, before.data(), 1) != 1;
}
// The vector's own memory is given back before the end, what it points at is not.
int Grows(const std::string& path) { return Grow(path, true); }
int StaysAsItIs(const std::string& path) { return Grow(path, false); }

struct Deed {
  const char* name;
  int (*function)(const std::string&);
};
constexpr Deed kDeeds[] = {
    {"posix", Posix},
    {"raw", Raw},
    {"nameless", Nameless},
    {"asynchronous", Asynchronous},
    {"stdio", Stdio},
    {"bytewise", Bytewise},
    {"flush-all", FlushAll},
    {"seek", Seek},
    {"stream", Stream},
    {"threads", Threads},
    {"fork", Fork},
    {"in-handler", InHandler},
    {"close-all", CloseAll},
    {"neutral", Neutral},
    {"small-files", SmallFiles},
    {"barred", Barred},
    {"barred-stdio", BarredStdio},
    {"barred-read", BarredRead},
    {"mapped", Mapped},
    {"loads", Loads},
    {"leaves", Leaves},
    {"redirects", Redirects},
    {"grows", Grows},
    {"stays", StaysAsItIs},
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  for (const Deed& deed : kDeeds) {
    if (strcmp(deed.name, argv[1]) == 0) return deed.function(argv[2]);
  }
  return 2;
}
