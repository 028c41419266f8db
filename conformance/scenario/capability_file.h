// Reads a file in which a subject declares its capabilities:
//
//   <capabilities profile="linux-2017">
//     <capability name="linux-face"/>
//     <capability name="buffer-handles"/>
//   </capabilities>
//
// scenarios/capabilities.xsd describes it for editors. Pure.
#ifndef CONFORMANCE_SCENARIO_CAPABILITY_FILE_H_
#define CONFORMANCE_SCENARIO_CAPABILITY_FILE_H_

#include "conformance/scenario/capabilities.h"
#include "conformance/scenario/loader.h"

namespace conform {

// Throws ScenarioError, with file and line: no XML, an unknown element, attribute or capability,
// a capability twice, no face at all.
Capabilities ReadCapabilities(const SourceText& source);
// The same from a file. Throws ScenarioError also when it cannot be read.
Capabilities ReadCapabilityFile(const std::string& path);

}  // namespace conform

#endif  // CONFORMANCE_SCENARIO_CAPABILITY_FILE_H_
