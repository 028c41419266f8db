// The parser's finger in the list of tokens. A mistake is thrown as a SyntaxError, which never
// leaves ParseBatch. One thread; the tokens must outlive it.
#ifndef SIMULATOR_SQL_TOKEN_CURSOR_H_
#define SIMULATOR_SQL_TOKEN_CURSOR_H_

#include <string>
#include <string_view>
#include <vector>

#include "simulator/sql/lexer.h"

namespace vdisim {

// Why a batch cannot be parsed.
struct SyntaxError {
  Message message;
};

class TokenCursor {
 public:
  explicit TokenCursor(const std::vector<Token>& tokens) : tokens_(tokens) {}

  const Token& Peek(size_t ahead = 0) const;
  const Token& Next();  // stays at the end once there
  bool AtEnd() const { return Peek().kind == TokenKind::kEnd; }

  // Keywords are words outside brackets and quotes, in any case.
  bool AtKeyword(std::string_view keyword, size_t ahead = 0) const;
  bool AcceptKeyword(std::string_view keyword);
  void ExpectKeyword(std::string_view keyword);

  bool AtSymbol(char symbol, size_t ahead = 0) const;
  bool AcceptSymbol(char symbol);
  void ExpectSymbol(char symbol);

  // A name: a word that is not reserved, or anything in brackets or double quotes.
  bool AtName(size_t ahead = 0) const;
  const Token& ExpectName();

  // 'text', or "text" as a server with QUOTED_IDENTIFIER off reads it.
  bool AtString(size_t ahead = 0) const;

  // 156 beside a reserved word, 102 beside anything else; at the end of the text the last token
  // there is, as the server does it.
  [[noreturn]] void Fail() const;

 private:
  const std::vector<Token>& tokens_;
  size_t at_ = 0;
};

}  // namespace vdisim

#endif  // SIMULATOR_SQL_TOKEN_CURSOR_H_
