// Bytes that the system refused to read or write for a call, although the program named them:
// EFAULT. The guard of the simulator's library (VDISIM_GUARD=fault) bars a buffer that a client has
// given back, and stops whoever touches it; a system call touches it unseen and merely fails. So
// the bytes are touched once more by hand, and the program stops where it would have with memcpy.
// Without that variable nothing is done.
#ifndef CONFORMANCE_WITNESS_TOUCH_H_
#define CONFORMANCE_WITNESS_TOUCH_H_

#include <stddef.h>

namespace witness {

// Under the guard, reads a byte of each page, and with `write` writes it back.
void TouchBarred(const void* bytes, size_t count, bool write);

}  // namespace witness

#endif  // CONFORMANCE_WITNESS_TOUCH_H_
