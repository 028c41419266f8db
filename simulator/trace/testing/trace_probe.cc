// Tells whether a fresh process records its calls, and records one if it does. The environment is
// read once in the life of a process, so the tests of it need processes of their own.
#include <stdlib.h>

#include <cstdio>

#include "simulator/trace/call_trace.h"

int main() {
  const bool on = vdisim::CallTrace::IsOn();
  setenv("VDISIM_TRACE", "/dev/null", 1);
  if (vdisim::CallTrace::IsOn() != on) return 2;
  vdisim::CallRecord record;
  record.set = "from the environment";
  vdisim::CallTrace::Write(record);
  if (vdisim::CallTrace::TellsBegin("GetCommand")) {
    record.method = "GetCommand";
    vdisim::CallTrace::WriteBegin(record);
  }
  return on ? 0 : 1;
}
