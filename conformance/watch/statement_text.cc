#include "conformance/watch/statement_text.h"

#include <cctype>

namespace conform {
namespace {

bool IsWordCharacter(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) != 0 || c == '_' || c == '$' || c == '#' || c == '@' || byte >= 0x80;
}

bool SameKeyword(std::string_view word, std::string_view keyword) {
  if (word.size() != keyword.size()) return false;
  for (size_t i = 0; i < word.size(); ++i) {
    if (std::toupper(static_cast<unsigned char>(word[i])) != keyword[i]) return false;
  }
  return true;
}

struct Token {
  enum class Kind { kWord, kQuoted, kString, kSign, kEnd, kBroken } kind = Kind::kEnd;
  std::string text;  // quotes undone
};

class Tokens {
 public:
  explicit Tokens(std::string_view text) : text_(text) {}

  Token Next() {
    SkipBlanks();
    if (at_ >= text_.size()) return {};
    const char c = text_[at_];
    if (c == '[') return Quoted(']', Token::Kind::kQuoted);
    if (c == '"') return Quoted('"', Token::Kind::kQuoted);
    if (c == '\'') return Quoted('\'', Token::Kind::kString);
    if ((c == 'N' || c == 'n') && at_ + 1 < text_.size() && text_[at_ + 1] == '\'') {
      ++at_;
      return Quoted('\'', Token::Kind::kString);
    }
    if (IsWordCharacter(c)) {
      const size_t start = at_;
      while (at_ < text_.size() && IsWordCharacter(text_[at_])) ++at_;
      return {Token::Kind::kWord, std::string(text_.substr(start, at_ - start))};
    }
    ++at_;
    return {Token::Kind::kSign, std::string(1, c)};
  }

 private:
  void SkipBlanks() {
    for (;;) {
      while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
      if (text_.substr(at_, 2) == "--") {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (text_.substr(at_, 2) == "/*") {
        const size_t end = text_.find("*/", at_ + 2);
        at_ = end == std::string_view::npos ? text_.size() : end + 2;
      } else {
        return;
      }
    }
  }

  // A quote inside stands doubled.
  Token Quoted(char end, Token::Kind kind) {
    Token token{kind, {}};
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == end) {
        if (at_ + 1 >= text_.size() || text_[at_ + 1] != end) {
          ++at_;
          return token;
        }
        ++at_;
      }
      token.text += text_[at_];
    }
    return {Token::Kind::kBroken, {}};
  }

  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

std::vector<std::string> VirtualDevicesOf(std::string_view statement) {
  std::vector<std::string> names;
  Tokens tokens(statement);
  for (Token token = tokens.Next(); token.kind != Token::Kind::kEnd; token = tokens.Next()) {
    if (token.kind == Token::Kind::kBroken) break;
    if (token.kind != Token::Kind::kWord || !SameKeyword(token.text, "VIRTUAL_DEVICE")) continue;
    token = tokens.Next();
    if (token.kind != Token::Kind::kSign || token.text != "=") continue;
    token = tokens.Next();
    if (token.kind == Token::Kind::kString || token.kind == Token::Kind::kWord) {
      names.push_back(token.text);
    }
  }
  return names;
}

std::optional<std::string> DatabaseOf(std::string_view statement) {
  Tokens tokens(statement);
  for (Token token = tokens.Next();
       token.kind != Token::Kind::kEnd && token.kind != Token::Kind::kBroken;
       token = tokens.Next()) {
    if (token.kind != Token::Kind::kWord ||
        (!SameKeyword(token.text, "DATABASE") && !SameKeyword(token.text, "LOG"))) {
      continue;
    }
    token = tokens.Next();
    const bool named = token.kind == Token::Kind::kQuoted ||
                       (token.kind == Token::Kind::kWord && token.text.front() != '@');
    if (!named) return std::nullopt;
    return token.text;
  }
  return std::nullopt;
}

}  // namespace conform
