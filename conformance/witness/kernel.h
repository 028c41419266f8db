// The C library's syscall(2), for the witness's own use: what the program calls by that name comes
// to the witness first (calls_raw.cc). Any thread; after the first call in a signal handler, too.
#ifndef CONFORMANCE_WITNESS_KERNEL_H_
#define CONFORMANCE_WITNESS_KERNEL_H_

#include <sys/syscall.h>

#include <type_traits>

#include "conformance/witness/next.h"

namespace witness {

using KernelSignature = long(long, long, long, long, long, long, long);
inline constinit Next<KernelSignature> next_syscall{"syscall"};

template <typename T>
long Word(T value) {
  if constexpr (std::is_pointer_v<T>) {
    return reinterpret_cast<long>(value);
  } else if constexpr (std::is_null_pointer_v<T>) {
    return 0;
  } else {
    return static_cast<long>(value);
  }
}

// The result, or -1 and errno. Up to six arguments.
template <typename... Arguments>
long Kernel(long number, Arguments... arguments) {
  static_assert(sizeof...(arguments) <= 6);
  const long words[7] = {Word(arguments)...};
  return next_syscall(number, words[0], words[1], words[2], words[3], words[4], words[5]);
}

}  // namespace witness

#endif  // CONFORMANCE_WITNESS_KERNEL_H_
