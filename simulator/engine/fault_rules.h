// The elements of a fault plan, each with its attributes, the statements it can act on, and what a
// server may do of it. Used by fault_plan_reader.cc alone.
#ifndef SIMULATOR_ENGINE_FAULT_RULES_H_
#define SIMULATOR_ENGINE_FAULT_RULES_H_

#include <pugixml.hpp>

#include "simulator/engine/fault_plan.h"

namespace vdisim {

// Adds what an element in that line of the file asks for. Throws FaultPlanError for one that is
// none, for what it cannot mean, and for what no real server does.
void ReadFaultElement(pugi::xml_node node, int line, FaultPlan* plan);

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_FAULT_RULES_H_
