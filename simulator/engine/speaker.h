// Speaks for one statement: gives messages their line, sends them to the session, writes what
// belongs there to the error log, and remembers the first error. One thread.
#ifndef SIMULATOR_ENGINE_SPEAKER_H_
#define SIMULATOR_ENGINE_SPEAKER_H_

#include <utility>
#include <vector>

#include "simulator/engine/error_log.h"
#include "simulator/engine/message_sink.h"

namespace vdisim {

class Speaker {
 public:
  Speaker(MessageSink* sink, ErrorLog* log) : sink_(sink), log_(log) {}

  void SetLine(int line) { line_ = line; }
  void Say(const Message& message) {
    if (message.IsError() && first_error_ == 0) first_error_ = message.number;
    // Percentages can be many, and say nothing afterwards.
    if (message.number != kPercentProcessed) said_.push_back(message);
    sink_->OnMessage(message.At(line_));
  }
  void Log(const Message& message) { log_->Write(message); }
  void Show(const ResultSet& table) { sink_->OnResultSet(table); }
  void ShowProgress(const TransferProgress& progress) { sink_->OnProgress(progress); }
  int first_error() const { return first_error_; }
  // What was said since the last call, without percentages.
  std::vector<Message> TakeSaid() { return std::exchange(said_, {}); }

 private:
  MessageSink* const sink_;
  ErrorLog* const log_;
  int line_ = 1;
  int first_error_ = 0;
  std::vector<Message> said_;
};

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_SPEAKER_H_
