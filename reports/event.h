// Events: what happened in a run, one after the other, as the lines of events.jsonl. They are the
// one source of every report: a Run is nothing but its events applied in order.
#ifndef REPORTS_EVENT_H_
#define REPORTS_EVENT_H_

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "reports/report_model.h"

namespace reports {

struct RunStarted {
  std::string name;
  Properties properties;
  std::string seed;
  std::string command;
  std::string started;  // see UtcNow()
  std::string hostname;
  Shard shard{};

  friend bool operator==(const RunStarted&, const RunStarted&) = default;
};

// One for every case that will run, before the first of them does.
struct CaseSelected {
  std::string id;
  std::string title;
  std::string group;
  std::string file;
  int line = 0;

  friend bool operator==(const CaseSelected&, const CaseSelected&) = default;
};

struct CheckMade {
  std::string case_id;
  Check check;

  friend bool operator==(const CheckMade&, const CheckMade&) = default;
};

struct FindingMade {
  std::string case_id;
  Finding finding;

  friend bool operator==(const FindingMade&, const FindingMade&) = default;
};

struct OutputSeen {
  std::string case_id;
  bool is_error = false;  // standard error
  std::string text;       // added to what came before

  friend bool operator==(const OutputSeen&, const OutputSeen&) = default;
};

struct FileAttached {
  std::string case_id;
  std::string path;

  friend bool operator==(const FileAttached&, const FileAttached&) = default;
};

struct CaseEnded {
  std::string case_id;
  Outcome outcome = Outcome::kNotFinished;
  Problem problem = Problem::kNone;  // needed for kError; otherwise follows from the findings
  std::string reason;
  double seconds = 0;
  Properties properties;
  std::string reproduce;

  friend bool operator==(const CaseEnded&, const CaseEnded&) = default;
};

struct RunEnded {
  bool interrupted = false;
  double seconds = 0;

  friend bool operator==(const RunEnded&, const RunEnded&) = default;
};

using Event = std::variant<RunStarted, CaseSelected, CheckMade, FindingMade, OutputSeen,
                           FileAttached, CaseEnded, RunEnded>;

// Adds one event to a run. Throws std::invalid_argument and changes nothing when the event cannot
// follow: an unknown or ended case, an id selected twice or with
// blanks, a second start, a duration that is none.
void Apply(Run& run, const Event& event);

// The run that these events tell.
Run BuildRun(std::span<const Event> events);

// One event as one line of JSON without its line end, and back. Broken UTF-8 is replaced. Parsing
// throws std::invalid_argument that says what is wrong.
std::string ToJsonLine(const Event& event);
Event FromJsonLine(std::string_view line);

// The events of a log's text. A last line that its writer did not finish is left out; any other
// line that cannot be read throws std::invalid_argument with its number.
std::vector<Event> ParseEvents(std::string_view text);

// Now, in UTC and without zone: "2026-09-01T10:11:12".
std::string UtcNow();

}  // namespace reports

#endif  // REPORTS_EVENT_H_
