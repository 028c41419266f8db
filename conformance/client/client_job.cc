#include "conformance/client/client_job.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <sstream>

#include "conformance/client/client_template.h"
#include "conformance/client/growing_file.h"
#include "conformance/client/idle_meter.h"
#include "conformance/client/job_evidence.h"
#include "conformance/client/job_trouble.h"
#include "conformance/client/kept_process.h"
#include "conformance/client/live_signs.h"
#include "conformance/runner/selector.h"

namespace conform {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// Between two looks at a client of which nothing is heard.
constexpr milliseconds kTick{100};
// How long what a client started may go on without it. A server notices within two seconds that a
// client is gone, and whoever runs its statement ends then.
constexpr double kSettleSeconds = 3;
// A client that goes on and on is ended at last.
constexpr double kJobSecondsMax = 300;
// Chatter on standard output alone keeps nobody alive longer than so many times the silence.
constexpr double kChatterFactor = 3;
// After so long a person looks at a client that should have ended.
constexpr double kUnheardSeconds = 2;
constexpr milliseconds kStackPatience{15'000};
constexpr size_t kStackProcessesMax = 4;

int64_t Ns(Clock::time_point moment) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(moment.time_since_epoch()).count();
}

double SecondsBetween(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

// "700" (milliseconds), or "1.5T", of the server's time-out T; of half a second if there is none,
// and not longer than a case may take.
milliseconds PauseOf(const std::string& text, int64_t server_timeout_ms) {
  constexpr int64_t kUsual_ms = 500;
  constexpr int64_t kLongest_ms = 5000;
  if (!text.ends_with('T')) return milliseconds(std::stoll(text));
  const double unit = static_cast<double>(server_timeout_ms > 0 ? server_timeout_ms : kUsual_ms);
  const auto wanted = static_cast<int64_t>(std::stod(text) * unit);
  return milliseconds(std::min(wanted, kLongest_ms));
}

class JobRun {
 public:
  explicit JobRun(const JobPlan& plan)
      : plan_(plan),
        trace_(plan.files.trace()),
        journal_(plan.files.journal()),
        witness_(plan.files.witness()) {}

  JobOutcome Run();

 private:
  bool Prepare();
  void StartClient();
  void Follow();
  void Wait();
  void ReadSigns();
  void React();
  void GiveStatement();
  std::optional<std::string> StatementToGive() const;
  bool StatementFailedUnheard() const;
  void Cancel();
  void Strike();
  bool IsSilentTooLong() const;
  void EndHang();
  void Finish();
  void AwaitStatements();
  void StopServer();
  void Note(const std::string& text) {
    outcome_.moments.push_back({.t = Ns(Clock::now()), .text = text});
  }
  double Scaled(double seconds) const { return seconds * plan_.timeout_scale; }
  milliseconds Patience(double seconds) const {
    return milliseconds(static_cast<int64_t>(Scaled(seconds) * 1000));
  }

  const JobPlan& plan_;
  JobOutcome outcome_;
  TemplateValues values_;
  GrowingLines trace_;
  GrowingLines journal_;
  GrowingLines witness_;
  LiveSigns signs_;
  std::unique_ptr<FolderWatch> folder_;
  std::unique_ptr<KeptProcess> server_;
  std::unique_ptr<KeptProcess> client_;
  std::unique_ptr<KeptProcess> statement_;
  std::unique_ptr<IdleMeter> meter_;
  JobTrouble trouble_;
  Clock::time_point began_;
  Clock::time_point alive_at_;      // the last sign of life
  Clock::time_point chattered_at_;  // the last word on an output
  Clock::time_point looked_at_;
  size_t printed_ = 0;
  bool statement_given_ = false;
  bool struck_ = false;
  bool vanished_ = false;
  std::optional<Clock::time_point> cancelled_at_;
  std::optional<Clock::time_point> go_on_at_;  // of a client that was stopped for a while
};

JobOutcome JobRun::Run() {
  try {
    if (!Prepare()) return std::move(outcome_);
    StartClient();
    if (client_ != nullptr) Follow();
    Finish();
  } catch (const ServerTrouble& error) {
    outcome_.trouble = error.what();
  } catch (const std::system_error& error) {
    outcome_.trouble = error.what();
  } catch (const std::invalid_argument& error) {
    outcome_.trouble = error.what();
  }
  return std::move(outcome_);
}

bool JobRun::Prepare() {
  const ClientJob& job = plan_.job;
  const std::string database = DatabaseOf(plan_.scenario, plan_.copy);
  const bool backup = job.operation == ClientJob::Operation::kBackup;
  values_ = {
      {"operation", backup ? plan_.client.backup_word : plan_.client.restore_word},
      {"database", database},
      {"set", fmt::format("vdi-{}-{}", getpid(),
                          plan_.places.media.parent_path().parent_path().filename().string() +
                              std::to_string(plan_.copy))},
      {"devices", std::to_string(job.devices)},
      {"artefact", (plan_.places.media / "artefact.bak").string()},
      {"artefact_dir", plan_.places.media.string()},
      {"instance", plan_.client.instance},
      {"user", plan_.client.user},
      {"password", plan_.client.password}};
  TellAsked(plan_, values_, &outcome_.evidence);
  outcome_.words = ExpandCommand(plan_.client.command, values_);
  // It is started in another directory than the one that the command was written in.
  std::string& program = outcome_.words.front();
  if (program.find('/') != std::string::npos) program = fs::absolute(program).string();
  fs::create_directories(plan_.places.media);
  fs::create_directories(plan_.files.folder);
  const std::string undamaged =
      Damage(job.damage, plan_.places.media,
             ArtefactFiles(plan_.client, plan_.places, database, job.devices));
  if (!undamaged.empty()) {
    outcome_.trouble =
        fmt::format("{}; does the command name {{artefact}} or {{artefact_dir}}?", undamaged);
    return false;
  }
  trouble_ = FindTrouble(job.environment_trouble, plan_.places.media);
  outcome_.skipped = trouble_.impossible;
  outcome_.trouble = trouble_.unknown;
  if (!outcome_.skipped.empty() || !outcome_.trouble.empty()) return false;
  outcome_.evidence.before = FilesIn(plan_.places.media);
  folder_ = std::make_unique<FolderWatch>(plan_.files.folder);
  server_ = StartServer(
      plan_.tools, plan_.places, plan_.files,
      {.faults = job.faults,
       .databases = plan_.first ? std::vector<std::string>{database + "=" + plan_.scenario.source}
                                : std::vector<std::string>{}},
      Patience(kSilenceSeconds));
  return true;
}

void JobRun::StartClient() {
  KeptSettings settings = {.words = outcome_.words,
                           .environment = Texts(ClientEnvironment(
                               plan_.client, plan_.tools, plan_.places, plan_.files,
                               {.guard = plan_.job.guard, .inject = plan_.job.inject}, values_)),
                           .directory = plan_.client.directory.empty()
                                            ? plan_.places.work
                                            : fs::path(PutInto(plan_.client.directory, values_)),
                           .file_bytes_max = {},
                           .read_only = {},
                           .tmpfs = {}};
  trouble_.Apply(&settings);
  began_ = alive_at_ = chattered_at_ = looked_at_ = Clock::now();
  try {
    client_ = std::make_unique<KeptProcess>(plan_.tools.keeper, settings);
  } catch (const NotStarted& error) {
    trouble_.Undo();
    outcome_.trouble = fmt::format("the client could not be started: {}", error.what());
    return;
  }
  outcome_.evidence.end.started = true;
  meter_ = std::make_unique<IdleMeter>(client_->keeper(), client_->pid());
  Note("the client was started");
}

void JobRun::Follow() {
  while (true) {
    Wait();
    ReadSigns();
    React();
    if (client_->ended()) return;
    if (IsSilentTooLong()) {
      EndHang();
      return;
    }
  }
}

void JobRun::Wait() {
  std::vector<pollfd> ready;
  client_->Watch(&ready);
  server_->Watch(&ready);
  if (statement_ != nullptr) statement_->Watch(&ready);
  ready.push_back({.fd = folder_->descriptor(), .events = POLLIN, .revents = 0});
  poll(ready.data(), ready.size(), static_cast<int>(kTick.count()));
  folder_->Clear();
  client_->Serve();
  server_->Serve();
  if (statement_ != nullptr) statement_->Serve();
}

void JobRun::ReadSigns() {
  bool alive = false;
  for (const std::string& line : trace_.Take()) alive |= signs_.TakeTrace(line);
  for (const std::string& line : journal_.Take()) alive |= signs_.TakeJournal(line);
  for (const std::string& line : witness_.Take()) alive |= signs_.TakeWitness(line);
  const Clock::time_point now = Clock::now();
  const size_t printed = client_->bytes_printed();
  if (printed != printed_) chattered_at_ = now;
  printed_ = printed;
  if (alive) alive_at_ = now;
  if (client_->ended() || now - looked_at_ < kTick / 2) return;
  // Quiet is what comes after a whole tick without a sign; whoever makes no call at all then has
  // something else to do.
  const bool waiting = signs_.TakeWaiting();
  meter_->Look(now, now - alive_at_ > kTick && alive_at_ <= looked_at_, waiting);
  looked_at_ = now;
}

void JobRun::React() {
  const ClientJob& job = plan_.job;
  if (go_on_at_ && Clock::now() >= *go_on_at_) {
    go_on_at_.reset();
    Note("the client goes on");
    client_->Signal(SIGCONT);
    alive_at_ = Clock::now();
  }
  if (client_->ended()) return;
  if (!statement_given_) GiveStatement();
  if (!vanished_ && trouble_.Vanishes() && signs_.Reached(trouble_.point)) {
    vanished_ = true;
    std::error_code ignored;
    fs::remove_all(plan_.places.media, ignored);
    Note("the directory of the artefact disappeared");
  }
  if (!cancelled_at_ && !job.cancel_at.empty() && signs_.Reached(job.cancel_at)) Cancel();
  if (!cancelled_at_ && StatementFailedUnheard()) Cancel();
  if (!struck_ && !job.kill_at.empty() && signs_.Reached(job.kill_at)) Strike();
}

std::optional<std::string> JobRun::StatementToGive() const {
  const ClientDescription& client = plan_.client;
  const std::string operation = !plan_.job.statement.empty() ? plan_.job.statement
                                : plan_.job.operation == ClientJob::Operation::kBackup ? "backup"
                                                                                       : "restore";
  std::string set;
  bool ready = client.ready.empty();
  std::istringstream lines(client_->Output() + "\n" + client_->ErrorOutput());
  for (std::string line; std::getline(lines, line);) {
    ready |= !client.ready.empty() && MatchesGlob(client.ready, line);
    const std::string whole = TakeFrom(line, client.printed, "statement");
    const bool as_asked = plan_.job.statement.empty() && plan_.job.statement_devices == 0;
    if (!whole.empty() && as_asked) return whole;
    if (set.empty()) set = TakeFrom(line, client.printed, "set");
  }
  if (!ready) return std::nullopt;
  if (client.printed.empty() || client.printed.find("{set}") == std::string::npos) {
    for (const std::string& one : signs_.sets()) {
      if (set.empty() && MatchesGlob(client.set, one)) set = one;
    }
  }
  if (set.empty()) return std::nullopt;
  std::vector<std::string> devices = {set};
  const int named =
      plan_.job.statement_devices > 0 ? plan_.job.statement_devices : plan_.job.devices;
  for (int n = 2; n <= named; ++n) {
    devices.push_back(PutInto(client.device, {{"set", set},
                                              {"n", std::to_string(n)},
                                              {"n0", std::to_string(n - 1)},
                                              {"devices", std::to_string(plan_.job.devices)}}));
  }
  return StatementText(operation, values_.at("database"), devices, plan_.job.statement_options);
}

void JobRun::GiveStatement() {
  if (plan_.client.statement != ClientDescription::Statement::kJudge ||
      plan_.job.statement == "none") {
    statement_given_ = true;
    return;
  }
  const std::optional<std::string> text = StatementToGive();
  if (!text) return;
  statement_given_ = true;
  Note("the judge gives the statement " + *text);
  statement_ = StartStatement(plan_.tools, plan_.places, *text);
}

// Who gave the statement knows that it failed, and the client does not: a person cancels it then.
bool JobRun::StatementFailedUnheard() const {
  if (statement_ == nullptr || !statement_->ended() || statement_->status() == 0) return false;
  if (plan_.client.cancel == ClientDescription::Cancel::kNone) return false;
  const Clock::time_point quiet_since = std::max(alive_at_, statement_->ended_at());
  return SecondsBetween(quiet_since, Clock::now()) > Scaled(kUnheardSeconds);
}

void JobRun::Cancel() {
  cancelled_at_ = Clock::now();
  outcome_.evidence.job.cancelled = true;
  if (plan_.client.cancel == ClientDescription::Cancel::kStdin) {
    Note("the client is cancelled: its standard input ends");
    client_->EndInput();
  } else {
    Note(fmt::format("the client is cancelled: {}", SignalName(plan_.client.cancel_signal)));
    client_->Signal(plan_.client.cancel_signal);
  }
}

void JobRun::Strike() {
  const std::string& target = plan_.job.kill_target;
  AskedJob& asked = outcome_.evidence.job;
  if (target == "secondary") {
    const std::vector<pid_t> secondaries = signs_.Secondaries();
    if (secondaries.empty()) return;  // none has opened its device yet
    Note("a secondary process is killed");
    client_->SignalOne(secondaries.front(), SIGKILL);
  } else if (target.starts_with("pause:")) {
    Note("the client is stopped for a while");
    client_->Signal(SIGSTOP);
    go_on_at_ = Clock::now() + PauseOf(target.substr(6), signs_.server_timeout_ms());
    struck_ = true;
    asked.paused_ns = Ns(Clock::now());
    return;
  } else {
    Note("the client is killed");
    client_->Signal(SIGKILL);
    outcome_.evidence.end.killed_by_us = true;
  }
  struck_ = true;
  asked.killed = target;
  asked.killed_ns = Ns(Clock::now());
}

bool JobRun::IsSilentTooLong() const {
  const Clock::time_point now = Clock::now();
  if (go_on_at_) return false;
  if (cancelled_at_) {
    const double limit = plan_.client.cancel_limit_s + Scaled(kSilenceSeconds / 5);
    return SecondsBetween(*cancelled_at_, now) > limit;
  }
  const double limit = Scaled(kSilenceSeconds) + plan_.client.idle_limit_s;
  if (SecondsBetween(began_, now) > Scaled(kJobSecondsMax) + plan_.client.idle_limit_s) return true;
  if (SecondsBetween(alive_at_, now) > kChatterFactor * limit) return true;
  return SecondsBetween(std::max(alive_at_, chattered_at_), now) > limit;
}

void JobRun::EndHang() {
  ClientHang& hang = outcome_.evidence.hang;
  const Clock::time_point now = Clock::now();
  hang.hung = true;
  hang.silent_seconds = SecondsBetween(alive_at_, now);
  hang.doing = signs_.Doing(Ns(now));
  // What burns or waits is told of the client itself, not of the sqlcmd that it started.
  std::vector<pid_t> pids = {client_->pid()};
  for (const pid_t pid : signs_.callers()) {
    if (pid != client_->pid()) pids.push_back(pid);
  }
  pids.resize(std::min(pids.size(), kStackProcessesMax));
  for (const pid_t pid : pids) {
    const std::string stacks = StacksOf(pid, plan_.tools.keeper.string(), kStackPatience);
    if (!stacks.empty()) hang.stack += fmt::format("process {}:\n{}", pid, stacks);
  }
  Note("the client hangs, and is killed");
  outcome_.evidence.end.killed_by_us = true;
  client_->Signal(SIGKILL);
  client_->AwaitEnd(Patience(kSettleSeconds));
}

void JobRun::AwaitStatements() {
  alive_at_ = Clock::now();
  const auto silent = [&] {
    return SecondsBetween(alive_at_, Clock::now()) > Scaled(kSilenceSeconds);
  };
  while (!server_->ended() && !silent()) {
    ReadSigns();
    const bool by_us = statement_ != nullptr && !statement_->ended();
    if (signs_.RunningStatements() == 0 && !by_us) return;
    Wait();
  }
}

void JobRun::StopServer() {
  AwaitStatements();
  if (statement_ != nullptr) {
    if (!statement_->ended()) statement_->Signal(SIGINT);
    (void)statement_->AwaitEnd(Patience(kSettleSeconds));
  }
  server_->Serve();
  const bool by_itself = server_->ended();
  const bool by_plan = plan_.job.faults.find("<kill") != std::string::npos;
  if (by_itself && !(by_plan && server_->signal() == SIGKILL)) {
    outcome_.trouble = fmt::format(
        "the server ended by itself ({} {}): {}", server_->signal() != 0 ? "signal" : "status",
        server_->signal() != 0 ? server_->signal() : server_->status(), server_->ErrorOutput());
  }
  server_->Signal(SIGTERM);
  (void)server_->AwaitEnd(Patience(kSettleSeconds));
  (void)server_->Settle(milliseconds(0));
}

void JobRun::Finish() {
  Evidence& evidence = outcome_.evidence;
  if (client_ == nullptr) return;
  ReadSigns();
  const Clock::time_point ended = client_->ended() ? client_->ended_at() : Clock::now();
  evidence.end.exited = client_->ended() && client_->signal() == 0;
  evidence.end.signalled = client_->signal() != 0;
  evidence.end.status = client_->status();
  evidence.end.signal = client_->signal();
  evidence.end.seconds = SecondsBetween(began_, ended);
  evidence.end.t = Ns(ended);
  outcome_.moments.push_back(
      {.t = Ns(ended),
       .text = evidence.end.signalled
                   ? fmt::format("the client was ended by signal {}", evidence.end.signal)
                   : fmt::format("the client exited with status {}", evidence.end.status)});
  if (cancelled_at_) evidence.cancel_seconds = SecondsBetween(*cancelled_at_, ended);
  // A stopped process cannot be waited for.
  if (go_on_at_) client_->Signal(SIGCONT);
  evidence.left_processes = client_->Settle(Patience(kSettleSeconds));
  trouble_.BringOut(client_->keeper(), plan_.places.media);
  StopServer();
  trouble_.Undo();
  evidence.end.output = client_->Output();
  evidence.end.error = client_->ErrorOutput();
  evidence.idle_cpu_share = evidence.hang.hung ? meter_->SilentShare() : meter_->IdleShare();
  evidence.threads = meter_->threads();
  evidence.peak_memory_kib = meter_->peak_memory_kib();
  evidence.after = FilesIn(plan_.places.media);
  ReadSigns();
  // The system shows a command after its program may have wiped a password from it; the witness saw
  // it before.
  evidence.command_lines = meter_->command_lines();
  for (const std::string& command : signs_.CommandsBeside(client_->pid())) {
    evidence.command_lines.push_back(command);
  }
  ReadLeftFiles(plan_, &evidence);
  outcome_.create_called = signs_.create_called();
  std::set<std::string> libraries = meter_->libraries();
  libraries.insert(signs_.libraries().begin(), signs_.libraries().end());
  outcome_.libraries.assign(libraries.begin(), libraries.end());
  for (LeftSet& set : DeadSets(plan_.tools)) {
    if (!signs_.callers().contains(set.pid)) continue;
    evidence.left_objects.push_back(set.name);
    outcome_.left.push_back(std::move(set));
  }
}

}  // namespace

JobOutcome RunJob(const JobPlan& plan) { return JobRun(plan).Run(); }

std::string DatabaseOf(const ClientScenario& scenario, int copy) {
  return copy <= 1 ? scenario.database : scenario.database + std::to_string(copy);
}

std::vector<fs::path> ArtefactFiles(const ClientDescription& client, const CopyPlaces& places,
                                    const std::string& database, int devices) {
  std::vector<fs::path> files;
  for (int n = 1; n <= devices; ++n) {
    files.emplace_back(
        PutInto(client.artefact_file, {{"artefact", (places.media / "artefact.bak").string()},
                                       {"artefact_dir", places.media.string()},
                                       {"database", database},
                                       {"n", std::to_string(n)},
                                       {"n0", std::to_string(n - 1)},
                                       {"devices", std::to_string(devices)}}));
  }
  return files;
}

}  // namespace conform
