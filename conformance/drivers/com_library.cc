#include "conformance/drivers/com_library.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include "conformance/drivers/provider_library.h"
#include "simulator/base/utf16.h"

namespace conform {

ComFactory LoadComFactory(const std::string& path, REFCLSID clsid, REFIID iid) {
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* reason = dlerror();
    throw ProviderError(fmt::format("cannot load {}: {}", path, reason ? reason : "no reason"));
  }
  const auto factory = reinterpret_cast<ComFactory>(dlsym(library, "VdiCreateInstance"));
  if (factory == nullptr) throw ProviderError(path + " has no VdiCreateInstance");
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
