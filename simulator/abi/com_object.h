// What the COM faces have in common: the count, and names in UTF-16.
#ifndef SIMULATOR_ABI_COM_OBJECT_H_
#define SIMULATOR_ABI_COM_OBJECT_H_

#include <atomic>
#include <optional>
#include <string>

#include "simulator/base/result.h"
#include "simulator/include/vdi_com.h"
#include "simulator/trace/call_record.h"

namespace vdisim {

// Begins with the reference of the one who makes the object. Any thread.
class ReferenceCount {
 public:
  ULONG Add() { return count_.fetch_add(1, std::memory_order_relaxed) + 1; }
  // 0: the object has to end. What other threads did to it before their release is visible then.
  ULONG Drop() { return count_.fetch_sub(1, std::memory_order_acq_rel) - 1; }

 private:
  std::atomic<ULONG> count_{1};
};

// A name that a caller gave, in UTF-8; nothing if it is NULL or has unpaired surrogates.
std::optional<std::string> NameOfCom(LPCWSTR name);
// The same as a value of a record.
TraceValue TraceName(LPCWSTR name);

// The instance that an argument names; NULL is the default one (C-CRE-10).
Result<std::string> InstanceOfCom(LPCWSTR name);

}  // namespace vdisim

#endif  // SIMULATOR_ABI_COM_OBJECT_H_
