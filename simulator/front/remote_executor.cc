#include "simulator/front/remote_executor.h"

#include <fmt/format.h>

#include <cerrno>
#include <optional>
#include <stop_token>
#include <system_error>
#include <utility>

#include "simulator/front/protocol.h"

namespace vdisim {
namespace {

// Hands an event to the sink; true if it was the last of its batch.
bool Deliver(const ControlEvent& event, MessageSink& sink) {
  if (const auto* message = std::get_if<Message>(&event)) {
    sink.OnMessage(*message);
  } else if (const auto* progress = std::get_if<TransferProgress>(&event)) {
    sink.OnProgress(*progress);
  } else if (const auto* set = std::get_if<ResultSet>(&event)) {
    sink.OnResultSet(*set);
  } else {
    return true;
  }
  return false;
}

}  // namespace

std::unique_ptr<RemoteExecutor> RemoteExecutor::Connect(const std::filesystem::path& folder,
                                                        std::string* error) {
  error->clear();
  int error_number = 0;
  Descriptor socket = ConnectTo(folder, kSocketName, &error_number);
  if (socket.ok()) return std::unique_ptr<RemoteExecutor>(new RemoteExecutor(std::move(socket)));
  // No file, or the file of a server that is gone.
  if (error_number != ENOENT && error_number != ECONNREFUSED) {
    *error =
        fmt::format("The server at '{}' cannot be reached: {}.", (folder / kSocketName).string(),
                    std::generic_category().message(error_number));
  }
  return nullptr;
}

StatementOutcome RemoteExecutor::Execute(std::string_view batch, const StatementOptions& options,
                                         MessageSink& sink, std::stop_token stop) {
  ExecuteRequest request{
      .batch = std::string(batch), .options = options, .databases = std::exchange(databases_, {})};
  if (!lines_.WriteLine(FormatRequest(request))) return Lost("it has gone", sink);
  const std::stop_callback cancel(stop,
                                  [this] { lines_.WriteLine(FormatRequest(CancelRequest{})); });
  std::string line;
  while (lines_.ReadLine(&line) == LineConnection::ReadResult::kLine) {
    std::string error;
    const std::optional<ControlEvent> event = ParseEvent(line, &error);
    if (!event.has_value()) return Lost(error, sink);
    if (!Deliver(*event, sink)) continue;
    if (const auto* refusal = std::get_if<Refusal>(&*event)) return Lost(refusal->why, sink);
    return std::get<StatementOutcome>(*event);
  }
  return Lost("it ended before the statement did", sink);
}

StatementOutcome RemoteExecutor::Lost(std::string_view why, MessageSink& sink) {
  const Message message = MakeMessage(kServerLost, why);
  sink.OnMessage(message);
  StatementOutcome outcome;
  outcome.first_error = message.number;
  return outcome;
}

}  // namespace vdisim
