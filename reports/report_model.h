// The report model: what a run of checks found out, as plain data. It knows nothing of what was
// checked; whoever runs the checks fills it, through the events of reports/event.h, and every
// report is written from it by a pure function, so that no two reports can disagree.
//
// Texts may be anything a process printed: the writers replace what a format cannot carry.
#ifndef REPORTS_REPORT_MODEL_H_
#define REPORTS_REPORT_MODEL_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace reports {

enum class Outcome {
  kNotFinished,     // selected, and the run ended before it did
  kPass,            // every check held
  kFail,            // the subject is wrong
  kError,           // the subject crashed or hung, or we had trouble of our own: see the problem
  kSkip,            // a capability that the subject does not declare; `reason` names it
  kWaived,          // failed as a waiver foresees; `reason` gives its bug's address
  kUnexpectedPass,  // passed although a waiver foresees a failure: the waiver is stale
  kNotModelled,     // the case led where the simulator has no answer; never a verdict
};

inline constexpr Outcome kOutcomes[] = {
    Outcome::kNotFinished, Outcome::kPass,   Outcome::kFail,           Outcome::kError,
    Outcome::kSkip,        Outcome::kWaived, Outcome::kUnexpectedPass, Outcome::kNotModelled};

// The kind of trouble. The list is closed, because dashboards group by it.
enum class Problem {
  kNone,
  // Failures: the subject is wrong.
  kReturnCodeMismatch,
  kProtocolViolation,
  kDataCorruption,
  kBufferOwnership,
  kLeakedHandle,
  kUnexpectedPass,
  // Errors: there is no verdict.
  kClientCrash,
  kClientTimeout,
  kHarnessError,
  kNotModelled,
  kNotFinished,
};

inline constexpr Problem kProblems[] = {
    Problem::kNone,           Problem::kReturnCodeMismatch, Problem::kProtocolViolation,
    Problem::kDataCorruption, Problem::kBufferOwnership,    Problem::kLeakedHandle,
    Problem::kUnexpectedPass, Problem::kClientCrash,        Problem::kClientTimeout,
    Problem::kHarnessError,   Problem::kNotModelled,        Problem::kNotFinished};

// Name and back: "Pass", "NotModelled", "ReturnCodeMismatch". Parsing an unknown name throws
// std::invalid_argument.
std::string_view Name(Outcome outcome);
std::string_view Name(Problem problem);
Outcome ParseOutcome(std::string_view name);
Problem ParseProblem(std::string_view name);

// Ordered, as they are printed; a key may appear once.
using Properties = std::vector<std::pair<std::string, std::string>>;

enum class CheckResult { kHeld, kWarned, kFailed };

// One thing that was looked at. A check that did not hold is explained by a Finding of its id.
struct Check {
  std::string id;      // stable: "map.foreign_handle.code"
  std::string clause;  // the requirement it stands for: "C-MAP-03"; may be empty
  CheckResult result = CheckResult::kHeld;

  friend bool operator==(const Check&, const Check&) = default;
};

// Why a check did not hold, complete enough that a reader who doubts it can look it up.
struct Finding {
  std::string check_id;
  std::string clause;       // "C-MAP-03"
  std::string requirement;  // the clause's text
  std::string source;       // where it is documented, and how well: "HB-1sdh, documented"
  std::string expected;
  std::string actual;
  std::string detail;  // several lines: values, the call's place in the trace, the first cause
  Problem problem = Problem::kNone;
  bool warning = false;  // does not fail the case: what it rests on is not documented

  friend bool operator==(const Finding&, const Finding&) = default;
};

struct Case {
  std::string id;     // stable and unique in the run; printable ASCII without blanks
  std::string title;  // a sentence without anything that changes between runs
  std::string group;  // dotted: "vdi.map_buffer_handle"
  std::string file;   // where the case is written down; may be empty
  int line = 0;       // 1 is the first; 0 is unknown
  Outcome outcome = Outcome::kNotFinished;
  Problem problem = Problem::kNotFinished;  // kNone when it passed, was skipped or waived
  std::string reason;                       // one line for every outcome but kPass
  double seconds = 0;
  std::vector<Check> checks;
  std::vector<Finding> findings;
  std::string output;                    // what the processes of the case printed
  std::string error_output;              // and on standard error
  std::vector<std::string> attachments;  // files, relative to the report's directory
  Properties properties;
  std::string reproduce;  // one command that repeats the case
  // Of a case that was read from a report which tells only so much: the story as it was told there,
  // shown in the place of the findings, and how many checks and warnings there were besides those
  // above.
  std::string story;
  int unlisted_checks = 0;
  int unlisted_warnings = 0;

  int checks_made() const { return static_cast<int>(checks.size()) + unlisted_checks; }
  int warnings() const;

  friend bool operator==(const Case&, const Case&) = default;
};

// Which part of a selection a run takes. A run that takes all of it is shard 1 of 1.
struct Shard {
  int index = 1;     // counts from 1
  int count = 1;     // of how many
  int selected = 0;  // cases of the whole selection; 0 is unknown

  friend bool operator==(const Shard&, const Shard&) = default;
};

struct Run {
  std::string name;       // "vdi-conform"
  Properties properties;  // versions, subject, profile
  std::string seed;       // as it is given on the command line
  std::string command;    // the whole command that repeats the run
  std::string started;    // UTC, ISO 8601, without zone: "2026-09-01T10:11:12"
  std::string hostname;
  Shard shard{};
  bool finished = false;     // the run came to its own end
  bool interrupted = false;  // a signal ended it
  double seconds = 0;        // wall clock; 0 until finished
  std::vector<Case> cases;   // in the order of selection

  friend bool operator==(const Run&, const Run&) = default;
};

// How many cases had each outcome. No two are ever added together for a person to read.
struct Counts {
  int not_finished = 0;
  int pass = 0;
  int fail = 0;
  int error = 0;
  int skip = 0;
  int waived = 0;
  int unexpected_pass = 0;
  int not_modelled = 0;
  int checks = 0;    // executed, in all cases
  int warnings = 0;  // findings that do not fail

  int cases() const;
  int Of(Outcome outcome) const;
  void Add(const Case& one);

  // JUnit knows only three ways not to pass.
  int junit_failures() const { return fail + unexpected_pass; }
  int junit_errors() const { return error + not_finished + not_modelled; }
  int junit_skipped() const { return skip + waived; }

  friend bool operator==(const Counts&, const Counts&) = default;
};

// A group of a run with its cases; the pointers live as long as the run.
struct Group {
  std::string name;
  std::vector<const Case*> cases;
  Counts counts;
  double seconds = 0;
};

Counts CountCases(const Run& run);

// Groups in the order in which they first appear.
std::vector<Group> GroupCases(const Run& run);

// The exit status of a run, never a raw count. Of several the first that applies:
//   130  interrupted
//     3  trouble of ours: a harness error, something not modelled, a case that did not finish
//     1  a failure, an unexpected pass, a crash or a hang of the subject
//     4  nothing was executed; but a shard that has no case, because the selection has fewer cases
//        than there are shards, is 0
//    77  everything was skipped
//     0  everything conforms, and at least one check was executed
int ExitCode(const Run& run);

}  // namespace reports

#endif  // REPORTS_REPORT_MODEL_H_
