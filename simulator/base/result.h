// Result<T> is a value, or the code that says why there is none. Asking a failed one for its value
// is our own mistake and stops the process.
#ifndef SIMULATOR_BASE_RESULT_H_
#define SIMULATOR_BASE_RESULT_H_

#include <optional>
#include <utility>

#include "simulator/base/check.h"
#include "simulator/base/hresult.h"

namespace vdisim {

template <typename T>
class [[nodiscard]] Result {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): `return value;`
  Result(T value) : value_(std::move(value)) {}
  // NOLINTNEXTLINE(google-explicit-constructor): `return code;`
  Result(HResult error) : error_(error) {
    VDI_CHECK(!error.ok(), "a Result without a value needs an error code");
  }

  bool ok() const { return value_.has_value(); }
  HResult code() const { return error_; }

  T& value() {
    VDI_CHECK(ok(), "value() of a failed Result");
    return *value_;
  }
  const T& value() const {
    VDI_CHECK(ok(), "value() of a failed Result");
    return *value_;
  }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  std::optional<T> value_;
  HResult error_;
};

}  // namespace vdisim

#endif  // SIMULATOR_BASE_RESULT_H_
