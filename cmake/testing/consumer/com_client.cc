// The same through the COM-style interfaces.
#include <vdi_com.h>
#include <vdi_sim.h>

int main() {
  void* object = nullptr;
  if (VdiCreateInstance(CLSID_MSSQL_ClientVirtualDeviceSet, IID_IClientVirtualDeviceSet2,
                        &object) != S_OK) {
    return 1;
  }
  auto* const set = static_cast<IClientVirtualDeviceSet2*>(object);
  VDConfig config = {};
  config.deviceCount = 1;
  const bool created = set->CreateEx(nullptr, u"a COM consumer's set", &config) == 0;
  const bool waited = set->GetConfiguration(0, &config) == VD_E_TIMEOUT;
  return set->Close() == 0 && set->Release() == 0 && created && waited ? 0 : 2;
}
