// The messages a server sends: one table of numbers, severities, states and texts, used by the
// parser, the engine and the doors. A Message is a value. Any thread. Answers for section 16.3.
#ifndef SIMULATOR_SQL_MESSAGES_H_
#define SIMULATOR_SQL_MESSAGES_H_

#include <fmt/format.h>

#include <span>
#include <string>
#include <string_view>

namespace vdisim {

// A place in a batch, in characters (not bytes), both counted from 1.
struct Position {
  int line = 1;
  int column = 1;
  friend bool operator==(const Position&, const Position&) = default;
};

struct Message {
  int number = 0;
  int severity = 0;  // above 10: an error
  int state = 1;
  int line = 1;
  std::string text;

  bool IsError() const { return severity > 10; }
  // The same message with another state, or at a line of the batch.
  Message InState(int other) const;
  Message At(int other_line) const;
  friend bool operator==(const Message&, const Message&) = default;
};

// A row of the table. The text has its inserts as {} in the order of the product's own.
struct MessageTemplate {
  int number;
  int severity;
  int state;
  bool logged;  // goes to the server's error log as well
  const char* text;
};

// Numbers that code speaks of by name. Those from 50000 on are the simulator's own: SQL Server
// leaves that range to its users.
inline constexpr int kSyntaxError = 102;
inline constexpr int kIdentifierTooLong = 103;
inline constexpr int kUnclosedQuote = 105;
inline constexpr int kMissingEndComment = 113;
inline constexpr int kUndeclaredVariable = 137;
inline constexpr int kUnknownOption = 155;
inline constexpr int kSyntaxErrorNearKeyword = 156;
inline constexpr int kUnknownDatabase = 911;
inline constexpr int kUnknownProcedure = 2812;
inline constexpr int kMixedDeviceClasses = 3011;
inline constexpr int kTerminatingAbnormally = 3013;
inline constexpr int kTransferSucceeded = 3014;
inline constexpr int kBackupFailedLog = 3041;
inline constexpr int kCannotOpenDevice = 3201;
inline constexpr int kWriteFailed = 3202;
inline constexpr int kReadFailed = 3203;
inline constexpr int kStatementAborted = 3204;
inline constexpr int kPercentProcessed = 3211;
inline constexpr int kNonrecoverableIoError = 3271;
inline constexpr int kPagesProcessed = 4035;
inline constexpr int kDatabaseContextChanged = 5701;
inline constexpr int kDeviceFailureLog = 18210;
inline constexpr int kNotSimulated = 50001;
inline constexpr int kBadDeviceName = 50002;
inline constexpr int kServerLost = 50003;

// The row of that number; null if there is none.
const MessageTemplate* FindMessage(int number);
std::span<const MessageTemplate> AllMessages();

// Fills the text of a row. A number that is not in the table, or inserts that do not fit it, are
// our own mistake and stop the process.
Message FormatMessage(int number, fmt::format_args inserts);

// MakeMessage(3202, "device", "995(...)").At(line): line 1 and the row's state otherwise.
template <typename... Inserts>
Message MakeMessage(int number, const Inserts&... inserts) {
  return FormatMessage(number, fmt::make_format_args(inserts...));
}

// "Msg 102, Level 15, State 1, Server NAME, Line 1\nIncorrect syntax near 'x'.": as sqlcmd prints
// it; the text alone for severities up to 10. No line end.
std::string SqlcmdForm(const Message& message, std::string_view server);

}  // namespace vdisim

#endif  // SIMULATOR_SQL_MESSAGES_H_
