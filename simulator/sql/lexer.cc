#include "simulator/sql/lexer.h"

#include <utility>

#include "simulator/sql/text.h"

namespace vdisim {
namespace {

// How much of a text messages quote.
constexpr size_t kQuotedCharactersMax = 128;

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool IsHexDigit(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
// Every character beyond ASCII counts as a letter.
constexpr bool StartsWord(char c) {
  return IsLetter(c) || c == '_' || c == '#' || (static_cast<unsigned char>(c) & 0x80) != 0;
}
constexpr bool ContinuesWord(char c) { return StartsWord(c) || IsDigit(c) || c == '@' || c == '$'; }

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  TokenList Run() {
    while (!list_.error.has_value()) {
      SkipBlanksAndComments();
      if (list_.error.has_value()) break;
      if (AtEnd()) break;
      ReadToken();
    }
    list_.tokens.push_back({.kind = TokenKind::kEnd, .text = {}, .position = position_});
    return std::move(list_);
  }

 private:
  bool AtEnd() const { return offset_ >= text_.size(); }
  bool StartsWith(std::string_view wanted) const {
    return text_.substr(offset_).starts_with(wanted);
  }
  char Peek(size_t ahead = 0) const {
    return offset_ + ahead < text_.size() ? text_[offset_ + ahead] : '\0';
  }

  // Moves over one character and keeps the position. CR LF ends one line, and so does either alone.
  void Advance() {
    const char c = text_[offset_];
    const bool ends_line = c == '\n' || (c == '\r' && Peek(1) != '\n');
    size_t bytes = CharacterBytes(text_.substr(offset_));
    offset_ += bytes == 0 ? 1 : bytes;
    if (ends_line) {
      ++position_.line;
      position_.column = 1;
    } else {
      ++position_.column;
    }
  }
  void Advance(size_t characters) {
    for (; characters > 0; --characters) Advance();
  }

  bool AtBlank() const {
    const char c = Peek();
    if (c == ' ' || (c >= '\t' && c <= '\r')) return true;
    // A byte order mark and the no-break space.
    return StartsWith("\xEF\xBB\xBF") || StartsWith("\xC2\xA0");
  }

  void SkipBlanksAndComments() {
    while (!AtEnd() && !list_.error.has_value()) {
      if (AtBlank()) {
        Advance();
      } else if (StartsWith("--")) {
        while (!AtEnd() && Peek() != '\n' && Peek() != '\r') Advance();
      } else if (StartsWith("/*")) {
        SkipBlockComment();
      } else {
        return;
      }
    }
  }

  // Comments nest in T-SQL.
  void SkipBlockComment() {
    const Position start = position_;
    size_t depth = 0;
    while (!AtEnd()) {
      if (StartsWith("/*")) {
        ++depth;
        Advance(2);
      } else if (StartsWith("*/")) {
        Advance(2);
        if (--depth == 0) return;
      } else {
        Advance();
      }
    }
    list_.error = WithPlace(MakeMessage(kMissingEndComment), start);
  }

  void ReadToken() {
    const Position start = position_;
    const char c = Peek();
    if (c == '\'') return ReadQuoted(TokenKind::kString, start, '\'');
    if ((c == 'N' || c == 'n') && Peek(1) == '\'') {
      Advance();
      return ReadQuoted(TokenKind::kString, start, '\'');
    }
    if (c == '[') return ReadQuoted(TokenKind::kName, start, ']');
    if (c == '"') return ReadQuoted(TokenKind::kName, start, '"');
    if (IsDigit(c) || (c == '.' && IsDigit(Peek(1)))) return ReadNumber(start);
    if (c == '@' && Peek(1) == '@') return ReadWord(TokenKind::kSystemVariable, start, 2);
    if (c == '@' && ContinuesWord(Peek(1))) return ReadWord(TokenKind::kVariable, start, 1);
    if (StartsWord(c)) return ReadWord(TokenKind::kWord, start, 0);
    Advance();
    Add(TokenKind::kSymbol, std::string(1, c), start);
  }

  // The opening mark is at hand. A doubled closing mark stands for itself.
  void ReadQuoted(TokenKind kind, Position start, char closing) {
    Advance();
    std::string text;
    while (!AtEnd()) {
      if (Peek() == closing) {
        if (Peek(1) != closing) {
          Advance();
          Add(kind, std::move(text), start);
          list_.tokens.back().double_quoted = closing == '"';
          return CheckLength();
        }
        Advance();
      }
      const size_t from = offset_;
      Advance();
      text += text_.substr(from, offset_ - from);
    }
    list_.error = WithPlace(
        MakeMessage(kUnclosedQuote, std::string(FirstCharacters(text, kQuotedCharactersMax))),
        start);
  }

  void ReadNumber(Position start) {
    const size_t from = offset_;
    if (Peek() == '0' && (Peek(1) == 'x' || Peek(1) == 'X')) {
      Advance(2);
      while (IsHexDigit(Peek())) Advance();
    } else {
      while (IsDigit(Peek())) Advance();
      if (Peek() == '.') {
        Advance();
        while (IsDigit(Peek())) Advance();
      }
      const bool sign = Peek(1) == '+' || Peek(1) == '-';
      if ((Peek() == 'e' || Peek() == 'E') && IsDigit(Peek(sign ? 2 : 1))) {
        Advance(sign ? 2 : 1);
        while (IsDigit(Peek())) Advance();
      }
    }
    Add(TokenKind::kNumber, std::string(text_.substr(from, offset_ - from)), start);
  }

  void ReadWord(TokenKind kind, Position start, size_t prefix) {
    const size_t from = offset_;
    Advance(prefix);
    while (!AtEnd() && ContinuesWord(Peek()) && !AtBlank()) Advance();
    Add(kind, std::string(text_.substr(from, offset_ - from)), start);
    CheckLength();
  }

  void Add(TokenKind kind, std::string text, Position start) {
    list_.tokens.push_back({.kind = kind, .text = std::move(text), .position = start});
  }

  void CheckLength() {
    const Token& token = list_.tokens.back();
    if (token.kind == TokenKind::kString) return;
    if (CountCharacters(token.text) <= kIdentifierCharactersMax) return;
    list_.error =
        WithPlace(MakeMessage(kIdentifierTooLong, "identifier",
                              std::string(FirstCharacters(token.text, kQuotedCharactersMax)),
                              kIdentifierCharactersMax),
                  token.position);
  }

  std::string_view text_;
  size_t offset_ = 0;
  Position position_;
  TokenList list_;
};

}  // namespace

TokenList Tokenize(std::string_view text) { return Lexer(text).Run(); }

Message WithPlace(Message message, Position position) {
  message.text += fmt::format(" (line {}, column {})", position.line, position.column);
  message.line = position.line;
  return message;
}

}  // namespace vdisim
