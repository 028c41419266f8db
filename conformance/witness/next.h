// The function that a call would have reached without the witness: the next of that name in the
// order in which the loader looks. Found at the first call; any thread.
#ifndef CONFORMANCE_WITNESS_NEXT_H_
#define CONFORMANCE_WITNESS_NEXT_H_

#include <dlfcn.h>

#include <atomic>

namespace witness {

template <typename Signature>
class Next {
 public:
  constexpr explicit Next(const char* name) : name_(name) {}

  // NULL if there is no such function, as with one that came with a later C library.
  Signature* Find() {
    Signature* found = function_.load(std::memory_order_acquire);
    if (found == nullptr) {
      found = reinterpret_cast<Signature*>(dlsym(RTLD_NEXT, name_));
      function_.store(found, std::memory_order_release);
    }
    return found;
  }

  template <typename... Arguments>
  auto operator()(Arguments... arguments) {
    return Find()(arguments...);
  }

 private:
  const char* const name_;
  std::atomic<Signature*> function_{nullptr};
};

}  // namespace witness

// An exported function under the name that the C library gives it. Its own name in our sources is
// another, so that no declaration, macro or fortified wrapper of a system header gets in the way.
#define WITNESS_EXPORT(symbol) __asm__(symbol) __attribute__((visibility("default")))
// The same function under another name; target: the first name's.
#define WITNESS_ALIAS(symbol, target) \
  __asm__(symbol) __attribute__((visibility("default"), alias(target)))

#endif  // CONFORMANCE_WITNESS_NEXT_H_
