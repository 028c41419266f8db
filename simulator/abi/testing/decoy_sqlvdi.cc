// Another library with the same symbols, whose every call answers 0x4242: what a client was linked
// with before it is given ours.
#include <vdi.h>

ClientVirtualDevice::ClientVirtualDevice() : cvd(nullptr) {}
ClientVirtualDevice::~ClientVirtualDevice() { (void)cvd; }
int ClientVirtualDevice::GetCommand(time_t, VDC_Command**) { return 0x4242; }
int ClientVirtualDevice::CompleteCommand(VDC_Command*, int, unsigned long, int64_t) {
  return 0x4242;
}
ClientVirtualDeviceSet::ClientVirtualDeviceSet() : cvds(nullptr) {}
ClientVirtualDeviceSet::~ClientVirtualDeviceSet() { (void)cvds; }
int ClientVirtualDeviceSet::Create(char*, VDConfig*) { return 0x4242; }
int ClientVirtualDeviceSet::GetConfiguration(time_t, VDConfig*) { return 0x4242; }
int ClientVirtualDeviceSet::OpenDevice(char*, ClientVirtualDevice**) { return 0x4242; }
int ClientVirtualDeviceSet::Close() { return 0x4242; }
int ClientVirtualDeviceSet::SignalAbort() { return 0x4242; }
int ClientVirtualDeviceSet::OpenInSecondary(char*) { return 0x4242; }
int ClientVirtualDeviceSet::GetBufferHandle(uint8_t*, unsigned int*) { return 0x4242; }
int ClientVirtualDeviceSet::MapBufferHandle(int, uint8_t**) { return 0x4242; }
void ClientVirtualDeviceSet::RegisterDeviceClosed() {}
