#include "simulator/abi/client_object.h"

#include <cstdint>
#include <utility>

#include "simulator/abi/abi_environment.h"
#include "simulator/abi/abi_guard.h"
#include "simulator/abi/guard_record.h"

namespace vdisim {
namespace {

ClientOptions OptionsFor(std::string_view face) {
  ClientOptions options = TheAbiEnvironment().client_options;
  if (options.guard.mode != GuardMode::kOff) options.guard.report = ReportTo(face);
  return options;
}

}  // namespace

ClientObject::ClientObject(std::string_view face, const char* end)
    : end_(end), set_(OptionsFor(face)), subject_(face, set_.Aborter()) {}

ClientObject::~ClientObject() {
  AbiGuard(end_, subject_, [this] {
    (void)set_.Close();  // VD_E_PROTOCOL where nothing is open
    return kOk;
  });
}

HResult ClientObject::Refuse(HResult argument_error) {
  // C-GBH-02: VD_E_PROTOCOL means that no set is open on this object; asking changes nothing.
  uint32_t handle = 0;
  const bool is_open = set_.GetBufferHandle(nullptr, &handle) != kProtocol;
  return is_open ? kProtocol : argument_error;
}

HResult ClientObject::Create(const Result<std::string>& instance,
                             std::optional<std::string_view> name, const VDConfig* request) {
  if (!name || request == nullptr) return Refuse(kInvalid);
  if (!instance.ok()) return Refuse(instance.code());
  std::string copy(*name);
  const HResult hr = set_.Create(instance.value(), *name, *request);
  if (hr.ok()) subject_.SetName(std::move(copy));
  return hr;
}

HResult ClientObject::OpenInSecondary(const Result<std::string>& instance,
                                      std::optional<std::string_view> name) {
  if (!name) return Refuse(kInvalid);
  if (!instance.ok()) return Refuse(instance.code());
  std::string copy(*name);
  const HResult hr = set_.OpenInSecondary(instance.value(), *name);
  if (hr.ok()) subject_.SetName(std::move(copy));
  return hr;
}

HResult ClientObject::OpenDevice(std::optional<std::string_view> name,
                                 std::shared_ptr<ClientDevice>* device) {
  // No device is called by an empty name, so it is refused in the order that the set decides.
  std::shared_ptr<ClientDevice> nobody_wants_it;
  if (!name || device == nullptr) return set_.OpenDevice("", &nobody_wants_it);
  return set_.OpenDevice(*name, device);
}

}  // namespace vdisim
