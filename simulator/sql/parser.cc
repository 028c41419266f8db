#include "simulator/sql/parser.h"

#include <utility>

#include "simulator/sql/expression.h"
#include "simulator/sql/keywords.h"
#include "simulator/sql/lexer.h"
#include "simulator/sql/text.h"
#include "simulator/sql/token_cursor.h"
#include "simulator/sql/transfer_parser.h"
#include "simulator/sql/variables.h"

namespace vdisim {
namespace {

constexpr const char* kWhatThereIs =
    "The simulator knows BACKUP, RESTORE, USE, SET, DECLARE, PRINT and SELECT of values.";

class BatchParser {
 public:
  BatchParser(const std::vector<Token>& tokens, const std::vector<SqlVariable>& parameters)
      : cursor_(tokens) {
    for (const SqlVariable& parameter : parameters) {
      // Parameters come with their value in full; of two by one name the first counts.
      if (variables_.Declare(parameter.name, {.name = "nvarchar", .length = SqlType::kLengthMax})) {
        continue;
      }
      if (parameter.value.has_value()) {
        (void)variables_.Assign(parameter.name, SqlValue::Of(*parameter.value));
      }
    }
  }

  std::vector<Statement> Run() {
    std::vector<Statement> statements;
    while (true) {
      while (cursor_.AcceptSymbol(';')) {
      }
      if (cursor_.AtEnd()) return statements;
      current_ = {.position = cursor_.Peek().position, .body = NoEffectStatement{}, .errors = {}};
      ParseStatement(statements.empty());
      // What follows must be the next statement, or its separator.
      if (!cursor_.AtEnd() && !cursor_.AtSymbol(';') && !AtStatement()) cursor_.Fail();
      statements.push_back(std::move(current_));
    }
  }

 private:
  bool AtStatement() const {
    return cursor_.Peek().kind == TokenKind::kWord && StartsStatement(cursor_.Peek().text);
  }

  void ParseStatement(bool first) {
    if (cursor_.AtKeyword("BACKUP") || cursor_.AtKeyword("RESTORE")) {
      ExpressionParser expressions = Expressions();
      current_.body = ParseTransfer(cursor_, expressions, current_.errors);
    } else if (cursor_.AcceptKeyword("USE")) {
      current_.body = UseStatement{.database = cursor_.ExpectName().text};
    } else if (cursor_.AcceptKeyword("DECLARE")) {
      ParseDeclare();
    } else if (cursor_.AcceptKeyword("SET")) {
      ParseSet();
    } else if (cursor_.AcceptKeyword("PRINT")) {
      ParsePrint();
    } else if (cursor_.AcceptKeyword("SELECT")) {
      ParseSelect();
    } else if (cursor_.AtKeyword("EXEC") || cursor_.AtKeyword("EXECUTE")) {
      cursor_.Next();
      ParseProcedure();
    } else if (AtStatement()) {
      const Token& word = cursor_.Peek();
      throw SyntaxError{WithPlace(
          MakeMessage(kNotSimulated, fmt::format("The statement {}", UpperCase(word.text)),
                      kWhatThereIs),
          word.position)};
    } else if (first && cursor_.AtName() && !cursor_.AtKeyword("GO")) {
      ParseProcedure();  // EXEC may be left out in front of the first statement of a batch
    } else {
      cursor_.Fail();
    }
  }

  ExpressionParser Expressions() { return ExpressionParser(cursor_, variables_, current_.errors); }

  void Report(const Message& message, Position position) {
    current_.errors.push_back(WithPlace(message, position));
  }

  void Assign(const Token& variable, const SqlValue& value) {
    if (!value.function.empty()) {
      throw SyntaxError{WithPlace(
          MakeMessage(kNotSimulated, "Giving a variable the result of a function", kWhatThereIs),
          variable.position)};
    }
    if (const auto error = variables_.Assign(variable.text, value)) {
      Report(*error, variable.position);
    }
  }

  // DECLARE @a type [= value] [, @b ...]
  void ParseDeclare() {
    ExpressionParser expressions = Expressions();
    do {
      if (cursor_.Peek().kind != TokenKind::kVariable) cursor_.Fail();
      const Token& name = cursor_.Next();
      cursor_.AcceptKeyword("AS");
      const SqlType type = expressions.ParseType();
      if (const auto error = variables_.Declare(name.text, type)) {
        throw SyntaxError{WithPlace(*error, name.position)};
      }
      if (cursor_.AcceptSymbol('=')) Assign(name, expressions.Parse());
    } while (cursor_.AcceptSymbol(','));
  }

  // SET @a = value, or SET option [, option] value
  void ParseSet() {
    if (cursor_.Peek().kind == TokenKind::kVariable) {
      const Token& name = cursor_.Peek();
      Expressions().ParseVariable();  // 137 for one that was not declared
      cursor_.ExpectSymbol('=');
      return Assign(name, Expressions().Parse());
    }
    if (cursor_.AcceptKeyword("TRANSACTION")) {
      cursor_.ExpectKeyword("ISOLATION");
      if (!cursor_.AtKeyword("LEVEL")) cursor_.Fail();
    } else if (cursor_.AcceptKeyword("STATISTICS")) {
      // SET STATISTICS IO, TIME ON
      do {
        cursor_.ExpectName();
      } while (cursor_.AcceptSymbol(','));
      if (!cursor_.AcceptKeyword("ON")) cursor_.ExpectKeyword("OFF");
      return;
    }
    do {
      const Token& option = cursor_.Peek();
      if (option.kind != TokenKind::kWord) cursor_.Fail();
      if (!IsSetOption(option.text)) {
        throw SyntaxError{WithPlace(MakeMessage(195, option.text, "SET option"), option.position)};
      }
      cursor_.Next();
    } while (cursor_.AcceptSymbol(','));
    ParseSetValue();
  }

  // ON, OFF, a number, a string, a variable or words such as READ COMMITTED.
  void ParseSetValue() {
    if (cursor_.AcceptKeyword("ON") || cursor_.AcceptKeyword("OFF")) return;
    if (cursor_.Peek().kind == TokenKind::kVariable) {
      Expressions().ParseVariable();
      return;
    }
    cursor_.AcceptSymbol('-');  // SET LOCK_TIMEOUT -1
    if (cursor_.AtString() || cursor_.Peek().kind == TokenKind::kNumber) {
      cursor_.Next();
      return;
    }
    if (cursor_.Peek().kind != TokenKind::kWord || AtStatement()) cursor_.Fail();
    while (cursor_.Peek().kind == TokenKind::kWord && !AtStatement()) cursor_.Next();
  }

  void ParsePrint() {
    const Position position = cursor_.Peek().position;
    const SqlValue value = Expressions().Parse();
    if (!value.function.empty()) {
      throw SyntaxError{WithPlace(
          MakeMessage(kNotSimulated, "PRINT of a function's result", "Use SELECT."), position)};
    }
    // An empty line is what PRINT NULL prints, too.
    current_.body = PrintStatement{.text = value.null ? " " : value.text};
  }

  // SELECT value [[AS] name], name = value, @variable = value
  void ParseSelect() {
    SelectStatement select;
    bool assigns = false;
    do {
      if (cursor_.Peek().kind == TokenKind::kVariable && cursor_.AtSymbol('=', 1)) {
        const Token& name = cursor_.Peek();
        Expressions().ParseVariable();
        cursor_.Next();
        Assign(name, Expressions().Parse());
        assigns = true;
        continue;
      }
      std::string column;
      if ((cursor_.AtName() || cursor_.AtString()) && cursor_.AtSymbol('=', 1)) {
        column = cursor_.Next().text;
        cursor_.Next();
      }
      const SqlValue value = Expressions().Parse();
      const bool as = cursor_.AcceptKeyword("AS");
      if ((cursor_.AtName() || cursor_.AtString()) && !AtStatement()) {
        column = cursor_.Next().text;
      } else if (as) {
        cursor_.Fail();
      }
      select.values.push_back({.column = std::move(column),
                               .function = value.function,
                               .text = value.text,
                               .null = value.null});
    } while (cursor_.AcceptSymbol(','));
    if (cursor_.AtKeyword("FROM")) {
      throw SyntaxError{WithPlace(MakeMessage(kNotSimulated, "SELECT ... FROM", kWhatThereIs),
                                  cursor_.Peek().position)};
    }
    if (!assigns) current_.body = std::move(select);
  }

  // [EXEC] [@result =] name [arguments]: there are no procedures here.
  void ParseProcedure() {
    if (cursor_.AtSymbol('(')) {
      throw SyntaxError{WithPlace(MakeMessage(kNotSimulated, "EXEC of a string", kWhatThereIs),
                                  cursor_.Peek().position)};
    }
    if (cursor_.Peek().kind == TokenKind::kVariable && cursor_.AtSymbol('=', 1)) {
      Expressions().ParseVariable();
      cursor_.Next();
    }
    const Position position = cursor_.Peek().position;
    std::string name = cursor_.ExpectName().text;
    while (cursor_.AcceptSymbol('.')) {
      // master..sp_who leaves the owner out.
      name += '.';
      if (!cursor_.AtSymbol('.')) name += cursor_.ExpectName().text;
    }
    if (AtArgument()) {
      do {
        ParseArgument();
      } while (cursor_.AcceptSymbol(','));
    }
    Report(MakeMessage(kUnknownProcedure, name), position);
  }

  bool AtArgument() const {
    const TokenKind kind = cursor_.Peek().kind;
    return kind == TokenKind::kVariable || kind == TokenKind::kSystemVariable ||
           kind == TokenKind::kNumber || cursor_.AtString() || cursor_.AtSymbol('-') ||
           cursor_.AtKeyword("NULL") || cursor_.AtKeyword("DEFAULT") ||
           (cursor_.AtName() && !AtStatement());
  }

  void ParseArgument() {
    if (!AtArgument()) cursor_.Fail();
    if (cursor_.Peek().kind == TokenKind::kVariable && cursor_.AtSymbol('=', 1)) {
      cursor_.Next();
      cursor_.Next();
      if (!AtArgument()) cursor_.Fail();
    }
    cursor_.AcceptSymbol('-');
    cursor_.Next();
    cursor_.AcceptKeyword("OUTPUT");
  }

  TokenCursor cursor_;
  Variables variables_;
  Statement current_;
};

}  // namespace

Batch ParseBatch(std::string_view text, const std::vector<SqlVariable>& parameters) {
  const TokenList list = Tokenize(RepairUtf8(text));
  Batch batch;
  if (list.error.has_value()) {
    batch.errors.push_back(*list.error);
    return batch;
  }
  try {
    batch.statements = BatchParser(list.tokens, parameters).Run();
  } catch (const SyntaxError& error) {
    batch.errors.push_back(error.message);
  }
  return batch;
}

}  // namespace vdisim
