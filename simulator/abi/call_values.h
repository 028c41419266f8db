// How the values of calls look in their records; used by both kinds of faces, so that one reader
// understands all of them.
#ifndef SIMULATOR_ABI_CALL_VALUES_H_
#define SIMULATOR_ABI_CALL_VALUES_H_

#include "simulator/include/vdi.h"
#include "simulator/trace/call_record.h"

namespace vdisim {

// The fields of a configuration under their own names; a NULL one as a field pCfg.
void AddConfiguration(const VDConfig* configuration, std::vector<TraceField>* fields);
// What a client sees of a command: its address as pCmd, and its fields.
void AddCommand(const VDC_Command* command, std::vector<TraceField>* fields);
// What a server sends: its address as pCmd, and its input fields.
void AddCommand(const VDS_Command* command, std::vector<TraceField>* fields);

}  // namespace vdisim

#endif  // SIMULATOR_ABI_CALL_VALUES_H_
