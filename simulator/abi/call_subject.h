// Whom a call is about, for its record and for diagnostics. One for each object that a client or
// a server holds; any thread.
#ifndef SIMULATOR_ABI_CALL_SUBJECT_H_
#define SIMULATOR_ABI_CALL_SUBJECT_H_

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "simulator/trace/call_trace.h"

namespace vdisim {

class CallSubject {
 public:
  // A set, which gets its name when it is created or opened. abort: aborts it, and does nothing
  // while none is open; it outlives whatever it aborts, and throws nothing.
  explicit CallSubject(std::string_view face, std::function<void()> abort = nullptr)
      : face_(face), abort_(std::move(abort)) {}
  // A device of the set.
  CallSubject(const CallSubject& set, std::string device)
      : face_(set.face_), abort_(set.abort_), device_(std::move(device)), set_(set.set_name()) {}

  std::string_view face() const { return face_; }
  uint64_t number() const { return number_; }
  // Face, object, set and device of a record.
  void FillIn(CallRecord* record) const {
    record->face = face_;
    record->object = number_;
    record->set = set_name();
    record->device = device_;
  }

  std::string set_name() const {
    const std::lock_guard lock(mutex_);
    return set_;
  }
  // Aborts the set, if there is a way to.
  void Abort() const {
    if (abort_ != nullptr) abort_();
  }
  // The set that the object has had last; Close does not take it away.
  void SetName(std::string name) {
    const std::lock_guard lock(mutex_);
    set_ = std::move(name);
  }

 private:
  const std::string_view face_;
  const std::function<void()> abort_;
  const uint64_t number_ = CallTrace::NewObjectNumber();
  const std::optional<std::string> device_;
  mutable std::mutex mutex_;
  std::string set_;
};

}  // namespace vdisim

#endif  // SIMULATOR_ABI_CALL_SUBJECT_H_
