#include "simulator/engine/engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>
#include <variant>

#include "simulator/engine/data_source.h"
#include "simulator/engine/fault_plan_reader.h"
#include "simulator/engine/names.h"
#include "simulator/engine/server_values.h"
#include "simulator/engine/transfer_statement.h"
#include "simulator/sql/parser.h"

namespace vdisim {

class Engine::Impl {
 public:
  explicit Impl(const EngineOptions& options) : context(options) {}
  EngineContext context;
};

namespace {

StatementJournal::Operation OperationOf(const TransferStatement& transfer) {
  return IsBackup(transfer.verb) ? StatementJournal::Operation::kBackup
                                 : StatementJournal::Operation::kRestore;
}

// Where a position lies in the text, in bytes.
size_t ByteAt(std::string_view text, const Position& position) {
  size_t at = 0;
  for (int line = 1; line < position.line && at < text.size(); ++line) {
    at = std::min(text.find('\n', at), text.size() - 1) + 1;
  }
  for (int column = 1; column < position.column && at < text.size(); ++column) {
    ++at;
    while (at < text.size() && (static_cast<uint8_t>(text[at]) & 0xC0U) == 0x80U) ++at;
  }
  return at;
}

// The words of a statement, up to the next one or the end of the batch.
std::string_view TextBetween(std::string_view text, const Position& from,
                             const std::optional<Position>& to) {
  const size_t begin = ByteAt(text, from);
  const size_t end = to ? ByteAt(text, *to) : text.size();
  std::string_view words = text.substr(begin, end - begin);
  while (!words.empty() && std::string_view(" \t\r\n;").find(words.back()) != words.npos) {
    words.remove_suffix(1);
  }
  return words;
}

// One batch on its way through its statements.
class BatchRun {
 public:
  BatchRun(EngineContext* engine, const StatementOptions* options, MessageSink* sink,
           std::stop_token stop)
      : engine_(*engine), options_(*options), speaker_(sink, &engine->log), stop_(std::move(stop)) {
    outcome_.database = options_.database.empty() ? "master" : options_.database;
  }

  StatementOutcome Run(std::string_view text, const Batch& batch) {
    outcome_.succeeded = batch.errors.empty();
    if (!batch.errors.empty()) {
      StatementJournal journal = NextJournal();
      journal.Begin(text, StatementJournal::Operation::kOther);
      for (const Message& error : batch.errors) {
        speaker_.SetLine(error.line);
        speaker_.Say(error);
      }
      End(&journal, false);
    }
    for (size_t i = 0; i < batch.statements.size() && outcome_.succeeded; ++i) {
      const Statement& statement = batch.statements[i];
      const bool last = i + 1 == batch.statements.size();
      outcome_.succeeded = RunStatement(
          statement,
          TextBetween(text, statement.position,
                      last ? std::nullopt : std::optional(batch.statements[i + 1].position)));
    }
    outcome_.first_error = speaker_.first_error();
    return std::move(outcome_);
  }

 private:
  StatementJournal NextJournal() { return {engine_.journal.get(), ++engine_.statement_numbers}; }

  void End(StatementJournal* journal, bool succeeded, const TransferResult& result = {}) {
    StatementJournal::Ended ended{.succeeded = succeeded,
                                  .messages = speaker_.TakeSaid(),
                                  .comparison = result.comparison,
                                  .difference = {}};
    if (result.difference) {
      const Difference& first = *result.difference;
      ended.difference = {.database_offset = first.database_offset,
                          .device = first.from.device_number,
                          .number = first.from.command_number,
                          .stream_offset = first.from.stream_offset};
    }
    journal->End(ended);
  }

  bool RunStatement(const Statement& statement, std::string_view text) {
    speaker_.SetLine(statement.position.line);
    const auto* transfer = std::get_if<TransferStatement>(&statement.body);
    if (transfer != nullptr && statement.errors.empty()) return RunTransfer(*transfer, text);
    StatementJournal journal = NextJournal();
    journal.Begin(
        text, transfer == nullptr ? StatementJournal::Operation::kOther : OperationOf(*transfer));
    const bool succeeded = RunOther(statement);
    End(&journal, succeeded);
    return succeeded;
  }

  bool RunOther(const Statement& statement) {
    if (!statement.errors.empty()) {
      for (const Message& error : statement.errors) speaker_.Say(error);
      if (const auto* transfer = std::get_if<TransferStatement>(&statement.body)) {
        speaker_.Say(MakeMessage(kTerminatingAbnormally, VerbText(transfer->verb)));
      }
      return false;
    }
    return std::visit([this](const auto& body) { return RunBody(body); }, statement.body);
  }

  bool RunTransfer(const TransferStatement& transfer, std::string_view text) {
    const EngineOptions& engine = engine_.options;
    const bool backup = IsBackup(transfer.verb);
    WatchOptions options{.statement = ++engine_.statement_numbers,
                         .faults = backup ? engine_.faults.backup : engine_.faults.restore,
                         .database = transfer.database,
                         .devices = static_cast<uint32_t>(transfer.devices.size()),
                         .journal = engine_.journal.get(),
                         .streams = backup ? engine.streams : std::filesystem::path(),
                         .end_process = engine.end_process,
                         .seed = engine.seed};
    StatementWatch watch(std::move(options));
    watch.journal.Begin(text, OperationOf(transfer));
    TransferResult result;
    const bool succeeded =
        ExecuteTransfer({engine_, transfer, options_, speaker_, watch, stop_}, &result);
    if (succeeded) outcome_.comparison = result.comparison;
    End(&watch.journal, succeeded, result);
    return succeeded;
  }

  // Those that are well formed are run by RunTransfer.
  bool RunBody(const TransferStatement&) { return false; }
  bool RunBody(const UseStatement& use) {
    const auto database = engine_.FindDatabase(use.database);
    if (!database && !SameName(use.database, "tempdb")) {
      speaker_.Say(MakeMessage(kUnknownDatabase, use.database));
      return false;
    }
    outcome_.database = database ? database->name : "tempdb";
    speaker_.Say(MakeMessage(kDatabaseContextChanged, outcome_.database));
    return true;
  }
  bool RunBody(const NoEffectStatement&) { return true; }
  bool RunBody(const PrintStatement& print) {
    Message message;
    message.text = print.text;
    speaker_.Say(message);
    return true;
  }
  bool RunBody(const SelectStatement& select) {
    speaker_.Show(SelectTable(select, {.server_name = engine_.ServerName(),
                                       .instance = engine_.options.instance,
                                       .database = outcome_.database}));
    return true;
  }

  EngineContext& engine_;
  const StatementOptions& options_;
  Speaker speaker_;
  const std::stop_token stop_;
  StatementOutcome outcome_;
};

}  // namespace

// Reads the fault plan and opens journal and streams.
static bool PrepareWatching(EngineContext* context, std::string* error) {
  const EngineOptions& options = context->options;
  if (!options.faults.empty()) {
    auto plan = ReadFaultPlanFile(options.faults, error);
    if (!plan) return false;
    context->faults = *std::move(plan);
  }
  if (!options.journal.empty()) {
    std::string why;
    context->journal = AppendFile::Open(options.journal.string(), &why);
    if (context->journal == nullptr) {
      *error = fmt::format("the journal '{}' cannot be written: {}", options.journal.string(), why);
      return false;
    }
  }
  if (options.streams.empty()) return true;
  std::error_code failure;
  std::filesystem::create_directories(options.streams, failure);
  if (std::filesystem::is_directory(options.streams, failure)) return true;
  *error = fmt::format("'{}' cannot be used as a folder for streams", options.streams.string());
  return false;
}

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Engine::~Engine() = default;

std::unique_ptr<Engine> Engine::Open(const EngineOptions& options, std::string* error) {
  if (FindProfile(options.profile) == nullptr) {
    *error =
        fmt::format("there is no profile '{}'; profiles are: {}", options.profile, ProfileNames());
    return nullptr;
  }
  std::error_code failure;
  std::filesystem::create_directories(options.home, failure);
  if (!std::filesystem::is_directory(options.home, failure)) {
    *error = fmt::format("'{}' cannot be used as a home", options.home.string());
    return nullptr;
  }
  auto impl = std::make_unique<Impl>(options);
  if (!impl->context.registry.Check(error)) return nullptr;
  if (!PrepareWatching(&impl->context, error)) return nullptr;
  return std::unique_ptr<Engine>(new Engine(std::move(impl)));
}

bool Engine::AddDatabase(std::string_view name, std::string_view source, std::string* error) {
  if (name.empty() || FoldCase(name) == "tempdb") {
    *error = fmt::format("'{}' cannot be the name of a database to back up", name);
    return false;
  }
  if (OpenDataSource(source, error) == nullptr) return false;
  std::string kept(source);
  if (!source.starts_with("seed:") && !source.starts_with("size:")) {
    std::error_code failure;
    kept = std::filesystem::absolute(std::filesystem::path(kept), failure).string();
  }
  return impl_->context.registry.Update(
      name,
      [&](DatabaseEntry* entry) {
        if (entry->source == kept) return;
        // Another content is another database, with no history.
        DatabaseEntry fresh;
        fresh.name = entry->name;
        fresh.source = kept;
        *entry = fresh;
      },
      error);
}

bool Engine::AddDatabaseArgument(std::string_view argument, std::string* error) {
  const size_t equals = argument.find('=');
  if (equals == std::string_view::npos || equals == 0 || equals + 1 == argument.size()) {
    *error = fmt::format("'{}' is not of the form NAME=SOURCE", argument);
    return false;
  }
  return AddDatabase(argument.substr(0, equals), argument.substr(equals + 1), error);
}

StatementOutcome Engine::Execute(std::string_view batch, const StatementOptions& options,
                                 MessageSink& sink, std::stop_token stop) {
  BatchRun run(&impl_->context, &options, &sink, std::move(stop));
  return run.Run(batch, ParseBatch(batch, options.parameters));
}

}  // namespace vdisim
