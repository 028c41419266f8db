#include "simulator/engine/transfer_statement.h"

#include <fmt/format.h>

#include <algorithm>

#include "simulator/engine/failure_messages.h"
#include "simulator/engine/names.h"

namespace vdisim {

EngineContext::EngineContext(const EngineOptions& engine_options)
    : options(engine_options),
      profile(FindProfile(engine_options.profile)),
      registry(engine_options.home),
      log(engine_options.home / "log" / "errorlog") {}

std::optional<DatabaseEntry> EngineContext::FindDatabase(std::string_view name) const {
  if (auto entry = registry.Find(name)) return entry;
  for (const char* system : {"master", "model", "msdb"}) {
    if (!SameName(name, system)) continue;
    DatabaseEntry entry;
    entry.name = system;
    entry.source = "seed:0,size:4M";
    return entry;
  }
  return std::nullopt;
}

std::filesystem::path EngineContext::DataFile(std::string_view name) const {
  return options.home / "data" / (FileNameFor(name) + ".mdf");
}

std::string EngineContext::ServerName() const {
  return options.instance.empty() ? "VDISIM" : "VDISIM\\" + options.instance;
}

ConversationOptions ConversationFor(const TransferTask& task) {
  const EngineOptions& engine = task.engine.options;
  ConversationOptions options;
  options.instance = engine.instance;
  options.devices = task.statement.devices;
  options.request.devices = static_cast<uint32_t>(task.statement.devices.size());
  options.request.backup = IsBackup(task.statement.verb);
  options.request.snapshot = task.statement.options.snapshot;
  options.request.block_bytes = task.statement.options.block_size_bytes;
  options.request.max_transfer_bytes = task.statement.options.max_transfer_size_bytes;
  options.request.buffers = task.statement.options.buffer_count;
  options.profile = task.engine.profile;
  options.wait = task.options.wait.value_or(engine.wait);
  options.set_wait = task.options.wait.value_or(engine.set_wait.value_or(engine.wait));
  options.stall = task.options.stall.value_or(engine.stall);
  options.factory = engine.server_set_factory;
  options.locator = engine.set_locator != nullptr ? engine.set_locator : &MachineSets();
  options.stop = task.stop;
  options.watch = &task.watch;
  return options;
}

void SayFailure(const TransferTask& task, const std::optional<Failure>& failure) {
  if (!failure) return;
  const FailureReport report =
      ReportFailure(*failure, IsBackup(task.statement.verb), *task.engine.profile);
  for (const Message& message : report.log) task.speaker.Log(message);
  for (const Message& message : report.session) task.speaker.Say(message);
}

void SayChatter(const TransferTask& task) {
  const uint64_t wanted = task.watch.faults.ChatterBytes();
  uint32_t percent = 0;
  for (uint64_t said = 0; said < wanted && !task.stop.stop_requested();) {
    const Message message = MakeMessage(kPercentProcessed, percent % 100 + 1);
    ++percent;
    task.speaker.Say(message);
    said += message.text.size() + 1;
  }
}

Message SuccessMessage(const TransferTask& task, uint64_t pages, uint64_t bytes,
                       std::chrono::steady_clock::duration elapsed) {
  const auto milliseconds =
      std::max<int64_t>(1, std::chrono::duration_cast<std::chrono::milliseconds>(elapsed).count());
  const double rate =
      static_cast<double>(bytes) / 1048576.0 * 1000.0 / static_cast<double>(milliseconds);
  const auto rate_thousandths = static_cast<int64_t>(rate * 1000.0);
  return MakeMessage(kTransferSucceeded, VerbText(task.statement.verb), pages, milliseconds / 1000,
                     milliseconds % 1000, rate_thousandths / 1000, rate_thousandths % 1000);
}

std::string DeviceInformation(const TransferTask& task) {
  std::string names;
  for (const std::string& device : task.statement.devices) {
    names += fmt::format("{}'{}'", names.empty() ? "" : ", ", device);
  }
  return "FILE=1, TYPE=VIRTUAL_DEVICE: {" + names + "}";
}

bool ExecuteTransfer(const TransferTask& task, TransferResult* result) {
  const bool backup = IsBackup(task.statement.verb);
  const bool done = backup ? ExecuteBackup(task) : ExecuteRestore(task, result);
  if (done) return true;
  const char* verb = VerbText(task.statement.verb);
  if (backup) {
    task.speaker.Log(
        MakeMessage(kBackupFailedLog, fmt::format("{} {}", verb, task.statement.database)));
  }
  task.speaker.Say(MakeMessage(kTerminatingAbnormally, verb));
  return false;
}

}  // namespace vdisim
