// What the proof is made of: the broken libraries of mutants.xml, and the scenarios that have to
// catch them. Both are read as plain XML, so that the proof does not lean on the loader it proves.
#ifndef CONFORMANCE_CLI_MUTANT_CATALOGUE_H_
#define CONFORMANCE_CLI_MUTANT_CATALOGUE_H_

#include <map>
#include <ostream>
#include <string>
#include <vector>

namespace conform {

struct Mutant {
  std::string library;            // its file is lib<library>.so
  std::string kind;               // provider, provider-com or engine: the door it comes through
  std::string says;               // what is wrong with it
  std::string check;              // must fail
  std::vector<std::string> run;   // cases or scenarios in which it does
  std::vector<std::string> also;  // further ones, in each of which some check must fail
  bool strict = false;            // fails with --strict, and otherwise warns
  bool hangs = false;             // a step waits for what never comes

  std::string Name() const;       // library and kind, fit for the name of a test
  std::string File() const;       // below the folder of the broken libraries
  std::string Options() const;    // of vdi-conform run
  std::string Selectors() const;  // everything to run
};
void PrintTo(const Mutant& mutant, std::ostream* out);

// Throws std::runtime_error if the file cannot be read or an entry lacks something.
std::vector<Mutant> ReadMutants(const std::string& file);

// Every scenario of a folder by its id, with its no-mutant reason or nothing.
std::map<std::string, std::string> ReadScenarios(const std::string& folder);

// The scenario that a case, a check or a selector belongs to: the longest id that it begins with.
// Empty if there is none.
std::string ScenarioOf(const std::map<std::string, std::string>& scenarios, const std::string& id);

}  // namespace conform

#endif  // CONFORMANCE_CLI_MUTANT_CATALOGUE_H_
