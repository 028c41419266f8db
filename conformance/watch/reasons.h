// Why a client may give up. Pure.
#ifndef CONFORMANCE_WATCH_REASONS_H_
#define CONFORMANCE_WATCH_REASONS_H_

#include <cstdint>

#include "conformance/watch/seen.h"
#include "simulator/base/hresult.h"

namespace conform {

// A code that means that something went wrong; a time-out, VD_E_CLOSE and VD_E_OPEN do not.
bool IsTrouble(vdisim::HResult code);

// Whether the client had a reason to give up by then: a failure that it met or reported, a failed
// statement, a cancel.
bool HadReason(const Seen& seen, int64_t t);

}  // namespace conform

#endif  // CONFORMANCE_WATCH_REASONS_H_
