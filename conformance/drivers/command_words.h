// A command line as its words, split as a shell splits one: blanks separate, '...' and "..." keep
// what is between them, a backslash takes the next character as it is. Nothing else of a shell:
// no variables, no patterns, no redirection; `sh -c '...'` has those. Pure.
#ifndef CONFORMANCE_DRIVERS_COMMAND_WORDS_H_
#define CONFORMANCE_DRIVERS_COMMAND_WORDS_H_

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace conform {

// No word at all, a quote that is never closed, a backslash at the end.
class CommandError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// At least one word. Throws CommandError.
std::vector<std::string> CommandWords(std::string_view command);

}  // namespace conform

#endif  // CONFORMANCE_DRIVERS_COMMAND_WORDS_H_
