// Reads the scenarios for client programs. Their language is described in conformance/DESIGN.md
// and, for editors, in client_scenarios/client_scenario.xsd; the loader checks more than a schema
// can: points, codes to inject, clauses, capabilities. What stands inside <faults> is the engine's
// to judge, and is handed on as it is. Pure functions of their input.
#ifndef CONFORMANCE_CLIENT_SUITE_CLIENT_LOADER_H_
#define CONFORMANCE_CLIENT_SUITE_CLIENT_LOADER_H_

#include <span>
#include <vector>

#include "conformance/client_suite/client_scenario.h"
#include "conformance/rules/rules.h"
#include "conformance/scenario/loader.h"

namespace conform {

// The cases of all files, in their order; ReadFolder() of the other loader reads a folder of them.
// Throws ScenarioError ("flush.xml:12: ..., expected ...") for the first thing that is wrong.
std::vector<ClientScenario> LoadClientScenarios(std::span<const SourceText> files,
                                                const Rules& rules);

// The files of conformance/client_scenarios/ as they were when this library was built.
std::vector<SourceText> EmbeddedClientScenarios();

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_SUITE_CLIENT_LOADER_H_
