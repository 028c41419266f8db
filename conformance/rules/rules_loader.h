// Builds a Rules object from the texts of the rules files, and checks that they fit each other.
#ifndef CONFORMANCE_RULES_RULES_LOADER_H_
#define CONFORMANCE_RULES_RULES_LOADER_H_

#include <string_view>
#include <vector>

#include "conformance/rules/rules.h"

namespace conform {

struct RulesFile {
  std::string_view name;  // "clauses.xml"
  std::string_view text;  // must outlive the load, not the rules
};

// The files that are compiled in, in the order in which they are loaded.
std::vector<RulesFile> EmbeddedRulesFiles();

// Throws RulesError, with the file and the line, when a file is missing, is no XML, has an element
// or attribute that is not foreseen, an id twice, or a reference to what does not exist.
Rules LoadRules(const std::vector<RulesFile>& files);

}  // namespace conform

#endif  // CONFORMANCE_RULES_RULES_LOADER_H_
