// The words of T-SQL that have a meaning of their own. Pure functions; any thread.
#ifndef SIMULATOR_SQL_KEYWORDS_H_
#define SIMULATOR_SQL_KEYWORDS_H_

#include <string_view>

namespace vdisim {

// Reserved: cannot be a name without brackets, and a mistake beside one is message 156, not 102.
bool IsReserved(std::string_view word);

// Begins a statement of T-SQL, whether the simulator performs it or not.
bool StartsStatement(std::string_view word);

// An option of SET, the last word before its value ("NOCOUNT", "LEVEL").
bool IsSetOption(std::string_view word);

}  // namespace vdisim

#endif  // SIMULATOR_SQL_KEYWORDS_H_
