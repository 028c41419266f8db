// Where COM objects come from, for the programs of this project that make them in their own
// process. libvdisim-com.so exports the first of these as VdiCreateInstance. Any thread.
#ifndef SIMULATOR_ABI_COM_FACTORY_H_
#define SIMULATOR_ABI_COM_FACTORY_H_

#include "simulator/base/com_ptr.h"
#include "simulator/include/vdi_com.h"
#include "simulator/include/vdi_sim.h"

namespace vdisim {

// As VdiCreateInstance (vdi_com.h), and VD_E_MEMORY without memory.
HRESULT CreateVdiInstance(REFCLSID clsid, REFIID iid, void** object) noexcept;

// Throw std::bad_alloc.
ComPtr<IClientVirtualDeviceSet2> MakeClientSet();
ComPtr<IServerVirtualDeviceSet2> MakeServerSet();

}  // namespace vdisim

#endif  // SIMULATOR_ABI_COM_FACTORY_H_
