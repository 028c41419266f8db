// A client as the programs in the field are written: C++11, the public headers and nothing else,
// names as literals, objects that are never deleted. Prints what each call answers, one line each.
#include <stdio.h>
#include <string.h>
#include <vdi.h>
#include <vdi_codes.h>
#include <vdierror.h>

static void Print(const char* call, int code) {
  printf("%s %08X\n", call, static_cast<unsigned>(code));
}

int main() {
  ClientVirtualDeviceSet* set = new ClientVirtualDeviceSet;
  VDConfig config;
  memset(&config, 0, sizeof config);
  VDC_Command* command = NULL;         // NOLINT(modernize-use-nullptr): as vendors write
  ClientVirtualDevice* device = NULL;  // NOLINT(modernize-use-nullptr): as vendors write

  Print("Close", set->Close());
  Print("GetConfiguration", set->GetConfiguration(10000, &config));
  Print("Create", set->Create((char*)"vendor client's set", &config));  // deviceCount is 0
  Print("OpenDevice", set->OpenDevice((char*)"vendor client's set", &device));
  Print("SignalAbort", set->SignalAbort());
  set->RegisterDeviceClosed();

  ClientVirtualDevice loose;
  Print("GetCommand", loose.GetCommand(VDI_INFINITE, &command));
  Print("CompleteCommand", loose.CompleteCommand(command, ERROR_NOT_SUPPORTED, 0, 0));

  ClientVirtualDeviceSet on_the_stack;
  unsigned int handle = 0;
  uint8_t* buffer = NULL;  // NOLINT(modernize-use-nullptr): as vendors write
  Print("GetBufferHandle", on_the_stack.GetBufferHandle(buffer, &handle));
  Print("MapBufferHandle", on_the_stack.MapBufferHandle(1, &buffer));
  Print("OpenInSecondary", on_the_stack.OpenInSecondary((char*)"nobody's set"));
  return 0;
}
