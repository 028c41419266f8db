// One line of the witness's file: a JSON object, put together in the caller's stack frame. It may
// be made in a signal handler or in a forked child of a process with threads, so it takes no lock,
// no memory and no locale.
//
//   {"t":81234567890,"d":4500,"pid":4711,"tid":4712,"call":"write","fd":5,"path":"/media/a.bak",
//    "inode":77,"offset":65536,"bytes":65536,"result":65536,"errno":0}
//
//   t, d     nanoseconds of the monotonic clock when the call began, as in call records, and how
//            long it took; d is absent for what is no call
//   call     start, exit, library, open, close, read, write, sync_file_range, fsync, fdatasync,
//            syncfs, sync, msync, mmap, ftruncate, fallocate, rename, link, unlink, fwrite, fread,
//            fflush, left: one word for all calls that do the same (openat and fopen are an open);
//            unseen: from now on the process may write and sync past the witness, in the way that
//            `by` names, such as io_uring
//   by       the function, if it is not called as `call` is: a write by fflush is what stdio handed
//            to the system meanwhile, no call of the program
//   fd, path, inode  of the file: the name it has now, links followed; `directory` is true for one
//   to       the new name, for rename and link
//   flags    of an open: names joined by |, such as "O_WRONLY|O_CREAT|O_DSYNC"; mode: of a fopen
//   offset   where the bytes begin in the file, if it can be known
//   bytes    how many were asked for; pending: how many stdio still keeps back after the call
//   result   what the call returned; for fwrite and fread, in bytes
//   errno    why it failed; 0 if it did not
//
// start has the program as path, its command, parent, and forked when no program was started;
// library has the path of a libsqlvdi that the process uses. At the end of a process stands a left
// for each descriptor that it opened and did not close, with its path or "socket:[4711]", 32 of
// them at most, and an exit: left counts all of these, descriptors and threads are all that there
// were; mappings are those of shared memory of the interface; memory is what it has of its own
// (heap, stacks), peak the most that was resident with all that is shared, both in KiB. The first
// transfer of a process, be it of whatever file, has the memory of that time. -1: nobody knows. A
// field that does not fit is left out, and "cut":true says so.
#ifndef CONFORMANCE_WITNESS_LINE_H_
#define CONFORMANCE_WITNESS_LINE_H_

#include <stddef.h>
#include <stdint.h>

namespace witness {

// Nanoseconds of the monotonic clock.
int64_t Now();

class Line {
 public:
  // began: when what the line tells of began. A call has lasted until now.
  explicit Line(const char* call, int64_t began, bool lasted = true);

  Line& Text(const char* key, const char* value);
  Line& Number(const char* key, int64_t value);
  Line& True(const char* key);
  // result and errno. failed: error counts.
  Line& Answer(int64_t result, bool failed, int error);

  // Adds the line to the file.
  void Append();

 private:
  bool Put(const char* text);
  bool PutEscaped(const char* text);
  bool PutKey(const char* key);
  bool PutNumber(int64_t value);
  // Takes back what was put since then.
  void Cut(size_t used);

  static constexpr size_t kRoom = 2304;
  static constexpr size_t kEnd = 16;  // kept for the end of the line
  char bytes_[kRoom];
  size_t used_ = 0;
  bool cut_ = false;
};

}  // namespace witness

#endif  // CONFORMANCE_WITNESS_LINE_H_
