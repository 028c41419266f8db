#include "simulator/engine/statement_journal.h"

#include <nlohmann/json.hpp>

#include "simulator/base/clock.h"

namespace vdisim {
namespace {

using Json = nlohmann::ordered_json;

Json Line(const char* event, int64_t at_ns, uint64_t statement) {
  return Json{{"e", event}, {"t", at_ns}, {"s", statement}};
}

void Write(AppendFile& file, const Json& line) {
  // A journal on a full disk ends early; the statement does not fail for it.
  (void)file.AppendLine(line.dump(-1, ' ', false, Json::error_handler_t::replace));
}

const char* NameOf(StatementJournal::Operation operation) {
  switch (operation) {
    case StatementJournal::Operation::kBackup:
      return "backup";
    case StatementJournal::Operation::kRestore:
      return "restore";
    case StatementJournal::Operation::kOther:
      break;
  }
  return "other";
}

const char* NameOf(StatementOutcome::Comparison comparison) {
  switch (comparison) {
    case StatementOutcome::Comparison::kEqual:
      return "equal";
    case StatementOutcome::Comparison::kDifferent:
      return "different";
    case StatementOutcome::Comparison::kNotCompared:
      break;
  }
  return "not-compared";
}

}  // namespace

int64_t StatementJournal::Now() { return MonotonicClock::Get().Now().count(); }

void StatementJournal::Begin(std::string_view text, Operation operation) {
  if (!on()) return;
  Json line = Line("statement", Now(), statement_);
  line["text"] = text;
  line["operation"] = NameOf(operation);
  Write(*file_, line);
}

void StatementJournal::Configure(const std::string& set, const std::vector<std::string>& devices,
                                 const Configuration& configuration, uint32_t server_time_out_ms) {
  if (!on()) return;
  Json line = Line("configured", Now(), statement_);
  line["set"] = set;
  line["features"] = configuration.features;
  line["devices"] = devices;
  line["blockSize"] = configuration.block_bytes;
  line["maxTransferSize"] = configuration.max_transfer_bytes;
  line["buffers"] = configuration.buffers;
  line["serverTimeOut"] = server_time_out_ms;
  Write(*file_, line);
}

void StatementJournal::Send(const Sent& sent) {
  if (!on()) return;
  Json line = Line("sent", sent.at_ns, statement_);
  line["device"] = sent.device;
  line["n"] = sent.number;
  line["code"] = sent.code;
  line["size"] = sent.size;
  line["offset"] = sent.stream_offset;
  if (sent.database_offset) line["database"] = *sent.database_offset;
  Write(*file_, line);
}

void StatementJournal::Complete(const Completed& completed) {
  if (!on()) return;
  Json line = Line("completed", Now(), statement_);
  line["device"] = completed.device;
  line["n"] = completed.number;
  line["code"] = completed.code;
  line["completion"] = completed.completion;
  line["bytes"] = completed.bytes;
  if (completed.filled) line["filled"] = *completed.filled;
  if (completed.touched) line["touched"] = *completed.touched;
  Write(*file_, line);
}

void StatementJournal::Fire(const Fault& fault) {
  if (!on()) return;
  Json line = Line("fault", Now(), statement_);
  line["what"] = fault.what;
  line["device"] = fault.device;
  line["n"] = fault.number;
  line["line"] = fault.line;
  Write(*file_, line);
}

void StatementJournal::CloseDevices() {
  if (on()) Write(*file_, Line("closing", Now(), statement_));
}

void StatementJournal::Abort(std::string_view reason) {
  if (!on() || aborted_.exchange(true)) return;
  Json line = Line("aborted", Now(), statement_);
  line["reason"] = reason;
  Write(*file_, line);
}

void StatementJournal::End(const Ended& ended) {
  if (!on()) return;
  Json line = Line("ended", Now(), statement_);
  int first_error = 0;
  Json messages = Json::array();
  for (const Message& message : ended.messages) {
    if (message.IsError() && first_error == 0) first_error = message.number;
    messages.push_back(
        {{"number", message.number}, {"severity", message.severity}, {"text", message.text}});
  }
  line["succeeded"] = ended.succeeded;
  line["firstError"] = first_error;
  line["messages"] = std::move(messages);
  line["comparison"] = NameOf(ended.comparison);
  if (ended.difference) {
    line["difference"] = {{"database", ended.difference->database_offset},
                          {"device", ended.difference->device},
                          {"n", ended.difference->number},
                          {"stream", ended.difference->stream_offset}};
  }
  Write(*file_, line);
}

}  // namespace vdisim
