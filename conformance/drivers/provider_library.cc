#include "conformance/drivers/provider_library.h"

#include <cxxabi.h>
#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdlib>
#include <memory>

namespace conform {
namespace {

template <typename Function>
void Resolve(void* library, const char* name, Function* function) {
  *function = reinterpret_cast<Function>(dlsym(library, name));
}

// "_ZN...  ClientVirtualDeviceSet::Close()"
std::string WithReadableName(const std::string& symbol) {
  const std::unique_ptr<char, decltype(&std::free)> name(
      abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, nullptr), &std::free);
  return name == nullptr ? symbol : symbol + "  " + name.get();
}

}  // namespace

const std::vector<std::string>& ProviderSymbols() {
  static const std::vector<std::string> kSymbols = {
      "_ZN22ClientVirtualDeviceSetC1Ev",
      "_ZN22ClientVirtualDeviceSetC2Ev",
      "_ZN22ClientVirtualDeviceSetD1Ev",
      "_ZN22ClientVirtualDeviceSetD2Ev",
      "_ZN22ClientVirtualDeviceSet6CreateEPcP8VDConfig",
      "_ZN22ClientVirtualDeviceSet16GetConfigurationElP8VDConfig",
      "_ZN22ClientVirtualDeviceSet10OpenDeviceEPcPP19ClientVirtualDevice",
      "_ZN22ClientVirtualDeviceSet5CloseEv",
      "_ZN22ClientVirtualDeviceSet11SignalAbortEv",
      "_ZN22ClientVirtualDeviceSet15OpenInSecondaryEPc",
      "_ZN22ClientVirtualDeviceSet15GetBufferHandleEPhPj",
      "_ZN22ClientVirtualDeviceSet15MapBufferHandleEiPPh",
      "_ZN22ClientVirtualDeviceSet20RegisterDeviceClosedEv",
      "_ZN19ClientVirtualDeviceC1Ev",
      "_ZN19ClientVirtualDeviceC2Ev",
      "_ZN19ClientVirtualDeviceD1Ev",
      "_ZN19ClientVirtualDeviceD2Ev",
      "_ZN19ClientVirtualDevice10GetCommandElPP11VDC_Command",
      "_ZN19ClientVirtualDevice15CompleteCommandEP11VDC_Commandiml",
  };
  return kSymbols;
}

ProviderLibrary::ProviderLibrary(const std::string& path)
    : library_(dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
  if (library_ == nullptr) {
    const char* reason = dlerror();
    throw ProviderError(fmt::format("cannot load {}: {}", path, reason ? reason : "no reason"));
  }
  std::vector<std::string> missing;
  for (const std::string& name : ProviderSymbols()) {
    if (dlsym(library_, name.c_str()) == nullptr) missing.push_back(WithReadableName(name));
  }
  if (!missing.empty()) {
    dlclose(library_);
    throw ProviderError(
        fmt::format("{} lacks {} of the {} symbols of a client library (ABI-06):\n  {}", path,
                    missing.size(), ProviderSymbols().size(), fmt::join(missing, "\n  ")));
  }
  auto& f = functions_;
  Resolve(library_, "_ZN22ClientVirtualDeviceSetC1Ev", &f.construct_set);
  Resolve(library_, "_ZN22ClientVirtualDeviceSetD1Ev", &f.destroy_set);
  Resolve(library_, "_ZN22ClientVirtualDeviceSet6CreateEPcP8VDConfig", &f.create);
  Resolve(library_, "_ZN22ClientVirtualDeviceSet16GetConfigurationElP8VDConfig",
          &f.get_configuration);
  Resolve(library_, "_ZN22ClientVirtualDeviceSet10OpenDeviceEPcPP19ClientVirtualDevice",
          &f.open_device);
  Resolve(library_, "_ZN22ClientVirtualDeviceSet5CloseEv", &f.close);
  Resolve(library_, "_ZN22ClientVirtualDeviceSet11SignalAbortEv", &f.signal_abort);
  Resolve(library_, "_ZN22ClientVirtualDeviceSet15OpenInSecondaryEPc", &f.open_in_secondary);
  Resolve(library_, "_ZN22ClientVirtualDeviceSet15GetBufferHandleEPhPj", &f.get_buffer_handle);
  Resolve(library_, "_ZN22ClientVirtualDeviceSet15MapBufferHandleEiPPh", &f.map_buffer_handle);
  Resolve(library_, "_ZN22ClientVirtualDeviceSet20RegisterDeviceClosedEv",
          &f.register_device_closed);
  Resolve(library_, "_ZN19ClientVirtualDeviceC1Ev", &f.construct_device);
  Resolve(library_, "_ZN19ClientVirtualDeviceD1Ev", &f.destroy_device);
  Resolve(library_, "_ZN19ClientVirtualDevice10GetCommandElPP11VDC_Command", &f.get_command);
  Resolve(library_, "_ZN19ClientVirtualDevice15CompleteCommandEP11VDC_Commandiml",
          &f.complete_command);
}

}  // namespace conform
