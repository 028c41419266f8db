// What travels over an instance's control socket: one JSON object a line, in UTF-8.
//
// The client sends
//   {"execute": "BACKUP ...",              the batch
//    "database": "pubs",                   optional: the connection's current database
//    "wait_ms": 30000, "stall_ms": 120000, optional: instead of the server's own
//    "databases": ["pubs=/tmp/pubs.mdf"],  optional: to be added first; paths absolute
//    "parameters": {"@device": "set"}}     optional: variables of the batch; null is NULL
//   {"cancel": true}                       ends the batch that runs; its messages still come
// and the server answers an "execute" with any number of
//   {"message": {"number": 3211, "severity": 10, "state": 1, "line": 1, "text": "..."}}
//   {"progress": {"bytes_done": 1, "bytes_total": 2, "percent": 50}}
//   {"result_set": {"columns": ["a"], "rows": [["1"]]}}
// and at its end one
//   {"outcome": {"succeeded": true, "first_error": 0, "database": "pubs", "comparison": "equal"}}
// or {"refused": "why"} where the request could not be taken. One batch at a time on a connection;
// as many connections as there are backups. A connection that ends cancels its batch. There is no
// login, hence no password: the socket's mode (0600) decides who may come.
#ifndef SIMULATOR_FRONT_PROTOCOL_H_
#define SIMULATOR_FRONT_PROTOCOL_H_

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "simulator/engine/statement_executor.h"

namespace vdisim {

inline constexpr const char* kSocketName = "control.sock";
inline constexpr const char* kLockName = "control.lock";

struct ExecuteRequest {
  std::string batch;
  StatementOptions options;
  std::vector<std::string> databases;  // NAME=SOURCE
};
struct CancelRequest {};
using ControlRequest = std::variant<ExecuteRequest, CancelRequest>;

struct Refusal {
  std::string why;
};
using ControlEvent = std::variant<Message, TransferProgress, ResultSet, StatementOutcome, Refusal>;

// Lines without their ends. Texts that are not UTF-8 have U+FFFD in the place of what is not.
std::string FormatRequest(const ControlRequest& request);
std::string FormatEvent(const ControlEvent& event);

// Nothing, and a sentence in *error, for a line that says nothing of the above.
std::optional<ControlRequest> ParseRequest(std::string_view line, std::string* error);
std::optional<ControlEvent> ParseEvent(std::string_view line, std::string* error);

}  // namespace vdisim

#endif  // SIMULATOR_FRONT_PROTOCOL_H_
