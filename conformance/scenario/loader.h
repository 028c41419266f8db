// Reads scenario files. Their language is described in conformance/DESIGN.md and, for editors, in
// scenarios/scenario.xsd; the loader checks more than a schema can: names, arguments, codes and
// clauses. Pure functions of their input.
#ifndef CONFORMANCE_SCENARIO_LOADER_H_
#define CONFORMANCE_SCENARIO_LOADER_H_

#include <filesystem>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "conformance/rules/rules.h"
#include "conformance/scenario/scenario.h"

namespace conform {

// A scenario file that cannot be used: "map.xml:12: ..., expected ...".
class ScenarioError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct SourceText {
  std::string name;  // as messages name it
  std::string text;
};

// Whether somebody wants more of a case than its head: id, scenario, title, goal, group, tags,
// face.
using Wanted = std::function<bool(const Case& head)>;

// The cases of all files, in their order. Fixtures may stand in any of the files.
// Throws ScenarioError for the first thing that is wrong. With `wanted`, a case that is not keeps
// its head alone, and mistakes in its steps are not found: most of the time goes into steps.
Suite LoadSuite(std::span<const SourceText> files, const Rules& rules, const Wanted& wanted = {});

// Every *.xml file of a folder, by name, or the one file that it is. Throws ScenarioError if there
// is none.
std::vector<SourceText> ReadFolder(const std::filesystem::path& folder);

// The files of conformance/scenarios/ as they were when this library was built.
std::vector<SourceText> EmbeddedScenarios();

}  // namespace conform

#endif  // CONFORMANCE_SCENARIO_LOADER_H_
