// The engine's journal: what the server was asked, sent and got back, a JSON object a line, each
// with the time of the machine's monotonic clock, the same as in a trace.
//
//   {"e":"statement","t":81,"s":1,"text":"BACKUP DATABASE [d] TO VIRTUAL_DEVICE = 'd'",
//    "operation":"backup"}
//   {"e":"configured","t":82,"s":1,"set":"d","features":65536,"devices":["d"],"blockSize":512,
//    "maxTransferSize":65536,"buffers":8,"serverTimeOut":0}
//   {"e":"sent","t":83,"s":1,"device":1,"n":3,"code":2,"size":65536,"offset":1024,"database":0}
//   {"e":"completed","t":84,"s":1,"device":1,"n":3,"code":2,"completion":0,"bytes":65536}
//   {"e":"fault","t":85,"s":1,"what":"stall","device":1,"n":3,"line":4}
//   {"e":"closing","t":86,"s":1}      {"e":"aborted","t":86,"s":1,"reason":"..."}
//   {"e":"ended","t":87,"s":1,"succeeded":true,"firstError":0,
//    "messages":[{"number":3014,"severity":0,"text":"..."}],"comparison":"equal"}
#ifndef CONFORMANCE_WATCH_JOURNAL_EVENT_H_
#define CONFORMANCE_WATCH_JOURNAL_EVENT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace conform {

enum class JournalKind {
  kStatement,
  kConfigured,
  kSent,
  kCompleted,
  kFault,
  kClosing,
  kAborted,
  kEnded,
};

// "statement", "sent": as in the file.
std::string_view Name(JournalKind kind);

struct ServerMessage {
  int number = 0;
  int severity = 0;
  std::string text;
  friend bool operator==(const ServerMessage&, const ServerMessage&) = default;
};

// Where what RESTORE got first differs from the database.
struct RestoreDifference {
  int64_t database = 0;           // offset in the database
  int device = 0;                 // counted from 1
  int n = 0;                      // which command of that device, from 1
  std::optional<int64_t> stream;  // offset in the stream of that device
  friend bool operator==(const RestoreDifference&, const RestoreDifference&) = default;
};

// One line. Members that the kind does not have keep their defaults.
struct JournalEvent {
  JournalKind kind = JournalKind::kStatement;
  int64_t t = 0;      // nanoseconds of the monotonic clock
  int statement = 0;  // number of the statement, from 1: "s"

  std::string text;       // statement: its text. fault: what. aborted: the reason
  std::string operation;  // statement: "backup", "restore", "other"

  std::string set;  // configured
  std::vector<std::string> devices;
  uint32_t features = 0;
  int64_t block_size = 0;
  int64_t max_transfer_size = 0;
  int64_t buffers = 0;
  int64_t server_timeout_ms = 0;

  int device = 0;                   // sent, completed, fault; counted from 1
  int n = 0;                        // number of the command on its device, from 1
  int code = 0;                     // sent, completed: VDC_Read is 1
  int64_t size = 0;                 // sent
  std::optional<int64_t> offset;    // sent Write: offset in the stream of the device
  std::optional<int64_t> database;  // sent: offset in the database of its first byte of data
  int64_t completion = 0;           // completed: the client's Win32 code
  int64_t bytes = 0;                // completed: what the client said
  std::optional<int64_t> filled;    // completed Read: bytes from the front that were written

  int line = 0;  // fault: line of the plan

  bool succeeded = false;  // ended
  int first_error = 0;
  std::vector<ServerMessage> messages;
  std::string comparison;  // "equal", "different", "not-compared"
  std::optional<RestoreDifference> difference;

  friend bool operator==(const JournalEvent&, const JournalEvent&) = default;
};

}  // namespace conform

#endif  // CONFORMANCE_WATCH_JOURNAL_EVENT_H_
