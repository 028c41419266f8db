#include "simulator/tools/sqlcmd_options.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "simulator/sql/text.h"

namespace vdisim {
namespace {

enum class Takes { kNothing, kValue, kAttached };  // kAttached: -r, -r1, but not -r 1

struct OptionLetter {
  char letter;
  Takes takes;
};

// The letters of sqlcmd, and those of osql that it does not have.
constexpr OptionLetter kLetters[] = {
    {'a', Takes::kValue},    {'A', Takes::kNothing},  {'b', Takes::kNothing},
    {'c', Takes::kValue},    {'C', Takes::kNothing},  {'d', Takes::kValue},
    {'D', Takes::kValue},    {'e', Takes::kNothing},  {'E', Takes::kNothing},
    {'f', Takes::kValue},    {'g', Takes::kNothing},  {'G', Takes::kNothing},
    {'h', Takes::kValue},    {'H', Takes::kValue},    {'i', Takes::kValue},
    {'I', Takes::kNothing},  {'j', Takes::kNothing},  {'J', Takes::kValue},
    {'k', Takes::kAttached}, {'K', Takes::kValue},    {'l', Takes::kValue},
    {'m', Takes::kValue},    {'M', Takes::kNothing},  {'n', Takes::kNothing},
    {'N', Takes::kAttached}, {'o', Takes::kValue},    {'O', Takes::kNothing},
    {'p', Takes::kAttached}, {'P', Takes::kValue},    {'q', Takes::kValue},
    {'Q', Takes::kValue},    {'r', Takes::kAttached}, {'R', Takes::kNothing},
    {'s', Takes::kValue},    {'S', Takes::kValue},    {'t', Takes::kValue},
    {'u', Takes::kNothing},  {'U', Takes::kValue},    {'v', Takes::kValue},
    {'V', Takes::kValue},    {'w', Takes::kValue},    {'W', Takes::kNothing},
    {'x', Takes::kNothing},  {'X', Takes::kAttached}, {'y', Takes::kValue},
    {'Y', Takes::kValue},    {'z', Takes::kValue},    {'Z', Takes::kValue},
    {'?', Takes::kNothing},
};

const OptionLetter* FindLetter(char letter) {
  for (const OptionLetter& row : kLetters) {
    if (row.letter == letter) return &row;
  }
  return nullptr;
}

// One option of the line, with its value if it takes one.
struct Found {
  char letter;
  std::string value;
};

class OptionReader {
 public:
  OptionReader(const std::vector<std::string>& arguments, std::string* error)
      : arguments_(arguments), error_(error) {}

  std::optional<SqlcmdOptions> Run() {
    while (at_ < arguments_.size()) {
      const std::string& argument = arguments_[at_];
      if (argument == "--help") {
        options_.help = true;
        ++at_;
      } else if (argument == "--version") {
        options_.version = true;
        ++at_;
      } else if (!ReadArgument(argument)) {
        return std::nullopt;
      }
    }
    if (!CheckTogether()) return std::nullopt;
    return std::move(options_);
  }

 private:
  bool Fail(std::string sentence) {
    *error_ = std::move(sentence);
    return false;
  }

  // "-b", "-bE", "-Ux", "-U" "x". The slash is an option mark to osql, a path to everyone else: so
  // only /X with one known letter counts.
  bool ReadArgument(const std::string& argument) {
    const bool slash = argument.size() == 2 && argument[0] == '/';
    if (argument.size() < 2 || (argument[0] != '-' && !slash)) {
      return Fail(fmt::format("'{}': Unexpected argument. Enter '-?' for help.", argument));
    }
    ++at_;
    for (size_t i = 1; i < argument.size(); ++i) {
      const OptionLetter* row = FindLetter(argument[i]);
      if (row == nullptr) {
        return Fail(
            fmt::format("'{}': Unknown Option. Enter '-?' for help.", argument.substr(0, i + 1)));
      }
      if (row->takes == Takes::kNothing) {
        if (!Apply({.letter = row->letter, .value = {}})) return false;
        continue;
      }
      Found found{.letter = row->letter, .value = argument.substr(i + 1)};
      if (row->takes == Takes::kValue && found.value.empty()) {
        if (at_ >= arguments_.size()) {
          return Fail(fmt::format("'-{}': Missing argument. Enter '-?' for help.", row->letter));
        }
        found.value = arguments_[at_++];
      }
      return Apply(found);
    }
    return true;
  }

  bool Integer(const Found& found, int least, int most, int* value) {
    const char* end = found.value.data() + found.value.size();
    const auto [stopped, problem] = std::from_chars(found.value.data(), end, *value);
    if (problem == std::errc() && stopped == end && *value >= least && *value <= most) return true;
    return Fail(fmt::format(
        "'-{} {}': Unexpected argument. Argument value has to be a number from {} to {}.",
        found.letter, found.value, least, most));
  }

  bool Apply(const Found& found) {
    int ignored = 0;
    int number = 0;
    seen_ += found.letter;
    switch (found.letter) {
      case 'S':
        options_.server = found.value;
        options_.instance = InstanceOfServer(found.value);
        return true;
      case 'd':
        options_.database = found.value;
        return true;
      case 'Q':
      case 'q':
        options_.query = found.value;
        options_.stay = found.letter == 'q';
        return true;
      case 'i':
        return AddInputs(found.value);
      case 'o':
        options_.output = found.value;
        return true;
      case 'b':
        options_.exit_on_error = true;
        return true;
      case 'W':
        options_.trim = true;
        return true;
      case 's':
        options_.separator = found.value.substr(0, 1);
        return true;
      case 'e':
        options_.echo = true;
        return true;
      case 'x':
        options_.substitute = false;
        return true;
      case 'c':
        options_.batch_word = found.value;
        return true;
      case 'v':
        return AddValues(found.value);
      case 'r':
        if (found.value.size() > 1 || (!found.value.empty() && found.value[0] > '1')) {
          return Fail(
              fmt::format("'-r{}': Unexpected argument. Expected -r, -r0 or -r1.", found.value));
        }
        options_.redirect = found.value == "1" ? 1 : 0;
        return true;
      case 'h':
        if (!Integer(found, -1, 2147483647, &number)) return false;
        options_.headers = number != -1;
        return true;
      case 't':
        return Integer(found, 0, 65534, &options_.query_timeout_s);
      case 'm':
        return Integer(found, -1, 25, &options_.least_severity);
      case 'V':
        if (!Integer(found, 0, 25, &number)) return false;
        options_.error_level = number;
        return true;
      case 'l':
        return Integer(found, 0, 65534, &ignored);
      case 'w':
        return Integer(found, 9, 65535, &ignored);
      case 'a':
        return Integer(found, 512, 32767, &ignored);
      case 'y':
      case 'Y':
        return Integer(found, 0, 8000, &ignored);
      case '?':
        options_.help = true;
        return true;
      default:
        return true;  // taken, and without an effect on a server without logins
    }
  }

  bool AddInputs(std::string_view list) {
    while (!list.empty()) {
      const size_t comma = list.find(',');
      if (comma != 0) options_.inputs.emplace_back(list.substr(0, comma));
      list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    }
    return true;
  }

  // -v a=1 b="2": the arguments that follow belong to it as long as they have the form.
  bool AddValues(const std::string& first) {
    std::string assignment = first;
    while (true) {
      const size_t equals = assignment.find('=');
      if (equals == std::string::npos || equals == 0) {
        return Fail(fmt::format("'-v {}': Unexpected argument. Expected NAME=VALUE.", assignment));
      }
      std::string value = assignment.substr(equals + 1);
      if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
        value = value.substr(1, value.size() - 2);
      }
      options_.values[assignment.substr(0, equals)] = std::move(value);
      if (at_ >= arguments_.size() || arguments_[at_].starts_with('-') ||
          arguments_[at_].find('=') == std::string::npos) {
        return true;
      }
      assignment = arguments_[at_++];
    }
  }

  bool Seen(char letter) const { return seen_.find(letter) != std::string::npos; }

  bool CheckTogether() {
    if (Seen('E') && (Seen('U') || Seen('P'))) {
      return Fail("The -E and the -U/-P options are mutually exclusive.");
    }
    if (Seen('Q') && Seen('q')) return Fail("The -q and the -Q options are mutually exclusive.");
    if (Seen('i') && (Seen('Q') || Seen('q'))) {
      return Fail("The -i and the -q/-Q options are mutually exclusive.");
    }
    return true;
  }

  const std::vector<std::string>& arguments_;
  std::string* error_;
  size_t at_ = 0;
  std::string seen_;
  SqlcmdOptions options_;
};

constexpr bool NameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

}  // namespace

std::optional<SqlcmdOptions> ParseSqlcmdOptions(const std::vector<std::string>& arguments,
                                                std::string* error) {
  return OptionReader(arguments, error).Run();
}

void WipePassword(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    char* argument = argv[i];
    if (argument[0] != '-') continue;
    // The first letter that takes a value ends the argument's letters.
    for (char* letter = argument + 1; *letter != '\0'; ++letter) {
      const OptionLetter* row = FindLetter(*letter);
      if (row == nullptr) break;
      if (row->takes == Takes::kNothing) continue;
      const bool attached = letter[1] != '\0';
      char* value = attached ? letter + 1 : nullptr;
      if (!attached && row->takes == Takes::kValue && i + 1 < argc) value = argv[++i];
      if (*letter == 'P' && value != nullptr) std::memset(value, '*', std::strlen(value));
      break;
    }
  }
}

std::string InstanceOfServer(std::string_view server) {
  for (const std::string_view protocol : {"tcp:", "np:", "lpc:", "admin:"}) {
    if (EqualsIgnoringCase(server.substr(0, protocol.size()), protocol)) {
      server.remove_prefix(protocol.size());
    }
  }
  server = server.substr(0, server.find(','));
  const size_t backslash = server.rfind('\\');
  return backslash == std::string_view::npos ? std::string()
                                             : std::string(server.substr(backslash + 1));
}

std::optional<std::string> SubstituteVariables(std::string_view text,
                                               const std::map<std::string, std::string>& values,
                                               std::string* missing) {
  std::string result;
  while (true) {
    const size_t start = text.find("$(");
    result += text.substr(0, start);
    if (start == std::string_view::npos) return result;
    size_t end = start + 2;
    while (end < text.size() && NameCharacter(text[end])) ++end;
    if (end == start + 2 || end >= text.size() || text[end] != ')') {
      // Not a variable: leave the mark, go on behind it.
      result += "$(";
      text.remove_prefix(start + 2);
      continue;
    }
    const std::string name(text.substr(start + 2, end - start - 2));
    if (const auto found = values.find(name); found != values.end()) {
      result += found->second;
    } else if (const char* value = std::getenv(name.c_str()); value != nullptr) {
      result += value;
    } else {
      *missing = name;
      return std::nullopt;
    }
    text.remove_prefix(end + 1);
  }
}

}  // namespace vdisim
