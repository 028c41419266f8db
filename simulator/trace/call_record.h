// The record of one call of the interface: who called what on which object, with which values, what
// came back, when, and how long it took.
//
// A trace is a text file of such records, a JSON object a line, added when the call returns; so the
// order of the lines is the order in which calls returned, over all processes that share the file.
// `t` tells in which order they began: it is the machine's monotonic clock, the same for all.
//
//   {"n":7,"t":81234567890,"d":4500,"pid":4711,"tid":4712,"face":"client","object":2,
//    "set":"nightly","device":"nightly","call":"GetCommand","in":{"timeOut":1000},
//    "out":{"pCmd":"0x7f12a0003c10","commandCode":2,"size":65536,"position":0,"buffer":"0x7f..."},
//    "code":0,"result":"NOERROR"}
//
//   n       number of the record within its process, from 1
//   t, d    nanoseconds of the monotonic clock when the call began; nanoseconds it took
//   pid, tid  process and thread, as the system numbers them
//   face    "client" (the classes of libsqlvdi.so), "com-client" or "server" (the interfaces)
//   object  number of the object within its process, from 1, never given twice
//   set     name of the device set, "" before there is one
//   device  name of the device, absent for calls of a set
//   call    the method, as the face spells it; a destructor counts as a call
//   in, out values in the order of the signature; out only holds what a successful call gave.
//           Numbers are numbers, addresses strings such as "0x7f12", NULL is null. A device that
//           OpenDevice gave is the `object` number of its own later records.
//   code    the status returned, as a signed number; `result` names it and is not read back
//
// A call that may wait can leave a mark when it begins, a line of its own before that of its
// record:
//
//   {"begin":"GetCommand","t":81234567890,"pid":4711,"tid":4712,"face":"client","object":2,
//    "set":"nightly","device":"nightly"}
//
// What never returned has a mark and no record. Mark and record agree in t, pid and tid.
//
// An `in` that ends with "injected":1 tells that the call was not made: VDISIM_INJECT answered. A
// line whose call is GuardViolation is no call: VDISIM_GUARD found what `in` describes.
//
// Records hold no byte of any buffer. Bytes of a name that are not UTF-8 appear as U+FFFD.
#ifndef SIMULATOR_TRACE_CALL_RECORD_H_
#define SIMULATOR_TRACE_CALL_RECORD_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vdisim {

// A value of a call. Numbers that fit are int64_t, so that what was written compares equal to what
// is read.
using TraceValue = std::variant<std::monostate, int64_t, uint64_t, std::string>;
TraceValue TraceNumber(int64_t number);
TraceValue TraceNumber(uint64_t number);
TraceValue TraceAddress(const volatile void* address);  // NULL: std::monostate
TraceValue TraceText(const char* text);                 // NULL: std::monostate

struct TraceField {
  std::string name;
  TraceValue value;
  friend bool operator==(const TraceField&, const TraceField&) = default;
};

inline constexpr std::string_view kClientFace = "client";
inline constexpr std::string_view kComClientFace = "com-client";
inline constexpr std::string_view kServerFace = "server";

struct CallRecord {
  uint64_t number = 0;
  int64_t start_ns = 0;
  int64_t duration_ns = 0;
  uint32_t pid = 0;
  uint32_t tid = 0;
  std::string face;
  uint64_t object = 0;
  std::string set;
  std::optional<std::string> device;
  std::string method;
  std::vector<TraceField> inputs;
  std::vector<TraceField> outputs;
  int32_t code = 0;

  friend bool operator==(const CallRecord&, const CallRecord&) = default;
};

struct BeginMark {
  std::string method;
  int64_t start_ns = 0;
  uint32_t pid = 0;
  uint32_t tid = 0;
  std::string face;
  uint64_t object = 0;
  std::string set;
  std::optional<std::string> device;

  friend bool operator==(const BeginMark&, const BeginMark&) = default;
};

// Lines of marks, as those of records below.
std::string FormatBeginMark(const BeginMark& mark);
std::optional<BeginMark> ParseBeginMark(std::string_view line, std::string* error);

// One line, without its end. Never fails for want of valid UTF-8.
std::string FormatRecord(const CallRecord& record);

// The record of a line; nothing, with the reason in *error, if it is not one.
std::optional<CallRecord> ParseRecord(std::string_view line, std::string* error);

}  // namespace vdisim

#endif  // SIMULATOR_TRACE_CALL_RECORD_H_
