// The smallest client: makes a device set, sees that no server has come, and gives it back.
#include <vdi.h>
#include <vdierror.h>

int main() {
  ClientVirtualDeviceSet set;
  VDConfig config = {};
  config.deviceCount = 1;
  if (set.Create(const_cast<char*>("a consumer's set"), &config) != 0) return 1;
  if (set.GetConfiguration(0, &config) != VD_E_TIMEOUT) return 2;
  return set.Close();
}
