// An open descriptor on its way from one process to another, over a local stream socket with a byte
// beside it. Any thread.
#ifndef CONFORMANCE_CLIENT_DESCRIPTOR_PASSING_H_
#define CONFORMANCE_CLIENT_DESCRIPTOR_PASSING_H_

namespace conform {

// Whether it was sent; errno says why not. The descriptor stays the caller's too. Safe behind fork.
bool SendDescriptor(int socket, int descriptor);

// Waits for one. The caller owns it; -1: the other end closed, or sent something else.
int TakeDescriptor(int socket);

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_DESCRIPTOR_PASSING_H_
