// vdi-client-kill-matrix: runs every client program with a bug over the scenarios of its entry in
// client_bugs.xml, or over all, and writes as Markdown which scenario catches which, and by what
// check; and, for runs with a budget, what each case takes and catches.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <mutex>
#include <optional>
#include <set>

#include "conformance/cli/client_bug_catalogue.h"
#include "conformance/cli/client_matrix.h"
#include "conformance/cli/client_measurements.h"
#include "conformance/client_suite/budget.h"

namespace {

using Clock = std::chrono::steady_clock;
using conform::ClientBug;
using conform::ClientStyle;
using conform::MutantVerdict;

struct Options {
  bool everything = false;
  int programs = 5;  // at once
  int jobs = 0;      // cases of each at once; 0: what suits
  std::string yields;
  std::string matrix;
  std::vector<std::string> only;  // bugs; empty: all
};

// The machine mostly waits for programs that hang; they are given less time than a judge gives them
// who has one program to look at.
constexpr const char* kShortLimits = " --timeout-scale 0.3";

// One run of vdi-conform.
struct Task {
  std::string name;           // of the program, for the file of measurements
  std::string options;        // its command
  std::string usual_options;  // the same with the limits that a vendor has
  std::string selectors;
  const ClientBug* bug = nullptr;  // nullptr: a correct style
};

std::string Selectors(const ClientBug& bug) {
  std::string text;
  for (const std::vector<std::string>& list : {bug.scenarios, bug.also}) {
    for (const std::string& one : list) text += " '" + one + "'";
  }
  return text;
}

bool Write(const std::string& file, const std::string& text) {
  std::filesystem::create_directories(std::filesystem::absolute(file).parent_path());
  std::ofstream out(file);
  out << text;
  if (out.flush()) return true;
  std::cerr << "vdi-client-kill-matrix: cannot write " << file << "\n";
  return false;
}

// Puts what a second run of some cases gave in the place of what the first did.
void Replace(const MutantVerdict& again, MutantVerdict* verdict) {
  for (const auto& [one, seconds] : again.seconds) {
    verdict->failed.erase(one);
    verdict->warned.erase(one);
  }
  for (const auto& [one, checks] : again.failed) verdict->failed[one] = checks;
  for (const auto& [one, checks] : again.warned) verdict->warned[one] = checks;
}

// The cases that were not judged for trouble of the judge's own, as selectors.
std::string Troubled(const MutantVerdict& verdict) {
  std::string selectors;
  for (const auto& [one, checks] : verdict.failed) {
    const bool is_ours = std::any_of(checks.begin(), checks.end(), [](const auto& check) {
      return check.rfind("harness/", 0) == 0;
    });
    if (is_ours) selectors += " '" + one + "'";
  }
  return selectors;
}

// A judge that finds a program hanging asks gdb where, which takes longer than the whole case; this
// measurement does not read the answer. Without gdb the judge asks the kernel.
class WithoutDebugger {
 public:
  WithoutDebugger() {
    std::filesystem::create_directories(folder_);
    std::filesystem::create_symlink("/bin/false", folder_ / "gdb");
    const char* const path = std::getenv("PATH");
    setenv("PATH", (folder_.string() + ":" + (path == nullptr ? "/usr/bin:/bin" : path)).c_str(),
           1);
  }
  ~WithoutDebugger() {
    std::error_code none;
    std::filesystem::remove_all(folder_, none);
  }
  WithoutDebugger(const WithoutDebugger&) = delete;
  WithoutDebugger& operator=(const WithoutDebugger&) = delete;

 private:
  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("vdi-kill-matrix-" + std::to_string(getpid()));
};

class KillMatrix {
 public:
  KillMatrix(Options options, conform::ClientMatrix matrix)
      : options_(std::move(options)),
        matrix_(std::move(matrix)),
        kept_(options_.matrix + ".measured", conform::BuildStamp({JUDGED_PROGRAMS})) {}

  // The exit status.
  int Run();

 private:
  std::vector<Task> Tasks() const;
  bool Measure(const Task& task);
  MutantVerdict Judge(const Task& task) const;
  void TryAgain(const std::vector<Task>& tasks);
  void Take(const Task& task, const MutantVerdict& verdict, bool is_new);
  bool MeasureTimes(conform::Yields* yields);
  conform::Yields WithBugs(conform::Yields yields) const;

  const Options options_;
  conform::ClientMatrix matrix_;
  conform::Measurements kept_;
  std::mutex mutex_;  // matrix_, the output, and what follows
  Clock::time_point began_ = Clock::now();
  std::size_t all_ = 0;
  std::size_t known_ = 0;  // of an earlier run
  std::size_t done_ = 0;
  bool has_trouble_ = false;
};

std::vector<Task> KillMatrix::Tasks() const {
  const std::string limits = options_.everything ? kShortLimits : "";
  std::vector<Task> tasks;
  if (options_.everything && options_.only.empty()) {
    for (const ClientStyle& style : conform::ClientStyles()) {
      const std::string usual = conform::RunOptionsOfStyle(style.options);
      tasks.push_back({"correct: " + style.name, usual + limits, usual, "", nullptr});
    }
  }
  for (const ClientBug& bug : matrix_.bugs) {
    const std::string usual = conform::RunOptionsOfBug(bug);
    tasks.push_back(
        {bug.name, usual + limits, usual, options_.everything ? "" : Selectors(bug), &bug});
  }
  return tasks;
}

// What went wrong on a crowded machine is run again with the limits that a vendor has.
MutantVerdict KillMatrix::Judge(const Task& task) const {
  const int jobs = options_.jobs > 0 ? options_.jobs : options_.everything ? 3 : 2;
  MutantVerdict verdict = conform::JudgeMutant(task.options, task.selectors, jobs);
  if (const std::string troubled = Troubled(verdict); !troubled.empty()) {
    const MutantVerdict again = conform::JudgeMutant(task.usual_options, troubled, 1);
    Replace(again, &verdict);
    if (Troubled(verdict).empty()) verdict.status = std::min(again.status, 1);
  }
  return verdict;
}

// A crowded machine and short limits may have hidden what an entry promises. At the end there is
// nothing beside it.
void KillMatrix::TryAgain(const std::vector<Task>& tasks) {
  for (const Task& task : tasks) {
    const auto found =
        task.bug == nullptr ? matrix_.verdicts.end() : matrix_.verdicts.find(task.name);
    if (found == matrix_.verdicts.end() || conform::IsCaught(*task.bug, found->second)) continue;
    Replace(conform::JudgeMutant(task.usual_options, Selectors(*task.bug), 1), &found->second);
    std::cout << task.name << " alone: "
              << (conform::IsCaught(*task.bug, found->second) ? "caught" : "not caught")
              << std::endl;
    kept_.Add(task.name, task.options + " " + task.selectors, found->second);
  }
}

void KillMatrix::Take(const Task& task, const MutantVerdict& verdict, bool is_new) {
  const std::lock_guard lock(mutex_);
  if (task.bug != nullptr) {
    matrix_.verdicts[task.name] = verdict;
  } else {
    matrix_.correct[task.name.substr(task.name.find(' ') + 1)] = verdict;
  }
  ++done_;
  if (!is_new) {
    ++known_;
    return;
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - began_).count();
  const bool is_bug = task.bug != nullptr;
  std::cout << "[" << done_ << "/" << all_ << "] " << task.name << ": "
            << conform::CatchesOf(matrix_, verdict).size() << " scenarios "
            << (is_bug ? "catch it" : "found something") << ", " << verdict.seconds.size()
            << " cases; about " << conform::TimeLeft(seconds, done_ - known_, all_ - known_)
            << " left" << std::endl;
  if (is_bug && !conform::IsCaught(*task.bug, verdict)) {
    std::cout << "    " << task.bug->check << " did not catch it" << std::endl;
  }
  // A page that is there when somebody interrupts.
  Write(options_.matrix, conform::WriteMatrix(matrix_));
}

// Whether to go on.
bool KillMatrix::Measure(const Task& task) {
  const std::string command = task.options + " " + task.selectors;
  if (const MutantVerdict* known = kept_.Find(task.name, command)) {
    Take(task, *known, false);
    return true;
  }
  const MutantVerdict verdict = Judge(task);
  constexpr int kInterrupted = 130;
  if (verdict.status == 0 || verdict.status == 1) {
    kept_.Add(task.name, command, verdict);
    Take(task, verdict, true);
    return true;
  }
  const std::lock_guard lock(mutex_);
  has_trouble_ = true;
  std::cerr << task.name << ": vdi-conform ended with status " << verdict.status
            << ", which measures nothing\n";
  return verdict.status != kInterrupted && verdict.status != -1;
}

// What the correct styles take for each case, with nothing beside them: the first that can run a
// case. A case that no style can has no entry. Returns whether all went well.
bool KillMatrix::MeasureTimes(conform::Yields* yields) {
  std::set<std::string> left;
  for (const ClientStyle& style : conform::ClientStyles()) {
    const std::string name = "time: " + style.name;
    const std::string command = conform::RunOptionsOfStyle(style.options);
    std::string selectors;
    for (const std::string& one : left) selectors += " '" + one + "'";
    const bool is_first = &style == &conform::ClientStyles().front();
    if (!is_first && left.empty()) break;
    const MutantVerdict* known = kept_.Find(name, command + selectors);
    MutantVerdict verdict = known ? *known : conform::JudgeMutant(command, selectors);
    if (verdict.status != 0 && verdict.status != 1 && verdict.seconds.empty() &&
        verdict.skipped.empty()) {
      std::cerr << name << ": vdi-conform ended with status " << verdict.status << "\n";
      return false;
    }
    if (!known) {
      kept_.Add(name, command + selectors, verdict);
      std::cout << name << ": " << verdict.seconds.size() << " cases" << std::endl;
    }
    for (const auto& [one, seconds] : verdict.seconds) {
      yields->try_emplace(one, conform::CaseYield{seconds, {}});
      left.erase(one);
    }
    if (is_first) left = verdict.skipped;
  }
  return true;
}

conform::Yields KillMatrix::WithBugs(conform::Yields yields) const {
  for (const auto& [bug, verdict] : matrix_.verdicts) {
    for (const auto* findings : {&verdict.failed, &verdict.warned}) {
      for (const auto& [one, checks] : *findings) {
        const bool caught = std::any_of(checks.begin(), checks.end(), [](const auto& check) {
          return check.rfind("program/", 0) == 0;
        });
        if (caught && yields.count(one) > 0) yields[one].bugs.insert(bug);
      }
    }
  }
  return yields;
}

int KillMatrix::Run() {
  conform::Yields yields;
  if (!options_.yields.empty() && !MeasureTimes(&yields)) return 3;
  const std::optional<WithoutDebugger> quickly =
      options_.everything ? std::optional<WithoutDebugger>(std::in_place) : std::nullopt;
  const std::vector<Task> tasks = Tasks();
  all_ = tasks.size();
  began_ = Clock::now();
  const auto known = std::count_if(tasks.begin(), tasks.end(), [&](const Task& task) {
    return kept_.Find(task.name, task.options + " " + task.selectors) != nullptr;
  });
  if (known > 0) {
    std::cout << known << " of " << all_ << " are known from an earlier run" << std::endl;
  }
  conform::RunAtOnce(tasks.size(), options_.programs,
                     [&](std::size_t n) { return Measure(tasks[n]); });
  if (done_ == all_) TryAgain(tasks);
  if (!Write(options_.matrix, conform::WriteMatrix(matrix_))) return 3;
  const auto caught =
      std::count_if(matrix_.bugs.begin(), matrix_.bugs.end(), [&](const ClientBug& bug) {
        const auto found = matrix_.verdicts.find(bug.name);
        return found != matrix_.verdicts.end() && conform::IsCaught(bug, found->second);
      });
  const bool is_clean = std::all_of(
      matrix_.correct.begin(), matrix_.correct.end(),
      [](const auto& one) { return one.second.failed.empty() && one.second.warned.empty(); });
  std::cout << options_.matrix << ": " << caught << " of " << matrix_.bugs.size()
            << " caught by the check of their entry"
            << (is_clean ? "" : "; a correct program was found fault with") << "\n";
  if (has_trouble_ || done_ != all_) {
    std::cerr << "Not everything was measured; the same command goes on where it stopped.\n";
    return 3;
  }
  if (!options_.yields.empty() && !Write(options_.yields, WriteYields(WithBugs(yields)))) return 3;
  return is_clean && static_cast<std::size_t>(caught) == matrix_.bugs.size() ? 0 : 1;
}

int Main(int argc, char** argv) {
  Options options;
  CLI::App app(
      "Runs every client program of client_bugs.xml and writes the kill matrix, as Markdown.",
      "vdi-client-kill-matrix");
  app.add_flag("--all", options.everything,
               "Run each over every scenario, not only those of its entry, and the correct ones "
               "beside them");
  CLI::Option* const yields =
      app.add_option("--yields", options.yields,
                     "Measure what each case takes, too, and write it here with what it catches "
                     "(conformance/client_suite/yields.xml)");
  app.add_option("--programs", options.programs, "Programs at once [5]")->check(CLI::Range(1, 64));
  app.add_option("--jobs", options.jobs, "Cases of each program at once [3 with --all, else 2]")
      ->check(CLI::Range(1, 64));
  app.add_option("--only", options.only, "These programs alone")->delimiter(',')->excludes(yields);
  app.add_option("MATRIX", options.matrix, "The file to write; MATRIX.measured keeps what is known")
      ->required();
  app.footer(
      "A run that was interrupted goes on where it stopped, as long as nothing was built anew;\n"
      "MATRIX is written after each program. Exit status: 0 all are caught, 1 one is not, or a\n"
      "correct program was found fault with, 2 usage, 3 trouble of ours.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  conform::ClientMatrix matrix;
  matrix.everything = options.everything;
  matrix.bugs = conform::ReadClientBugs(CLIENT_BUGS_XML);
  matrix.scenarios = conform::ReadClientScenarios(CLIENT_SCENARIOS);
  for (const std::string& name : options.only) {
    if (std::none_of(matrix.bugs.begin(), matrix.bugs.end(),
                     [&](const ClientBug& bug) { return bug.name == name; })) {
      std::cerr << "vdi-client-kill-matrix: no bug is named " << name << "\n";
      return 2;
    }
  }
  if (!options.only.empty()) {
    matrix.bugs.erase(std::remove_if(matrix.bugs.begin(), matrix.bugs.end(),
                                     [&](const ClientBug& bug) {
                                       return std::count(options.only.begin(), options.only.end(),
                                                         bug.name) == 0;
                                     }),
                      matrix.bugs.end());
  }
  std::filesystem::create_directories(std::filesystem::absolute(options.matrix).parent_path());
  return KillMatrix(std::move(options), std::move(matrix)).Run();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return Main(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "vdi-client-kill-matrix: " << error.what() << "\n";
    return 3;
  }
}
