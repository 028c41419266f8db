// The documented behaviour as data: clauses, return codes, transitions, and how we read what the
// documents leave open. The XML files beside this header are the single source; they are compiled
// into the library, so a program needs no file at run time. A Rules object is immutable once loaded
// and may be used from any thread; pointers into it live as long as it does.
#ifndef CONFORMANCE_RULES_RULES_H_
#define CONFORMANCE_RULES_RULES_H_

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace conform {

// How well a statement is founded.
enum class Provenance {
  kDocumented,   // stated by a document of the vendor
  kTableOnly,    // stated by a state-transition table and nowhere else
  kHeader,       // only in a header file
  kSample,       // only in sample code
  kObserved,     // seen in logs or reports, not specified
  kInferred,     // our deduction
  kRecommended,  // our proposal where the sources are silent or disagree
};

enum class Platform { kBoth, kWindows, kLinux };
enum class Side { kClient, kServer, kAny };

// Names as in the files and reports: "table-only", "both", "client".
std::string_view Name(Provenance provenance);
std::string_view Name(Platform platform);
std::string_view Name(Side side);

// Only what a document or its table states can fail a subject; everything else warns.
constexpr bool CanFail(Provenance provenance) {
  return provenance == Provenance::kDocumented || provenance == Provenance::kTableOnly;
}

// Whether a rule for `rule` says anything about `actual`.
constexpr bool AppliesTo(Platform rule, Platform actual) {
  return rule == Platform::kBoth || actual == Platform::kBoth || rule == actual;
}

// A part of a clause that is founded otherwise than the rest.
struct Note {
  Provenance provenance = Provenance::kObserved;
  std::string text;
};

// Why no check of the suite stands for a statement.
enum class NoCheckKind {
  kNarrative,       // it asks nothing of any call
  kLayout,          // numbers, structures and symbols, held by the tests of the headers
  kWindowsOnly,     // it needs Windows
  kClientProgram,   // a duty of the program that serves the devices, not of the interface
  kServerInternal,  // what the server does behind the interface
  kNotSimulated,    // nothing that the suite can do brings the situation about
  kOpen,            // the sources leave the answer open, and the judge holds nobody to one
  kAdvice,          // a recommendation; not following it is legal
};
std::string_view Name(NoCheckKind kind);  // "client-program"

struct NoCheck {
  NoCheckKind kind = NoCheckKind::kNarrative;
  std::string reason;  // one sentence
};

// One numbered statement: "C-MAP-03", "L-31", "CMD-Read-2", "G-08".
struct Clause {
  std::string id;
  std::string section;               // title of the chapter it belongs to
  std::string text;                  // stands by itself
  std::vector<std::string> sources;  // tags, see Source
  std::vector<std::string> see;      // other clauses that the text names
  Provenance provenance = Provenance::kDocumented;
  Platform platform = Platform::kBoth;
  std::vector<Note> notes;
  std::optional<NoCheck> no_check;  // none: the scenarios have checks that name the statement
};

// What a source tag stands for.
struct Source {
  std::string tag;  // "HB-1sdh", "MSL-C-MapBufferHandle", "HDR-L"
  std::string title;
  std::string where;
};

// A code's name and number.
struct Code {
  std::string id;                      // "E-11"; W-.. for completion codes
  std::string name;                    // "VD_E_PROTOCOL"
  std::vector<std::string> aliases;    // "VD_E_QUEUE_FULL"
  std::optional<std::uint32_t> value;  // none is published for VD_E_IO_ERROR
  std::string meaning;
  std::vector<std::string> sources;
};

// One row of a method's table of return codes.
struct ReturnCode {
  std::string clause;  // also the row's own id: "C-MAP-03"
  std::string code;    // name: "VD_E_INVALID"
  std::optional<std::uint32_t> value;
  std::string condition;
  std::vector<std::string> sources;
  std::vector<std::string> readings;  // G entries that bear on the row
  Provenance provenance = Provenance::kDocumented;
  Platform platform = Platform::kBoth;
};

// A method with its documented codes. Create is here three times: Windows CreateEx, the deprecated
// Windows Create, and the Linux Create; OpenInSecondary likewise twice.
struct Method {
  Side side = Side::kClient;
  std::string name;                     // "MapBufferHandle"; "any" for codes of no method
  std::string note;                     // "SQL Server 7.0 interface, deprecated"; mostly empty
  std::vector<std::string> interfaces;  // "IClientVirtualDeviceSet2", "ClientVirtualDeviceSet"
  std::vector<std::string> signatures;
  std::vector<ReturnCode> codes;
};

enum class State {
  kDoesNotExist,
  kConnected,  // the server's view only
  kConfigurable,
  kInitializing,
  kActive,
  kNormallyTerminated,
  kAbort,
};
// The states in the order of the tables' columns.
inline constexpr State kStates[] = {
    State::kDoesNotExist, State::kConnected,          State::kConfigurable, State::kInitializing,
    State::kActive,       State::kNormallyTerminated, State::kAbort};
std::string_view Name(State state);  // "Does Not Exist"

// A possible answer to a call in a state.
struct Answer {
  std::string code;               // "NOERROR"
  std::optional<State> next;      // none: the state stays
  std::string when;               // in words; empty: always
  std::vector<std::string> from;  // clauses of the method's page; empty: the table itself
};

struct Cell {
  State state = State::kDoesNotExist;
  std::vector<Answer> answers;
  std::vector<std::string> readings;  // where the sources contradict each other
  std::string unreachable;            // why no call can be made here; empty: one can
};

// One row of a state-transition table.
struct Transition {
  std::string clause;  // "L-32"
  Side side = Side::kClient;
  std::vector<std::string> methods;  // "Create", "CreateEx"
  std::vector<Cell> cells;           // one for every state of that side
  std::vector<std::string> sources;
};

// What a reading means for one situation.
struct Ruling {
  Side side = Side::kAny;
  std::vector<std::string> methods;
  std::string when;  // the situation, in words
  Platform platform = Platform::kBoth;
  std::vector<std::string> emit;    // what the simulator answers
  std::vector<std::string> accept;  // what the judge takes; names, or "0x80070002"
  bool asserted = true;             // false: the judge must not hold a subject to it
  bool as_warning = false;          // accepted, with a warning
};

// A gap or a contradiction in the sources, and how we read it.
struct Reading {
  std::string id;  // "G-08"
  std::string subject;
  std::string sources_say;
  std::string reading;
  std::string treatment;  // what the simulator emits and the judge accepts, in words; may be empty
  Provenance provenance = Provenance::kRecommended;
  std::vector<Ruling> rulings;
};

// Where a code stands in the tables: a row of return_codes.xml, or an answer in a cell of
// transitions.xml.
struct CodePosition {
  std::string clause;          // of the row: "C-MAP-03", "L-32"
  std::optional<State> state;  // of the cell; none: it is a row of return_codes.xml
  std::size_t answer = 0;      // which answer of the cell
  std::string code;            // what stands there
  std::optional<State> next;   // where that answer leads
  friend bool operator==(const CodePosition&, const CodePosition&) = default;
};
// "C-MAP-03", "L-32 in Initializing: VD_E_OPEN", "... NOERROR -> Active".
std::string Describe(const CodePosition& position);

// A rules file that cannot be used. The message names file and line, and says what was expected.
class RulesError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Rules {
 public:
  // The rules compiled into this library. Throws RulesError.
  static Rules Embedded();
  // The same files from a folder; all of them must be there. Throws RulesError.
  static Rules FromFolder(const std::filesystem::path& folder);

  const std::vector<Clause>& clauses() const { return clauses_; }
  const std::vector<Method>& methods() const { return methods_; }
  const std::vector<Transition>& transitions() const { return transitions_; }
  const std::vector<Reading>& readings() const { return readings_; }
  const std::vector<Code>& status_codes() const { return status_codes_; }
  const std::vector<Code>& completion_codes() const { return completion_codes_; }

  // Each returns null when there is none. Ids and names are compared exactly.
  const Clause* FindClause(std::string_view id) const;
  const Reading* FindReading(std::string_view id) const;
  const ReturnCode* FindReturnCode(std::string_view clause) const;
  // "HB-1sdh", "MSL-C-GetCommand"; families of tags are resolved to their own page.
  std::optional<Source> FindSource(std::string_view tag) const;
  const Code* FindStatusCode(std::string_view name) const;  // aliases too
  const Code* FindStatusCode(std::uint32_t value) const;
  const Code* FindCompletionCode(std::string_view name) const;
  const Code* FindCompletionCode(std::uint32_t value) const;

  // The methods of that name that exist on the platform.
  std::vector<const Method*> FindMethods(Side side, std::string_view name,
                                         Platform platform = Platform::kBoth) const;
  // The documented set of a method: every row that applies. Codes of no method (VD_E_MEMORY, ...)
  // are not among them; see IsEnvironmentCode.
  std::vector<const ReturnCode*> CodesOf(Side side, std::string_view method,
                                         Platform platform = Platform::kBoth) const;
  bool IsDocumented(Side side, std::string_view method, std::uint32_t value,
                    Platform platform = Platform::kBoth) const;
  // The same by the code's name; VD_E_IO_ERROR has no number.
  bool IsOnPage(Side side, std::string_view method, std::string_view code,
                Platform platform = Platform::kBoth) const;
  // A failure of the machine that any method doing system work may report (G-04).
  bool IsEnvironmentCode(std::uint32_t value) const;

  // The cell of the state table, or null: the method is in no table, or the side has no such state.
  const Cell* FindCell(Side side, std::string_view method, State state) const;

  // Every ruling about the method, with the id of its reading.
  struct RulingOf {
    const Reading* reading;
    const Ruling* ruling;
  };
  std::vector<RulingOf> RulingsOf(Side side, std::string_view method) const;

  // Every place where a code stands, in the order of the files. Code, state and next tell the
  // answers of a cell apart.
  std::vector<CodePosition> CodePositions() const;
  // The same rules with another status code in one place; texts that were made of the old one stay.
  // Throws RulesError when nothing is there, or the code has no number.
  Rules WithCode(const CodePosition& position, std::string_view code) const;

  // A code's number by name ("VD_E_INVALID", "0x80070002"), or none.
  std::optional<std::uint32_t> CodeValue(std::string_view name) const;
  // "VD_E_INVALID (0x80770006)", or the number alone.
  std::string CodeName(std::uint32_t value) const;

 private:
  friend class RulesLoader;
  Rules() = default;

  std::vector<Clause> clauses_;
  std::map<std::string, std::size_t, std::less<>> clause_index_;
  std::vector<Method> methods_;
  std::vector<Transition> transitions_;
  std::vector<Reading> readings_;
  std::vector<Code> status_codes_;
  std::vector<Code> completion_codes_;
  std::vector<Source> sources_;
};

}  // namespace conform

#endif  // CONFORMANCE_RULES_RULES_H_
