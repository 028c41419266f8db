// syscall(2), and the ways to a file that pass every other call by.
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>

#include "conformance/witness/kernel.h"
#include "conformance/witness/line.h"
#include "conformance/witness/sink.h"

namespace witness {
namespace {

struct Six {
  long a[6];
  int Int(int i) const { return static_cast<int>(a[i]); }
  const char* Text(int i) const { return static_cast<const char*>(Pointer(i)); }
  void* Pointer(int i) const {
    return reinterpret_cast<void*>(a[i]);  // NOLINT(performance-no-int-to-ptr): as the kernel does
  }
  size_t Size(int i) const { return static_cast<size_t>(a[i]); }
  off64_t Offset(int i) const { return static_cast<off64_t>(a[i]); }
};

// From now on the process may write and sync what no call shows. Told once in each process.
void TellUnseen(const char* by) {
  static std::atomic<int> told{0};
  if (!IsOn() || told.exchange(getpid()) == getpid()) return;
  const int error = errno;
  Line("unseen", Now(), false).Text("by", by).Append();
  errno = error;
}

// As the function of that name does it, which is the witness's own: false if there is none here.
bool AsFunction(long number, const Six& with, long* result) {
  switch (number) {
    case SYS_write:
      *result = write(with.Int(0), with.Text(1), with.Size(2));
      return true;
    case SYS_pwrite64:
      *result = pwrite64(with.Int(0), with.Text(1), with.Size(2), with.Offset(3));
      return true;
    case SYS_read:
      *result = read(with.Int(0), with.Pointer(1), with.Size(2));
      return true;
    case SYS_pread64:
      *result = pread64(with.Int(0), with.Pointer(1), with.Size(2), with.Offset(3));
      return true;
    case SYS_openat:
      *result = openat64(with.Int(0), with.Text(1), with.Int(2), static_cast<mode_t>(with.a[3]));
      return true;
#ifdef SYS_open
    case SYS_open:
      *result = open64(with.Text(0), with.Int(1), static_cast<mode_t>(with.a[2]));
      return true;
#endif
    case SYS_fsync:
      *result = fsync(with.Int(0));
      return true;
    case SYS_fdatasync:
      *result = fdatasync(with.Int(0));
      return true;
    case SYS_syncfs:
      *result = syncfs(with.Int(0));
      return true;
    case SYS_ftruncate:
      *result = ftruncate64(with.Int(0), with.Offset(1));
      return true;
    case SYS_renameat2:
      *result = renameat2(with.Int(0), with.Text(1), with.Int(2), with.Text(3),
                          static_cast<unsigned>(with.a[4]));
      return true;
    case SYS_unlinkat:
      *result = unlinkat(with.Int(0), with.Text(1), with.Int(2));
      return true;
    default:
      return false;
  }
}

struct aiocb_of_any_kind;

constinit Next<int(unsigned, void*, unsigned)> next_queue_init{"io_uring_queue_init"};
constinit Next<int(unsigned, void*, void*)> next_queue_init_params{"io_uring_queue_init_params"};
constinit Next<int(int, void*)> next_io_setup{"io_setup"};
constinit Next<int(int, void*)> next_io_queue_init{"io_queue_init"};
constinit Next<int(aiocb_of_any_kind*)> next_aio_write{"aio_write"};
constinit Next<int(aiocb_of_any_kind*)> next_aio_write64{"aio_write64"};
constinit Next<int(int, aiocb_of_any_kind*)> next_aio_fsync{"aio_fsync"};
constinit Next<int(int, aiocb_of_any_kind*)> next_aio_fsync64{"aio_fsync64"};
constinit Next<int(int, void*, int, void*)> next_lio_listio{"lio_listio"};
constinit Next<int(int, void*, int, void*)> next_lio_listio64{"lio_listio64"};

// A program may look for a library by such a name, and find ours where there is none.
template <typename Function, typename... Arguments>
int Unseen(const char* name, int failure, Function& next, Arguments... arguments) {
  if (next.Find() == nullptr) return failure;
  TellUnseen(name);
  return next(arguments...);
}

}  // namespace

extern "C" {

long WitnessSyscall(long number, ...) WITNESS_EXPORT("syscall");
int WitnessQueueInit(unsigned entries, void* ring, unsigned flags)
    WITNESS_EXPORT("io_uring_queue_init");
int WitnessQueueInitWith(unsigned entries, void* ring, void* parameters)
    WITNESS_EXPORT("io_uring_queue_init_params");
int WitnessIoSetup(int events, void* context) WITNESS_EXPORT("io_setup");
int WitnessIoQueueInit(int events, void* context) WITNESS_EXPORT("io_queue_init");
int WitnessAioWrite(aiocb_of_any_kind* what) WITNESS_EXPORT("aio_write");
int WitnessAioWrite64(aiocb_of_any_kind* what) WITNESS_EXPORT("aio_write64");
int WitnessAioSync(int how, aiocb_of_any_kind* what) WITNESS_EXPORT("aio_fsync");
int WitnessAioSync64(int how, aiocb_of_any_kind* what) WITNESS_EXPORT("aio_fsync64");
int WitnessList(int mode, void* list, int count, void* event) WITNESS_EXPORT("lio_listio");
int WitnessList64(int mode, void* list, int count, void* event) WITNESS_EXPORT("lio_listio64");

long WitnessSyscall(long number, ...) {
  Six with{};
  va_list arguments;
  va_start(arguments, number);
  for (long& one : with.a) one = va_arg(arguments, long);
  va_end(arguments);
  if (IsOn()) {
    long result = 0;
    if (number == SYS_io_uring_setup) TellUnseen("io_uring_setup");
    if (number == SYS_io_setup) TellUnseen("io_setup");
    if (AsFunction(number, with, &result)) return result;
  }
  return next_syscall(number, with.a[0], with.a[1], with.a[2], with.a[3], with.a[4], with.a[5]);
}

int WitnessQueueInit(unsigned entries, void* ring, unsigned flags) {
  return Unseen("io_uring_queue_init", -ENOSYS, next_queue_init, entries, ring, flags);
}

int WitnessQueueInitWith(unsigned entries, void* ring, void* parameters) {
  return Unseen("io_uring_queue_init", -ENOSYS, next_queue_init_params, entries, ring, parameters);
}

int WitnessIoSetup(int events, void* context) {
  return Unseen("io_setup", -ENOSYS, next_io_setup, events, context);
}

int WitnessIoQueueInit(int events, void* context) {
  return Unseen("io_setup", -ENOSYS, next_io_queue_init, events, context);
}

int WitnessAioWrite(aiocb_of_any_kind* what) {
  return Unseen("aio_write", -1, next_aio_write, what);
}

int WitnessAioWrite64(aiocb_of_any_kind* what) {
  return Unseen("aio_write", -1, next_aio_write64, what);
}

int WitnessAioSync(int how, aiocb_of_any_kind* what) {
  return Unseen("aio_fsync", -1, next_aio_fsync, how, what);
}

int WitnessAioSync64(int how, aiocb_of_any_kind* what) {
  return Unseen("aio_fsync", -1, next_aio_fsync64, how, what);
}

int WitnessList(int mode, void* list, int count, void* event) {
  return Unseen("lio_listio", -1, next_lio_listio, mode, list, count, event);
}

int WitnessList64(int mode, void* list, int count, void* event) {
  return Unseen("lio_listio", -1, next_lio_listio64, mode, list, count, event);
}

}  // extern "C"

}  // namespace witness
