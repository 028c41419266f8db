// ComPtr<T> holds one reference to a counted object (any type with AddRef, Release and
// QueryInterface) and gives it back. One thread at a time may touch one ComPtr; the object's count
// is its own business.
#ifndef SIMULATOR_BASE_COM_PTR_H_
#define SIMULATOR_BASE_COM_PTR_H_

#include <utility>

namespace vdisim {

template <typename T>
class ComPtr {
 public:
  constexpr ComPtr() = default;
  // Takes over the reference that the caller owns.
  explicit ComPtr(T* adopt) : object_(adopt) {}
  // Counts a reference of its own.
  static ComPtr Share(T* object) {
    if (object != nullptr) object->AddRef();
    return ComPtr(object);
  }

  ComPtr(const ComPtr& other) : object_(other.object_) {
    if (object_ != nullptr) object_->AddRef();
  }
  ComPtr(ComPtr&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  ComPtr& operator=(ComPtr other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~ComPtr() { Reset(); }

  T* get() const { return object_; }
  T* operator->() const { return object_; }
  T& operator*() const { return *object_; }
  explicit operator bool() const { return object_ != nullptr; }

  void Reset() {
    if (T* const held = std::exchange(object_, nullptr)) held->Release();
  }
  // The caller owns the reference from here on.
  T* Detach() { return std::exchange(object_, nullptr); }

  // Where a call may put a reference for us to own; what was held is given back first.
  T** Receive() {
    Reset();
    return &object_;
  }
  void** ReceiveVoid() { return reinterpret_cast<void**>(Receive()); }

  // Another interface of the same object; empty if it has none of that id.
  template <typename U, typename Iid>
  ComPtr<U> As(const Iid& iid) const {
    void* other = nullptr;
    if (object_ == nullptr || object_->QueryInterface(iid, &other) < 0) return ComPtr<U>();
    return ComPtr<U>(static_cast<U*>(other));
  }

 private:
  T* object_ = nullptr;
};

}  // namespace vdisim

#endif  // SIMULATOR_BASE_COM_PTR_H_
