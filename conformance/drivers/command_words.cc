#include "conformance/drivers/command_words.h"

#include <fmt/format.h>

namespace conform {
namespace {

// Reads one word from its first character on; stops behind it.
class WordReader {
 public:
  explicit WordReader(std::string_view command) : command_(command) {}

  bool SkipBlanks() {
    at_ = command_.find_first_not_of(" \t\n", at_);
    return at_ != std::string_view::npos;
  }

  std::string Word() {
    std::string word;
    for (; at_ < command_.size() && !IsBlank(command_[at_]); ++at_) {
      switch (command_[at_]) {
        case '\'':
          SingleQuoted(&word);
          break;
        case '"':
          DoubleQuoted(&word);
          break;
        case '\\':
          word += Escaped();
          break;
        default:
          word += command_[at_];
      }
    }
    return word;
  }

 private:
  static bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

  void SingleQuoted(std::string* word) {
    const size_t end = command_.find('\'', at_ + 1);
    if (end == std::string_view::npos) Fail("a ' is never closed");
    *word += command_.substr(at_ + 1, end - at_ - 1);
    at_ = end;
  }

  // Between double quotes, a backslash only protects what would mean something there.
  void DoubleQuoted(std::string* word) {
    for (++at_; at_ < command_.size() && command_[at_] != '"'; ++at_) {
      const bool escape = command_[at_] == '\\' && at_ + 1 < command_.size() &&
                          (command_[at_ + 1] == '"' || command_[at_ + 1] == '\\');
      if (escape) ++at_;
      *word += command_[at_];
    }
    if (at_ >= command_.size()) Fail("a \" is never closed");
  }

  char Escaped() {
    if (at_ + 1 >= command_.size()) Fail("it ends with a backslash");
    return command_[++at_];
  }

  [[noreturn]] void Fail(const char* what) const {
    throw CommandError(fmt::format("{}: {}", command_, what));
  }

  std::string_view command_;
  size_t at_ = 0;
};

}  // namespace

std::vector<std::string> CommandWords(std::string_view command) {
  WordReader reader(command);
  std::vector<std::string> words;
  while (reader.SkipBlanks()) words.push_back(reader.Word());
  if (words.empty()) throw CommandError("the command is empty");
  return words;
}

}  // namespace conform
