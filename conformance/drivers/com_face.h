// The face of the COM interfaces: IClientVirtualDeviceSet2 and IClientVirtualDevice (ABI-01 to
// ABI-04). One reference is held to each object from the call that gave it until LetGo.
#ifndef CONFORMANCE_DRIVERS_COM_FACE_H_
#define CONFORMANCE_DRIVERS_COM_FACE_H_

#include "conformance/drivers/client_face.h"
#include "conformance/drivers/com_library.h"

namespace conform {

class ComFace final : public ClientFace {
 public:
  explicit ComFace(ComFactory factory) : factory_(factory) {}
  std::shared_ptr<ClientSetFace> NewSet() override;

 private:
  const ComFactory factory_;
};

}  // namespace conform

#endif  // CONFORMANCE_DRIVERS_COM_FACE_H_
