// The message by which a planned failure is told. Pure; any thread.
#ifndef SIMULATOR_ENGINE_FAULT_MESSAGE_H_
#define SIMULATOR_ENGINE_FAULT_MESSAGE_H_

#include <optional>
#include <string>

#include "simulator/engine/fault_plan.h"
#include "simulator/sql/messages.h"

namespace vdisim {

// Whether the text of that number can be filled in without help: it is 3013, or an error of the
// table that speaks of nothing else than a database, or a device and the system's error.
bool HasFaultMessage(int number);

// The message of a fault: with the plan's own text at severity 16, or that of the table. Nothing
// for 3013, which ends every failure anyway. The number must be one that HasFaultMessage where the
// plan gives no text.
std::optional<Message> FaultMessage(const FailFault& fault, const std::string& database,
                                    const std::string& device);

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_FAULT_MESSAGE_H_
