#include "conformance/witness/touch.h"

#include <stdlib.h>
#include <string.h>

namespace witness {

void TouchBarred(const void* bytes, size_t count, bool write) {
  constexpr size_t kPageBytes = 4096;
  const char* const guard = getenv("VDISIM_GUARD");
  if (guard == nullptr || strcmp(guard, "fault") != 0) return;
  auto* const begin = static_cast<volatile char*>(const_cast<void*>(bytes));
  for (size_t at = 0; at < count; at += kPageBytes) {
    const char byte = begin[at];
    if (write) begin[at] = byte;
  }
}

}  // namespace witness
