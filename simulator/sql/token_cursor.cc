#include "simulator/sql/token_cursor.h"

#include <algorithm>

#include "simulator/sql/keywords.h"
#include "simulator/sql/text.h"

namespace vdisim {

const Token& TokenCursor::Peek(size_t ahead) const {
  return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
}

const Token& TokenCursor::Next() {
  const Token& token = Peek();
  if (at_ + 1 < tokens_.size()) ++at_;
  return token;
}

bool TokenCursor::AtKeyword(std::string_view keyword, size_t ahead) const {
  const Token& token = Peek(ahead);
  return token.kind == TokenKind::kWord && EqualsIgnoringCase(token.text, keyword);
}

bool TokenCursor::AcceptKeyword(std::string_view keyword) {
  if (!AtKeyword(keyword)) return false;
  Next();
  return true;
}

void TokenCursor::ExpectKeyword(std::string_view keyword) {
  if (!AcceptKeyword(keyword)) Fail();
}

bool TokenCursor::AtSymbol(char symbol, size_t ahead) const {
  const Token& token = Peek(ahead);
  return token.kind == TokenKind::kSymbol && token.text[0] == symbol;
}

bool TokenCursor::AcceptSymbol(char symbol) {
  if (!AtSymbol(symbol)) return false;
  Next();
  return true;
}

void TokenCursor::ExpectSymbol(char symbol) {
  if (!AcceptSymbol(symbol)) Fail();
}

bool TokenCursor::AtName(size_t ahead) const {
  const Token& token = Peek(ahead);
  if (token.kind == TokenKind::kName) return !token.text.empty();
  return token.kind == TokenKind::kWord && !IsReserved(token.text);
}

const Token& TokenCursor::ExpectName() {
  if (!AtName()) Fail();
  return Next();
}

bool TokenCursor::AtString(size_t ahead) const {
  const Token& token = Peek(ahead);
  return token.kind == TokenKind::kString || token.double_quoted;
}

void TokenCursor::Fail() const {
  const bool at_end = AtEnd();
  if (at_end && tokens_.size() < 2) throw SyntaxError{MakeMessage(kSyntaxError, "")};
  const Token& token = at_end ? tokens_[tokens_.size() - 2] : Peek();
  const bool keyword = !at_end && token.kind == TokenKind::kWord && IsReserved(token.text);
  throw SyntaxError{WithPlace(
      MakeMessage(keyword ? kSyntaxErrorNearKeyword : kSyntaxError, token.text), token.position)};
}

}  // namespace vdisim
