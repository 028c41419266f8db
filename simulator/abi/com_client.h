// The client's COM faces. One object shows IUnknown, IClientVirtualDeviceSet and
// IClientVirtualDeviceSet2 with one table (G-51). It keeps the set open until Close or its end; a
// device face keeps the set too, so that the order of the last Release calls does not matter, and
// may be released after Close (C-CLO-21). Any thread.
#ifndef SIMULATOR_ABI_COM_CLIENT_H_
#define SIMULATOR_ABI_COM_CLIENT_H_

#include "simulator/include/vdi_com.h"

namespace vdisim {

// The caller owns the reference. Throws std::bad_alloc.
IClientVirtualDeviceSet2* NewComClientSet();

}  // namespace vdisim

#endif  // SIMULATOR_ABI_COM_CLIENT_H_
