// Reads a fault plan from XML; fault_plan.xsd beside this file says the same to editors. What a
// real server does not do is refused, unless the element has illegal="yes". Pure but for the file;
// any thread.
//
//   <faults>
//     <stall at="Write" nth="3" device="2" ms="500"/>
//     <fail when="after-transfer" message="3013" statement="backup"/>
//   </faults>
#ifndef SIMULATOR_ENGINE_FAULT_PLAN_READER_H_
#define SIMULATOR_ENGINE_FAULT_PLAN_READER_H_

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "simulator/engine/fault_plan.h"

namespace vdisim {

// name: of the text, for errors. Nothing, with "NAME:LINE: what is wrong, and what is expected" in
// *error, for a text that is no plan.
std::optional<FaultPlan> ReadFaultPlan(std::string_view text, std::string_view name,
                                       std::string* error);

// The same for a file.
std::optional<FaultPlan> ReadFaultPlanFile(const std::filesystem::path& file, std::string* error);

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_FAULT_PLAN_READER_H_
