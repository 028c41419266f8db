// The one export of libvdisim-com.so.
#pragma GCC visibility push(default)
#include "simulator/include/vdi_com.h"
#pragma GCC visibility pop

#include "simulator/abi/com_factory.h"

extern "C" HRESULT VdiCreateInstance(REFCLSID clsid, REFIID iid, void** object) {
  return vdisim::CreateVdiInstance(clsid, iid, object);
}
