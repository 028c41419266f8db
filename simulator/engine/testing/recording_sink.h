// Keeps what a statement said.
#ifndef SIMULATOR_ENGINE_TESTING_RECORDING_SINK_H_
#define SIMULATOR_ENGINE_TESTING_RECORDING_SINK_H_

#include <string>
#include <vector>

#include "simulator/engine/message_sink.h"

namespace vdisim::testing_support {

class RecordingSink final : public MessageSink {
 public:
  void OnMessage(const Message& message) override { messages.push_back(message); }
  void OnProgress(const TransferProgress& progress) override { last_progress = progress; }
  void OnResultSet(const ResultSet& table) override { tables.push_back(table); }

  // Numbers in order, without the simulator's own hints.
  std::vector<int> Numbers() const {
    std::vector<int> numbers;
    for (const Message& message : messages) {
      if (message.number != 0) numbers.push_back(message.number);
    }
    return numbers;
  }
  std::string Text() const {
    std::string text;
    for (const Message& message : messages) text += message.text + "\n";
    return text;
  }

  std::vector<Message> messages;
  std::vector<ResultSet> tables;
  TransferProgress last_progress;
};

}  // namespace vdisim::testing_support

#endif  // SIMULATOR_ENGINE_TESTING_RECORDING_SINK_H_
