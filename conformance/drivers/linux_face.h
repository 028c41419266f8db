// The face of the C++ classes: ClientVirtualDeviceSet and ClientVirtualDevice (ABI-05, ABI-06).
#ifndef CONFORMANCE_DRIVERS_LINUX_FACE_H_
#define CONFORMANCE_DRIVERS_LINUX_FACE_H_

#include "conformance/drivers/client_face.h"
#include "conformance/drivers/provider_library.h"

namespace conform {

class LinuxFace final : public ClientFace {
 public:
  explicit LinuxFace(const ProviderFunctions& functions) : functions_(functions) {}
  std::shared_ptr<ClientSetFace> NewSet() override;

 private:
  const ProviderFunctions functions_;
};

}  // namespace conform

#endif  // CONFORMANCE_DRIVERS_LINUX_FACE_H_
