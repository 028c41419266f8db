// The surroundings that a keeper gives its program before it starts: files that may not grow beyond
// a size, a directory that is read-only or small. The last two need a mount namespace of its own,
// which a system may refuse to users. Of a single-threaded process that is nobody's but this one's.
#ifndef CONFORMANCE_CLIENT_KEPT_SURROUNDINGS_H_
#define CONFORMANCE_CLIENT_KEPT_SURROUNDINGS_H_

#include <filesystem>
#include <string>

#include "conformance/client/keeper_protocol.h"

namespace conform {

// Mounts what the order asks for, in a namespace of its own. Returns why it cannot be, or nothing.
std::string EnterSurroundings(const Json& order);

// Limits the size of files, by which a write fails with EFBIG and no signal comes. Returns why it
// cannot be, or nothing.
std::string LimitFiles(const Json& order);

// Whether this machine lets us have a mount namespace: tried once, in a child. Any thread.
bool CanMount();

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_KEPT_SURROUNDINGS_H_
