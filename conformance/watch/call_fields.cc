#include "conformance/watch/call_fields.h"

#include <algorithm>
#include <variant>

namespace conform {
namespace {

const vdisim::TraceValue* Find(const std::vector<vdisim::TraceField>& fields,
                               std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const vdisim::TraceField& f) { return f.name == name; });
  return found == fields.end() ? nullptr : &found->value;
}

}  // namespace

int64_t NumberOf(const std::vector<vdisim::TraceField>& fields, std::string_view name) {
  const vdisim::TraceValue* const value = Find(fields, name);
  if (value == nullptr) return 0;
  if (const auto* number = std::get_if<int64_t>(value)) return *number;
  if (const auto* large = std::get_if<uint64_t>(value)) return static_cast<int64_t>(*large);
  return 0;
}

std::string TextOf(const std::vector<vdisim::TraceField>& fields, std::string_view name) {
  const vdisim::TraceValue* const value = Find(fields, name);
  const auto* const text = value == nullptr ? nullptr : std::get_if<std::string>(value);
  return text == nullptr ? std::string() : *text;
}

bool IsInjected(const vdisim::CallRecord& call) { return NumberOf(call.inputs, "injected") != 0; }

bool IsGuardViolation(const vdisim::CallRecord& call) { return call.method == "GuardViolation"; }

bool IsCreate(const vdisim::CallRecord& call) {
  return call.method == "Create" || call.method == "CreateEx";
}

bool IsOpenInSecondary(const vdisim::CallRecord& call) {
  return call.method == "OpenInSecondary" || call.method == "OpenInSecondaryEx";
}

bool IsObjectCare(const vdisim::CallRecord& call) {
  return call.method.rfind('~', 0) == 0 || call.method == "AddRef" || call.method == "Release" ||
         call.method == "QueryInterface" || call.method == "RegisterDeviceClosed";
}

}  // namespace conform
