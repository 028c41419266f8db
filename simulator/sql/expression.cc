#include "simulator/sql/expression.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "simulator/sql/text.h"

namespace vdisim {
namespace {

// Deeper parentheses than this are refused (191), so that no text exhausts the stack.
constexpr int kDepthMax = 32;

// Longer sums are refused, so that no short text doubles a variable until memory ends.
constexpr size_t kTextBytesMax = 65536;

// What the engine can answer. DB_NAME and its like have parentheses, the others none.
constexpr std::string_view kSystemVariables[] = {"@@ERROR",    "@@LANGUAGE",   "@@MICROSOFTVERSION",
                                                 "@@ROWCOUNT", "@@SERVERNAME", "@@SERVICENAME",
                                                 "@@SPID",     "@@TRANCOUNT",  "@@VERSION"};
constexpr std::string_view kFunctions[] = {"APP_NAME",         "DB_ID",          "DB_NAME",
                                           "GETDATE",          "HOST_NAME",      "IS_MEMBER",
                                           "IS_SRVROLEMEMBER", "ORIGINAL_LOGIN", "SERVERPROPERTY",
                                           "SUSER_NAME",       "SUSER_SNAME",    "USER_NAME"};

bool Contains(const std::string_view* begin, const std::string_view* end, std::string_view name) {
  return std::any_of(begin, end,
                     [name](std::string_view n) { return EqualsIgnoringCase(n, name); });
}

[[noreturn]] void NotSimulated(std::string_view what, std::string_view advice, Position position) {
  throw SyntaxError{WithPlace(MakeMessage(kNotSimulated, what, advice), position)};
}

}  // namespace

SqlType ExpressionParser::ParseType() {
  SqlType type;
  // sys.sysname and dbo.nvarchar are written now and then.
  type.name = cursor_.ExpectName().text;
  if (cursor_.AcceptSymbol('.')) type.name = cursor_.ExpectName().text;
  if (!cursor_.AcceptSymbol('(')) return type;
  if (cursor_.AcceptKeyword("MAX")) {
    type.length = SqlType::kLengthMax;
  } else {
    unsigned long long length = 0;
    if (cursor_.Peek().kind != TokenKind::kNumber ||
        !ParseUnsigned(cursor_.Peek().text, 8000, &length) || length == 0) {
      cursor_.Fail();
    }
    cursor_.Next();
    type.length = static_cast<unsigned>(length);
    // decimal(18, 0)
    if (cursor_.AcceptSymbol(',') && cursor_.Next().kind != TokenKind::kNumber) cursor_.Fail();
  }
  cursor_.ExpectSymbol(')');
  return type;
}

const SqlValue& ExpressionParser::ParseVariable() {
  const Token& name = cursor_.Next();
  if (!variables_.Exists(name.text)) {
    throw SyntaxError{WithPlace(MakeMessage(kUndeclaredVariable, name.text), name.position)};
  }
  return variables_.Get(name.text);
}

SqlValue ExpressionParser::ParseSum(int depth) {
  if (depth > kDepthMax) throw SyntaxError{WithPlace(MakeMessage(191), cursor_.Peek().position)};
  const Position start = cursor_.Peek().position;
  SqlValue sum = ParseTerm(depth);
  while (cursor_.AcceptSymbol('+')) {
    const SqlValue more = ParseTerm(depth);
    if (!sum.function.empty() || !more.function.empty()) {
      NotSimulated("Joining the result of a function with another value",
                   "Select the two as columns of their own.", start);
    }
    // NULL + 'x' is NULL (CONCAT_NULL_YIELDS_NULL).
    if (sum.null || more.null) {
      sum = {};
    } else {
      sum.text += more.text;
    }
    if (sum.text.size() > kTextBytesMax) {
      NotSimulated("A text of more than 65536 bytes", "Make it shorter.", start);
    }
  }
  return sum;
}

SqlValue ExpressionParser::ParseTerm(int depth) {
  if (cursor_.AtString()) return SqlValue::Of(cursor_.Next().text);
  if (cursor_.AcceptKeyword("NULL")) return {};
  if (cursor_.AtKeyword("CONVERT")) return ParseConvert(depth);
  if (cursor_.AtKeyword("CAST") && cursor_.AtSymbol('(', 1)) return ParseCast(depth);
  if (cursor_.AcceptSymbol('(')) {
    SqlValue inner = ParseSum(depth + 1);
    cursor_.ExpectSymbol(')');
    return inner;
  }
  if (cursor_.AtSymbol('-') && cursor_.Peek(1).kind == TokenKind::kNumber) {
    cursor_.Next();
    return SqlValue::Of("-" + cursor_.Next().text);
  }
  if (cursor_.AtKeyword("SYSTEM_USER") || cursor_.AtKeyword("CURRENT_USER")) {
    return {.null = false, .text = {}, .function = UpperCase(cursor_.Next().text)};
  }
  switch (cursor_.Peek().kind) {
    case TokenKind::kNumber:
      return SqlValue::Of(cursor_.Next().text);
    case TokenKind::kVariable:
      return ParseVariable();
    case TokenKind::kSystemVariable: {
      const Token& name = cursor_.Next();
      if (!Contains(std::begin(kSystemVariables), std::end(kSystemVariables), name.text)) {
        throw SyntaxError{WithPlace(MakeMessage(kUndeclaredVariable, name.text), name.position)};
      }
      return {.null = false, .text = {}, .function = UpperCase(name.text)};
    }
    default:
      if (cursor_.AtName() && cursor_.AtSymbol('(', 1)) return ParseFunction(depth);
      if (cursor_.AtName() || cursor_.AtSymbol('*')) {
        NotSimulated("A column name in an expression",
                     "There are no tables: use strings, numbers, variables and functions such as "
                     "SERVERPROPERTY('Edition').",
                     cursor_.Peek().position);
      }
      cursor_.Fail();
  }
}

SqlValue ExpressionParser::ParseFunction(int depth) {
  const Token& name = cursor_.Next();
  if (!Contains(std::begin(kFunctions), std::end(kFunctions), name.text)) {
    throw SyntaxError{
        WithPlace(MakeMessage(195, name.text, "built-in function name"), name.position)};
  }
  cursor_.ExpectSymbol('(');
  SqlValue call{.null = false, .text = {}, .function = UpperCase(name.text)};
  if (!cursor_.AtSymbol(')')) {
    const Position position = cursor_.Peek().position;
    const SqlValue argument = ParseSum(depth + 1);
    if (!argument.function.empty()) {
      NotSimulated("A function of a function", "Give it a string.", position);
    }
    call.text = argument.text;
  }
  cursor_.ExpectSymbol(')');
  return call;
}

// CAST(x AS type)
SqlValue ExpressionParser::ParseCast(int depth) {
  cursor_.Next();
  cursor_.ExpectSymbol('(');
  const Position position = cursor_.Peek().position;
  SqlValue value = ParseSum(depth + 1);
  cursor_.ExpectKeyword("AS");
  const SqlType type = ParseType();
  cursor_.ExpectSymbol(')');
  return Converted(type, std::move(value), position);
}

// CONVERT(type, x [, style])
SqlValue ExpressionParser::ParseConvert(int depth) {
  cursor_.Next();
  cursor_.ExpectSymbol('(');
  const SqlType type = ParseType();
  cursor_.ExpectSymbol(',');
  const Position position = cursor_.Peek().position;
  SqlValue value = ParseSum(depth + 1);
  if (cursor_.AcceptSymbol(',')) ParseSum(depth + 1);
  cursor_.ExpectSymbol(')');
  return Converted(type, std::move(value), position);
}

SqlValue ExpressionParser::Converted(const SqlType& type, SqlValue value, Position position) {
  if (!IsKnownType(type.name)) {
    throw SyntaxError{WithPlace(MakeMessage(243, type.name), position)};
  }
  // Without a length, CAST and CONVERT hold 30 characters where DECLARE holds one.
  SqlType with_length = type;
  if (type.length == 0 && !EqualsIgnoringCase(type.name, "sysname")) with_length.length = 30;
  if (std::optional<Message> error = ConvertValue(with_length, &value)) {
    errors_.push_back(WithPlace(*error, position));
  }
  return value;
}

}  // namespace vdisim
