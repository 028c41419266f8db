// The values that attributes and children of the rules files have in common. Each function throws
// RulesError, with the file and the line, for a value that is none.
#ifndef CONFORMANCE_RULES_RULES_VALUES_H_
#define CONFORMANCE_RULES_RULES_VALUES_H_

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "conformance/rules/rules.h"
#include "conformance/rules/rules_xml.h"

namespace conform {

Provenance ParseProvenance(const RulesElement& element);  // required
Platform ParsePlatform(const RulesElement& element);      // both, where it is missing
Side ParseSide(const RulesElement& element);              // required
// A state's name in that attribute; none where it is missing.
std::optional<State> ParseState(const RulesElement& element, const char* attribute);

// The <no-check kind="layout">sentence</no-check> among the children, which may hold elements of
// the other names too; none where it is missing.
std::optional<NoCheck> FindNoCheck(const RulesElement& parent,
                                   std::initializer_list<std::string_view> names);

// The text of the one child of that name of a <reading>; empty where it is missing.
std::string ChildText(const RulesElement& parent, std::string_view name);

}  // namespace conform

#endif  // CONFORMANCE_RULES_RULES_VALUES_H_
