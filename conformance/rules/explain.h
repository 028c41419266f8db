// Explains a rule to a person: what it says, how well it is founded, and everything related to it.
#ifndef CONFORMANCE_RULES_EXPLAIN_H_
#define CONFORMANCE_RULES_EXPLAIN_H_

#include <string>
#include <string_view>
#include <vector>

#include "conformance/rules/rules.h"

namespace conform {

// Everything about a clause or a reading ("C-MAP-03", "G-08"), a method ("MapBufferHandle"), or a
// code by name or value ("VD_E_PROTOCOL", "0x8077000C", "1100"), wrapped at 100 columns, with its
// line end. Upper and lower case are the same. An unknown query gives an empty text.
std::string Explain(const Rules& rules, std::string_view query);

// What a query that explains nothing may have meant: the nearest names, best first, at most five.
std::vector<std::string> Suggestions(const Rules& rules, std::string_view query);

}  // namespace conform

#endif  // CONFORMANCE_RULES_EXPLAIN_H_
