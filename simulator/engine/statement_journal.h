// The journal of one statement: what the server was asked, sent and got back, and what its fault
// plan did, a JSON object a line. `t` is the machine's monotonic clock in nanoseconds, the same as
// in a trace; `s` the number of the statement in its engine. Lines of several threads may stand in
// another order than their times.
//
//   {"e":"statement","t":1,"s":1,"text":"BACKUP ...","operation":"backup"}     or restore, other
//   {"e":"configured","t":2,"s":1,"set":"d","features":65536,"devices":["d"],"blockSize":512,
//    "maxTransferSize":65536,"buffers":4,"serverTimeOut":0}
//   {"e":"sent","t":3,"s":1,"device":1,"n":2,"code":2,"size":65536,"offset":4096,"database":0}
//   {"e":"completed","t":4,"s":1,"device":1,"n":2,"code":2,"completion":0,"bytes":65536}
//   {"e":"fault","t":5,"s":1,"what":"stall","device":1,"n":3,"line":2}
//   {"e":"closing","t":6,"s":1}      {"e":"aborted","t":6,"s":1,"reason":"..."}
//   {"e":"ended","t":7,"s":1,"succeeded":true,"firstError":0,
//    "messages":[{"number":3014,"severity":0,"text":"..."}],"comparison":"not-compared"}
//
//   sent       what SendCommand accepted; t is the moment before that call. offset: in the stream
//              of the device; database: where the first byte of data in it lies in the database,
//              absent for what carries none
//   completed  of a Read also "filled": so many bytes from its front were written by the client,
//              and "touched", where bytes behind those were written too: up to there
//   fault      device and n are 0 where the whole set is meant
//   ended      firstError is 0 after success; percent messages are left out. comparison and
//              difference are those of a RESTORE
//
// Any thread. Without a file it writes nothing.
#ifndef SIMULATOR_ENGINE_STATEMENT_JOURNAL_H_
#define SIMULATOR_ENGINE_STATEMENT_JOURNAL_H_

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/engine/configuration.h"
#include "simulator/engine/statement_executor.h"
#include "simulator/trace/append_file.h"

namespace vdisim {

class StatementJournal {
 public:
  enum class Operation { kBackup, kRestore, kOther };

  struct Sent {
    int64_t at_ns = 0;
    uint32_t device = 0;  // from 1
    uint64_t number = 0;  // of the command on its device, from 1
    int32_t code = 0;     // VDC_
    uint32_t size = 0;
    uint64_t stream_offset = 0;
    std::optional<uint64_t> database_offset;
  };
  struct Completed {
    uint32_t device = 0;
    uint64_t number = 0;
    int32_t code = 0;
    uint32_t completion = 0;  // a code of Winerror.h
    uint32_t bytes = 0;
    std::optional<uint32_t> filled;
    std::optional<uint32_t> touched;
  };
  struct Fault {
    std::string_view what;
    uint32_t device = 0;
    uint64_t number = 0;
    int line = 0;
  };
  struct Place {
    uint64_t database_offset = 0;
    uint32_t device = 0;
    uint64_t number = 0;
    uint64_t stream_offset = 0;
  };
  struct Ended {
    bool succeeded = false;
    std::vector<Message> messages;
    StatementOutcome::Comparison comparison = StatementOutcome::Comparison::kNotCompared;
    std::optional<Place> difference;  // the first
  };

  // file: NULL = none; not owned. statement: its number in the engine, from 1.
  StatementJournal(AppendFile* file, uint64_t statement) : file_(file), statement_(statement) {}

  bool on() const { return file_ != nullptr; }
  static int64_t Now();

  void Begin(std::string_view text, Operation operation);
  void Configure(const std::string& set, const std::vector<std::string>& devices,
                 const Configuration& configuration, uint32_t server_time_out_ms);
  void Send(const Sent& sent);
  void Complete(const Completed& completed);
  void Fire(const Fault& fault);
  void CloseDevices();
  // The first reason counts; later ones are consequences and not written.
  void Abort(std::string_view reason);
  void End(const Ended& ended);

 private:
  AppendFile* const file_;
  const uint64_t statement_;
  std::atomic<bool> aborted_{false};
};

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_STATEMENT_JOURNAL_H_
