#include "simulator/tools/sqlcmd_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <thread>
#include <utility>

#include "simulator/sql/text.h"

namespace vdisim {
namespace {

// A file that reads itself (:r) stops here.
constexpr int kReadDepthMax = 16;
// What sqlcmd says in front of its driver's errors.
constexpr const char* kDriver = "Microsoft ODBC Driver 18 for SQL Server";

// Requests a stop when the program is told to, or when the query's time is over.
class QueryTimer {
 public:
  QueryTimer(int seconds, const std::stop_token& outer)
      : forward_(outer, Forward{stop_}), timer_([this, seconds](const std::stop_token& done) {
          if (seconds == 0) return;
          std::mutex mutex;
          std::condition_variable_any wake;
          std::unique_lock lock(mutex);
          wake.wait_for(lock, done, std::chrono::seconds(seconds), [] { return false; });
          if (done.stop_requested()) return;
          expired_.store(true, std::memory_order_release);
          stop_.request_stop();
        }) {}

  std::stop_token token() const { return stop_.get_token(); }
  bool expired() const { return expired_.load(std::memory_order_acquire); }

 private:
  struct Forward {
    std::stop_source stop;
    void operator()() { stop.request_stop(); }
  };

  std::stop_source stop_;
  std::atomic<bool> expired_ = false;
  std::stop_callback<Forward> forward_;
  std::jthread timer_;
};

std::string_view Trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::string QuoteName(std::string_view name) {
  std::string quoted = "[";
  for (const char c : name) quoted += c == ']' ? std::string("]]") : std::string(1, c);
  return quoted + "]";
}

// Keeps what was said in the background instead of printing it.
class SilentSink final : public MessageSink {
 public:
  void OnMessage(const Message&) override {}
  void OnResultSet(const ResultSet&) override {}
};

}  // namespace

SqlcmdSession::SqlcmdSession(const SqlcmdOptions& options, const PrinterOptions& printing,
                             StatementExecutor& executor, std::stop_token stop, std::string program)
    : options_(options),
      printing_(printing),
      executor_(executor),
      stop_(std::move(stop)),
      program_(std::move(program)),
      printer_(printing),
      values_(options.values),
      exit_on_error_(options.exit_on_error) {}

void SqlcmdSession::Problem(const std::string& sentence) {
  FILE* to = printing_.errors != nullptr ? printing_.errors : printing_.out;
  std::fputs(fmt::format("{}: {}\n", program_, sentence).c_str(), to);
  std::fflush(to);
}

bool SqlcmdSession::UseDatabase() {
  if (options_.database.empty()) return true;
  SilentSink silent;
  const StatementOutcome outcome =
      executor_.Execute("USE " + QuoteName(options_.database), {}, silent, stop_);
  if (outcome.succeeded) {
    statement_options_.database = outcome.database;
    return true;
  }
  Problem(fmt::format("Error: {} : {}.", kDriver, MakeMessage(4060, options_.database).text));
  failed_ = true;
  return false;
}

void SqlcmdSession::ReadLines(std::istream& script, bool prompt) {
  std::string line;
  while (!ended_ && !stop_.stop_requested()) {
    if (prompt) {
      std::fputs(fmt::format("{}> ", splitter_.NextLine()).c_str(), stdout);
      std::fflush(stdout);
    }
    if (!std::getline(script, line)) return;
    TakeLine(std::move(line));
  }
}

void SqlcmdSession::Run(std::istream& script, bool prompt) {
  ReadLines(script, prompt);
  if (ended_ || stop_.stop_requested()) return;
  if (const auto batch = splitter_.Finish()) RunBatch(*batch);
}

void SqlcmdSession::RunFile(const std::string& path) {
  ReadFile(path);
  if (ended_ || stop_.stop_requested()) return;
  if (const auto batch = splitter_.Finish()) RunBatch(*batch);
}

void SqlcmdSession::ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (file) return ReadLines(file, false);
  Problem(fmt::format("'{}': Invalid filename.", path));
  failed_ = true;
  ended_ = true;
}

void SqlcmdSession::TakeLine(std::string line) {
  if (options_.echo) {
    std::fputs((line + "\n").c_str(), printing_.out);
  }
  if (!splitter_.InsideText() && TakeCommand(Trimmed(line))) return;
  if (options_.substitute) {
    std::string missing;
    const auto replaced = SubstituteVariables(line, values_, &missing);
    if (!replaced.has_value()) {
      Problem(fmt::format("'{}' scripting variable not defined.", missing));
      failed_ = true;
      ended_ = true;
      return;
    }
    line = *replaced;
  }
  // Another word than GO (-c) ends batches in the same way.
  std::string_view word = Trimmed(line);
  if (!EqualsIgnoringCase(options_.batch_word, "GO") &&
      EqualsIgnoringCase(word, options_.batch_word)) {
    line = "GO";
  }
  if (const auto batch = splitter_.AddLine(line)) RunBatch(*batch);
}

// The commands of sqlcmd itself that scripts of backup programs hold.
bool SqlcmdSession::TakeCommand(std::string_view line) {
  if (line.empty()) return false;
  const std::string_view bare = line.front() == ':' ? line.substr(1) : line;
  if (EqualsIgnoringCase(bare, "exit") || EqualsIgnoringCase(bare, "quit")) {
    ended_ = true;
    return true;
  }
  if (EqualsIgnoringCase(bare, "reset")) {
    splitter_.Reset();
    return true;
  }
  if (line.front() != ':') return false;
  const size_t blank = std::min(bare.find(' '), bare.size());
  const std::string command = UpperCase(bare.substr(0, blank));
  const std::string_view rest = Trimmed(bare.substr(blank));
  if (command == "ON") {
    exit_on_error_ = EqualsIgnoringCase(rest, "error exit");
    return true;
  }
  if (command == "SETVAR") {
    const size_t end = std::min(rest.find(' '), rest.size());
    std::string_view value = Trimmed(rest.substr(end));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
      value = value.substr(1, value.size() - 2);
    }
    values_[std::string(rest.substr(0, end))] = std::string(value);
    return true;
  }
  if (command == "R" && depth_ < kReadDepthMax) {
    ++depth_;
    ReadFile(std::string(rest));
    --depth_;
    return true;
  }
  Problem(
      fmt::format("'{}' is not a command that this stand-in knows: expected :exit, :quit, "
                  ":reset, :on error, :setvar or :r.",
                  line));
  failed_ = true;
  ended_ = true;
  return true;
}

void SqlcmdSession::RunBatch(const BatchText& batch) {
  if (UpperCase(batch.text).find("SET NOCOUNT ON") != std::string::npos) printer_.CountRows(false);
  for (int i = 0; i < batch.repeat && !ended_ && !stop_.stop_requested(); ++i) {
    const QueryTimer timer(options_.query_timeout_s, stop_);
    const StatementOutcome outcome =
        executor_.Execute(batch.text, statement_options_, printer_, timer.token());
    statement_options_.database = outcome.database;
    int severity = printer_.severity();
    if (timer.expired()) {
      Problem(fmt::format("Error: {} : Query timeout expired.", kDriver));
      severity = std::max(severity, 11);
    }
    severity_ = std::max(severity_, severity);
    const bool is_error = !outcome.succeeded || timer.expired();
    if (exit_on_error_ && is_error && severity >= options_.error_level.value_or(11)) {
      failed_ = true;
      ended_ = true;
    }
  }
}

int SqlcmdSession::ExitStatus() const {
  if (failed_) return 1;
  if (options_.error_level.has_value() && severity_ >= *options_.error_level) return severity_;
  return 0;
}

}  // namespace vdisim
