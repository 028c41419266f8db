// The guard that every exported function is one call to. It lets no exception out, turns the status
// into a plain number, records the call if calls are recorded, and answers in its place if an
// answer is injected.
#ifndef SIMULATOR_ABI_ABI_GUARD_H_
#define SIMULATOR_ABI_ABI_GUARD_H_

#include <cstdint>
#include <optional>
#include <utility>

#include "simulator/abi/call_subject.h"
#include "simulator/abi/injection.h"
#include "simulator/base/hresult.h"
#include "simulator/trace/call_trace.h"

namespace vdisim {

// What the exception being handled is worth: std::bad_alloc is VD_E_MEMORY, anything else
// VD_E_UNEXPECTED. Call it inside a catch block only.
HResult CodeOfCurrentException() noexcept;

// Tells standard error about a failure, if VDISIM_LOG asks for it, in the form of the real library
// (LOG-04). Answers that belong to a normal run (time-out, closed, all open) are not failures.
void LogOutcome(const char* method, const CallSubject& subject, HResult code) noexcept;

template <typename Body>
HResult Contain(const Body& body) noexcept {
  try {
    return body();
  } catch (...) {
    return CodeOfCurrentException();
  }
}

inline void NoValues(CallRecord&) {}

// body() does the work and returns an HResult. inputs(record) and outputs(record) add the values of
// the call to the record; they run only while calls are recorded: inputs before the body, because
// what it is given may be gone afterwards, outputs after its success, before the caller sees them.
template <typename Body, typename Inputs = void (*)(CallRecord&),
          typename Outputs = void (*)(CallRecord&)>
int32_t AbiGuard(const char* method, const CallSubject& subject, const Body& body,
                 const Inputs& inputs = NoValues, const Outputs& outputs = NoValues) noexcept {
  if (!CallTrace::IsOn() && !Injector::IsOn()) [[likely]] {
    const HResult code = Contain(body);
    if (!code.ok()) [[unlikely]] {
      LogOutcome(method, subject, code);
    }
    return code.value();
  }
  // A record that memory does not suffice for must not change what the call answers.
  CallRecord record;
  const HResult described = Contain([&] {
    record.method = method;
    inputs(record);
    return kOk;
  });
  record.start_ns = CallTrace::NowNanoseconds();
  if (described.ok() && CallTrace::TellsBegin(method)) {
    (void)Contain([&] {
      subject.FillIn(&record);
      CallTrace::WriteBegin(record);
      return kOk;
    });
  }
  const std::optional<HResult> injected =
      Injector::IsOn() ? Injector::Answer(method, subject) : std::nullopt;
  const HResult code = injected ? *injected : Contain(body);
  record.duration_ns = CallTrace::NowNanoseconds() - record.start_ns;
  record.code = code.value();
  LogOutcome(method, subject, code);
  if (described.ok()) {
    (void)Contain([&] {
      subject.FillIn(&record);
      if (injected) record.inputs.push_back({"injected", TraceNumber(int64_t{1})});
      if (code.ok()) outputs(record);
      CallTrace::Write(std::move(record));
      return kOk;
    });
  }
  return code.value();
}

}  // namespace vdisim

#endif  // SIMULATOR_ABI_ABI_GUARD_H_
