#include "conformance/drivers/com_library.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <link.h>

#include "conformance/drivers/provider_library.h"
#include "simulator/base/utf16.h"

namespace conform {
namespace {

// The file that a symbol of `library` comes from, if it is another one than the library itself: a
// look-up goes on in the libraries that it needs, and another one would be judged then.
std::string OtherOrigin(void* library, void* symbol) {
  link_map* map = nullptr;
  Dl_info info = {};
  if (dlinfo(library, RTLD_DI_LINKMAP, static_cast<void*>(&map)) != 0 ||
      dladdr(symbol, &info) == 0 || info.dli_fname == nullptr) {
    return {};
  }
  return std::string(map->l_name) == info.dli_fname ? std::string() : info.dli_fname;
}

}  // namespace

bool ExportsComFactory(const std::string& path) {
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return false;
  void* factory = dlsym(library, "VdiCreateInstance");
  return factory != nullptr && OtherOrigin(library, factory).empty();
}

ComFactory LoadComFactory(const std::string& path, REFCLSID clsid, REFIID iid) {
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* reason = dlerror();
    throw ProviderError(fmt::format("cannot load {}: {}", path, reason ? reason : "no reason"));
  }
  void* symbol = dlsym(library, "VdiCreateInstance");
  if (symbol == nullptr) throw ProviderError(path + " has no VdiCreateInstance");
  if (const std::string other = OtherOrigin(library, symbol); !other.empty()) {
    throw ProviderError(
        fmt::format("{} has no VdiCreateInstance of its own, only that of {}", path, other));
  }
  const auto factory = reinterpret_cast<ComFactory>(symbol);
  void* object = nullptr;
  const HRESULT code = factory(clsid, iid, &object);
  if (code != S_OK || object == nullptr) {
    throw ProviderError(
        fmt::format("VdiCreateInstance of {} does not make the interface that is "
                    "needed: {:#010x}",
                    path, static_cast<uint32_t>(code)));
  }
  static_cast<IUnknown*>(object)->Release();
  return factory;
}

WideName::WideName(const std::optional<std::string>& text) {
  if (!text) return;
  text_ = vdisim::Utf16FromUtf8(*text);
  if (text_) return;
  text_.emplace();
  for (const char byte : *text) text_->push_back(static_cast<unsigned char>(byte));
}

}  // namespace conform
