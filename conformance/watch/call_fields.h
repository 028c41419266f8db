// What the watch reads out of call records. Pure.
#ifndef CONFORMANCE_WATCH_CALL_FIELDS_H_
#define CONFORMANCE_WATCH_CALL_FIELDS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/base/hresult.h"
#include "simulator/trace/call_record.h"

namespace conform {

// A value by its name; 0 or "" when it is missing or of another type.
int64_t NumberOf(const std::vector<vdisim::TraceField>& fields, std::string_view name);
std::string TextOf(const std::vector<vdisim::TraceField>& fields, std::string_view name);

inline int64_t EndOf(const vdisim::CallRecord& call) { return call.start_ns + call.duration_ns; }
inline vdisim::HResult CodeOf(const vdisim::CallRecord& call) { return vdisim::HResult(call.code); }

// VDISIM_INJECT answered in the place of the library.
bool IsInjected(const vdisim::CallRecord& call);

// A finding of VDISIM_GUARD, no call.
bool IsGuardViolation(const vdisim::CallRecord& call);

// The methods of both faces: CreateEx is Create.
bool IsCreate(const vdisim::CallRecord& call);
bool IsOpenInSecondary(const vdisim::CallRecord& call);
// A destructor, AddRef, Release, QueryInterface: they serve the object, not the set.
bool IsObjectCare(const vdisim::CallRecord& call);

}  // namespace conform

#endif  // CONFORMANCE_WATCH_CALL_FIELDS_H_
