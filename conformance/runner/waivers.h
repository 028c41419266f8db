// Waivers: failures that are known, with a reason and a day on which they end. A file of them is
//
//   <waivers>
//     <waiver pattern="handles.map.invalid-number.*.zero"
//     check="handles.map.invalid-number/refused"
//             actual="NOERROR" reason="zero is taken as no handle at all"
//             link="https://example.org/bugs/17" expires="2027-06-30" owner="storage"/>
//   </waivers>
//
// (waivers.xsd). A case is waived when each of its failing findings is foreseen by an entry.
// Nothing is green because an entry has rotted: a case that passes although its entry foresees a
// failure is an unexpected pass, and an entry that nothing needs, or whose day is over, fails the
// run.
#ifndef CONFORMANCE_RUNNER_WAIVERS_H_
#define CONFORMANCE_RUNNER_WAIVERS_H_

#include <string>
#include <string_view>
#include <vector>

#include "conformance/runner/case_record.h"
#include "conformance/scenario/loader.h"

namespace conform {

struct Waiver {
  Place place;
  std::string
      pattern;         // a glob of ids of cases, or the id of a scenario; with a / of ids of checks
  std::string face;    // "linux", "com", or empty for both
  std::string check;   // a glob of the id of the check that fails
  std::string actual;  // stands somewhere in what the finding says is actual
  std::string reason;
  std::string link;
  std::string expires;  // the last day on which it holds, "2027-06-30"
  std::string owner;    // may be empty

  // Whether the pattern is one of checks. Such an entry takes what it finds; an entry of cases
  // expects each of them to fail.
  bool OfChecks() const { return pattern.find('/') != std::string::npos; }
};

// Throws ScenarioError, which names file, line and what was expected.
std::vector<Waiver> ParseWaivers(const SourceText& source);

// Today in UTC, as "2026-12-31".
std::string Today();

// An entry that nothing needs, or that is over, as a case of its own.
struct StaleWaiver {
  std::string id;  // "waiver:handles.map.*", unique
  Place place;
  reports::Finding finding;
};

// A failure that no entry foresees.
struct NewFailure {
  std::string case_id;
  std::string check;
  std::string actual;
};

// What each entry met in a run. One thread at a time.
class WaiverBook {
 public:
  // An entry and the cases that it met.
  struct Use {
    Waiver waiver;
    int ran = 0;                       // cases that its pattern takes in and that had a verdict
    bool unclear = false;              // one of them had none, by trouble of ours
    std::vector<std::string> needed;   // cases with a finding that it foresees, even if it is over
    std::vector<std::string> passed;   // cases that passed although it foresees a failure of them
    std::vector<std::string> clauses;  // of the findings that it foresaw
  };

  WaiverBook(std::vector<Waiver> waivers, std::string today);

  // Entries of cases whose pattern is of no case of the suite at all.
  std::vector<Waiver> Unmatched(const Suite& suite) const;

  // Makes a waived case, or an unexpected pass, of what ended otherwise.
  void Judge(const Case& one, CaseResult* result);

  // Entries that fail the run. whole: every case of the suite was selected. Of a part of the suite
  // only those are judged that are of cases which ran.
  std::vector<StaleWaiver> Stale(bool whole) const;

  // What nobody would notice because of the waivers that were used; empty if none was.
  std::string Blind() const;

  const std::vector<Use>& uses() const { return uses_; }
  const std::vector<NewFailure>& new_failures() const { return new_failures_; }
  bool Over(const Waiver& waiver) const { return waiver.expires < today_; }
  // Whether this run can say that nothing needs the entry.
  bool Unneeded(const Use& use, bool whole) const;

 private:
  bool Foreseen(const Case& one, const reports::Finding& finding, std::vector<Use*>* by);
  void JudgePass(const Case& one, CaseResult* result);

  std::vector<Use> uses_;
  const std::string today_;
  std::vector<NewFailure> new_failures_;
};

// The text of a file of waivers as this run leaves it: entries that nothing needs are gone, entries
// of cases some of which pass are only of the others, and each new failure has an entry whose
// reason, link and day a person must fill in. Everything else stays byte for byte. An entry that is
// over and still needed stays, because only a person can decide about it.
std::string FixWaivers(const SourceText& source, const WaiverBook& book, bool whole);

}  // namespace conform

#endif  // CONFORMANCE_RUNNER_WAIVERS_H_
