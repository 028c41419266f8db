// What the judge needs to read out of a BACKUP or RESTORE statement. Far from a parser of SQL: a
// text that it does not understand gives nothing, and nobody is held to that. Pure.
#ifndef CONFORMANCE_WATCH_STATEMENT_TEXT_H_
#define CONFORMANCE_WATCH_STATEMENT_TEXT_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace conform {

// The names behind VIRTUAL_DEVICE, in order, with their quotes undone. A variable's name stays as
// it is: "@d".
std::vector<std::string> VirtualDevicesOf(std::string_view statement);

// The name behind DATABASE or LOG: [a]]b] is "a]b". Nothing when there is none, when it is a
// variable, or when its quotes do not end.
std::optional<std::string> DatabaseOf(std::string_view statement);

}  // namespace conform

#endif  // CONFORMANCE_WATCH_STATEMENT_TEXT_H_
