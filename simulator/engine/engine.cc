#include "simulator/engine/engine.h"

#include <fmt/format.h>

#include <system_error>
#include <utility>
#include <variant>

#include "simulator/engine/data_source.h"
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

// One batch on its way through its statements.
class BatchRun {
 public:
  BatchRun(EngineContext* engine, const StatementOptions* options, MessageSink* sink,
           std::stop_token stop)
      : engine_(*engine), options_(*options), speaker_(sink, &engine->log), stop_(std::move(stop)) {
    outcome_.database = options_.database.empty() ? "master" : options_.database;
  }

  StatementOutcome Run(const Batch& batch) {
    outcome_.succeeded = batch.errors.empty();
    for (const Message& error : batch.errors) {
      speaker_.SetLine(error.line);
      speaker_.Say(error);
    }
    for (const Statement& statement : batch.statements) {
      if (!outcome_.succeeded) break;
      outcome_.succeeded = RunStatement(statement);
    }
    outcome_.first_error = speaker_.first_error();
    return std::move(outcome_);
  }

 private:
  bool RunStatement(const Statement& statement) {
    speaker_.SetLine(statement.position.line);
    if (!statement.errors.empty()) {
      for (const Message& error : statement.errors) speaker_.Say(error);
      if (const auto* transfer = std::get_if<TransferStatement>(&statement.body)) {
        speaker_.Say(MakeMessage(kTerminatingAbnormally, VerbText(transfer->verb)));
      }
      return false;
    }
    return std::visit([this](const auto& body) { return RunBody(body); }, statement.body);
  }

  bool RunBody(const TransferStatement& transfer) {
    return ExecuteTransfer({engine_, transfer, options_, speaker_, stop_}, &outcome_.comparison);
  }
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
  return run.Run(ParseBatch(batch, options.parameters));
}

}  // namespace vdisim
