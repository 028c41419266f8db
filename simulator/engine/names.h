// Names of databases: compared as SQL Server's default collation does, without regard to case, and
// turned into file names that cannot leave their folder. Pure functions; any thread.
#ifndef SIMULATOR_ENGINE_NAMES_H_
#define SIMULATOR_ENGINE_NAMES_H_

#include <string>
#include <string_view>

namespace vdisim {

// The same text for names that differ in case only. Knows the capital letters of Latin, Greek and
// Cyrillic; the letters of other scripts have no case or keep it.
std::string FoldCase(std::string_view utf8);

inline bool SameName(std::string_view a, std::string_view b) { return FoldCase(a) == FoldCase(b); }

// A file name without extension for a database: letters and digits as they are, everything else as
// %XX. A long name is cut and ends in a number that its whole text decides.
std::string FileNameFor(std::string_view database);

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_NAMES_H_
