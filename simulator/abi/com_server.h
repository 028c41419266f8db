// The server's COM faces. One object shows IUnknown, IServerVirtualDeviceSet2 and
// IVdiSimServerControl. A device face keeps the set, as with the client's. Any thread.
#ifndef SIMULATOR_ABI_COM_SERVER_H_
#define SIMULATOR_ABI_COM_SERVER_H_

#include "simulator/include/vdi_com.h"

namespace vdisim {

// The caller owns the reference. Throws std::bad_alloc.
IServerVirtualDeviceSet2* NewComServerSet();

}  // namespace vdisim

#endif  // SIMULATOR_ABI_COM_SERVER_H_
