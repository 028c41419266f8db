#include "simulator/abi/com_factory.h"

#include "simulator/abi/abi_guard.h"
#include "simulator/abi/com_client.h"
#include "simulator/abi/com_server.h"

namespace vdisim {

HRESULT CreateVdiInstance(REFCLSID clsid, REFIID iid, void** object) noexcept {
  if (object == nullptr) return E_POINTER;
  *object = nullptr;
  return Contain([&] {
           if (clsid == CLSID_MSSQL_ClientVirtualDeviceSet) {
             return HResult(MakeClientSet()->QueryInterface(iid, object));
           }
           if (clsid == CLSID_MSSQL_ServerVirtualDeviceSet) {
             return HResult(MakeServerSet()->QueryInterface(iid, object));
           }
           return HResult(REGDB_E_CLASSNOTREG);
         })
      .value();
}

ComPtr<IClientVirtualDeviceSet2> MakeClientSet() {
  return ComPtr<IClientVirtualDeviceSet2>(NewComClientSet());
}

ComPtr<IServerVirtualDeviceSet2> MakeServerSet() {
  return ComPtr<IServerVirtualDeviceSet2>(NewComServerSet());
}

}  // namespace vdisim
