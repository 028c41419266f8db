// Characters of UTF-8 text, for code that counts and compares as SQL Server does: in characters,
// with keywords in any case. Pure functions; any thread.
#ifndef SIMULATOR_SQL_TEXT_H_
#define SIMULATOR_SQL_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace vdisim {

// How many bytes the character at the start of `text` takes, 1 to 4; 0 if `text` is empty or does
// not start with well-formed UTF-8 (overlong forms and surrogates are not).
size_t CharacterBytes(std::string_view text);

// The same text with every byte that is not part of a character replaced by U+FFFD.
std::string RepairUtf8(std::string_view text);

// Number of characters of well-formed text.
size_t CountCharacters(std::string_view text);

// The first `most` characters of well-formed text.
std::string_view FirstCharacters(std::string_view text, size_t most);

// Letters A to Z only, as keywords have them.
std::string UpperCase(std::string_view text);
bool EqualsIgnoringCase(std::string_view a, std::string_view b);

// Reads all of `text` as a number without a sign; false if it is none or above `most`.
bool ParseUnsigned(std::string_view text, unsigned long long most, unsigned long long* value);

}  // namespace vdisim

#endif  // SIMULATOR_SQL_TEXT_H_
