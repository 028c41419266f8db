#include "conformance/client/client_job.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <memory>
#include <optional>

#include "conformance/client/artefact_files.h"
#include "conformance/client/growing_file.h"
#include "conformance/client/idle_meter.h"
#include "conformance/client/job_blows.h"
#include "conformance/client/job_evidence.h"
#include "conformance/client/job_silence.h"
#include "conformance/client/job_start.h"
#include "conformance/client/job_trouble.h"
#include "conformance/client/judge_statement.h"
#include "conformance/client/kept_process.h"
#include "conformance/client/live_signs.h"

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
// After so long a person looks at a client that should have ended.
constexpr double kUnheardSeconds = 2;

int64_t Ns(Clock::time_point moment) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(moment.time_since_epoch()).count();
}

class JobRun {
 public:
  explicit JobRun(const JobPlan& plan)
      : plan_(plan),
        trace_(plan.files.trace()),
        journal_(plan.files.journal()),
        witness_(plan.files.witness()),
        statement_(plan),
        silence_(Scaled(kSilenceSeconds) + plan.client.idle_limit_s,
                 Scaled(kJobSecondsMax) + plan.client.idle_limit_s) {}

  JobOutcome Run();

 private:
  bool Prepare();
  void StartClient();
  void Follow();
  void Wait();
  void ReadSigns();
  void React();
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
  std::unique_ptr<IdleMeter> meter_;
  std::unique_ptr<JobBlows> blows_;
  JudgeStatement statement_;
  JobSilence silence_;
  JobTrouble trouble_;
  Clock::time_point began_;
  Clock::time_point looked_at_;
  bool vanished_ = false;
};

JobOutcome JobRun::Run() {
  try {
    if (!Prepare()) return std::move(outcome_);
    StartClient();
    if (client_ != nullptr) Follow();
    Finish();
  } catch (const std::runtime_error& error) {  // of the server, a program of ours, the system
    outcome_.trouble = error.what();
  } catch (const std::invalid_argument& error) {
    outcome_.trouble = error.what();
  }
  return std::move(outcome_);
}

bool JobRun::Prepare() {
  const ClientJob& job = plan_.job;
  const std::string database = DatabaseOf(plan_.scenario, plan_.copy);
  values_ = ValuesOf(plan_);
  TellAsked(plan_, values_, &outcome_.evidence);
  outcome_.words = CommandOf(plan_, values_);
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
  KeptSettings settings = StartSettings(plan_, outcome_.words, values_);
  trouble_.Apply(&settings);
  if (plan_.copies != nullptr) plan_.copies->arrive_and_wait();
  began_ = looked_at_ = Clock::now();
  silence_.Begin(began_);
  try {
    client_ = std::make_unique<KeptProcess>(plan_.tools.keeper, settings);
  } catch (const NotStarted& error) {
    trouble_.Undo();
    outcome_.trouble = fmt::format("the client could not be started: {}", error.what());
    return;
  }
  outcome_.evidence.end.started = true;
  meter_ = std::make_unique<IdleMeter>(client_->keeper(), client_->pid());
  blows_ = std::make_unique<JobBlows>(plan_, client_.get(), &outcome_.evidence,
                                      [this](const std::string& text) { Note(text); });
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
  statement_.Watch(&ready);
  ready.push_back({.fd = folder_->descriptor(), .events = POLLIN, .revents = 0});
  poll(ready.data(), ready.size(), static_cast<int>(kTick.count()));
  folder_->Clear();
  client_->Serve();
  server_->Serve();
  statement_.Serve();
}

void JobRun::ReadSigns() {
  bool alive = false;
  for (const std::string& line : trace_.Take()) alive |= signs_.TakeTrace(line);
  for (const std::string& line : journal_.Take()) alive |= signs_.TakeJournal(line);
  for (const std::string& line : witness_.Take()) alive |= signs_.TakeWitness(line);
  const Clock::time_point now = Clock::now();
  silence_.HearPrinted(client_->bytes_printed(), now);
  if (alive) silence_.HearLife(now);
  if (client_->ended() || now - looked_at_ < kTick / 2) return;
  // Quiet is what comes after a whole tick without a sign; whoever makes no call at all then has
  // something else to do.
  const bool waiting = signs_.TakeWaiting();
  const Clock::time_point alive_at = silence_.alive_at();
  meter_->Look(now, now - alive_at > kTick && alive_at <= looked_at_, waiting);
  looked_at_ = now;
}

void JobRun::React() {
  if (blows_->GoOnIfDue()) silence_.HearLife(Clock::now());
  if (client_->ended()) return;
  if (const auto text = statement_.Due(*client_, signs_)) {
    Note("the judge gives the statement " + *text);
    statement_.Give(*text);
  }
  if (!vanished_ && trouble_.Vanishes() && signs_.Reached(trouble_.point)) {
    vanished_ = true;
    std::error_code ignored;
    fs::remove_all(plan_.places.media, ignored);
    Note("the directory of the artefact disappeared");
  }
  blows_->DealDue(signs_);
  const bool can_cancel = plan_.client.cancel != ClientDescription::Cancel::kNone;
  if (can_cancel && statement_.FailedUnheard(silence_.alive_at(), Patience(kUnheardSeconds))) {
    blows_->Cancel();
  }
}

bool JobRun::IsSilentTooLong() const {
  if (blows_->is_stopped()) return false;
  return blows_->cancelled_at() ? blows_->IsCancelOverdue() : silence_.IsTooLong(Clock::now());
}

void JobRun::EndHang() {
  outcome_.evidence.hang =
      HangOf(*client_, signs_, silence_.Seconds(Clock::now()), plan_.tools.keeper);
  if (const std::string awaited = statement_.Awaits(signs_); !awaited.empty()) {
    outcome_.evidence.hang.doing += "\nThe judge gave no statement; it waited for " + awaited;
  }
  Note("the client hangs, and is killed");
  outcome_.evidence.end.killed_by_us = true;
  client_->Signal(SIGKILL);
  client_->AwaitEnd(Patience(kSettleSeconds));
}

void JobRun::AwaitStatements() {
  silence_.HearLife(Clock::now());
  const auto silent = [&] { return silence_.Seconds(Clock::now()) > Scaled(kSilenceSeconds); };
  while (!server_->ended() && !silent()) {
    ReadSigns();
    if (signs_.RunningStatements() == 0 && !statement_.Running()) return;
    Wait();
  }
}

void JobRun::StopServer() {
  AwaitStatements();
  statement_.End(Patience(kSettleSeconds));
  server_->Serve();
  const bool by_plan = plan_.job.faults.find("<kill") != std::string::npos;
  if (server_->ended() && !(by_plan && server_->signal() == SIGKILL)) {
    outcome_.trouble = EndOfServer(*server_);
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
  TellEnd(*client_, began_, ended, &evidence.end);
  outcome_.moments.push_back(
      {.t = Ns(ended),
       .text = evidence.end.signalled
                   ? fmt::format("the client was ended by signal {}", evidence.end.signal)
                   : fmt::format("the client exited with status {}", evidence.end.status)});
  if (const auto& cancelled_at = blows_->cancelled_at()) {
    evidence.cancel_seconds = std::chrono::duration<double>(ended - *cancelled_at).count();
  }
  blows_->Resume();
  evidence.left_processes = client_->Settle(Patience(kSettleSeconds));
  trouble_.BringOut(client_->keeper(), plan_.places.media);
  StopServer();
  trouble_.Undo();
  evidence.after = FilesIn(plan_.places.media);
  ReadSigns();
  TellProcesses(*client_, outcome_.words, *meter_, signs_, &evidence);
  ReadLeftFiles(plan_, &evidence);
  outcome_.create_called = signs_.create_called();
  std::set<std::string> libraries = meter_->libraries();
  libraries.insert(signs_.libraries().begin(), signs_.libraries().end());
  outcome_.libraries.assign(libraries.begin(), libraries.end());
  outcome_.left = DeadSetsOf(plan_.tools, signs_.callers());
  for (const LeftSet& set : outcome_.left) evidence.left_objects.push_back(set.name);
}

}  // namespace

JobOutcome RunJob(const JobPlan& plan) { return JobRun(plan).Run(); }

}  // namespace conform
