// Cuts a batch into words, names, strings and numbers, with the place of each. Stateless; linear in
// the length of the text; any thread.
#ifndef SIMULATOR_SQL_LEXER_H_
#define SIMULATOR_SQL_LEXER_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/sql/messages.h"

namespace vdisim {

enum class TokenKind {
  kWord,            // BACKUP, pubs
  kName,            // [a]]b], "a""b": text holds a]b and a"b
  kString,          // 'a''b', N'x': text holds a'b
  kNumber,          // 4096, 1.5e3, 0xFF
  kVariable,        // @x
  kSystemVariable,  // @@VERSION
  kSymbol,          // any other character
  kEnd,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string text;
  Position position;
  bool double_quoted = false;  // a name that is a string where QUOTED_IDENTIFIER is off
};

struct TokenList {
  std::vector<Token> tokens;     // ends with a kEnd
  std::optional<Message> error;  // 103, 105 or 113: then the tokens stop where it was found
};

inline constexpr size_t kIdentifierCharactersMax = 128;

// text: well-formed UTF-8.
TokenList Tokenize(std::string_view text);

// Appends " (line 3, column 7)" to a message and sets its line.
Message WithPlace(Message message, Position position);

}  // namespace vdisim

#endif  // SIMULATOR_SQL_LEXER_H_
