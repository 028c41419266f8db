// The checks that a client program is judged by, as data: checks.xml beside this header, which is
// compiled in. Immutable once loaded; any thread.
#ifndef CONFORMANCE_WATCH_CHECK_LIST_H_
#define CONFORMANCE_WATCH_CHECK_LIST_H_

#include <string>
#include <string_view>
#include <vector>

#include "conformance/rules/rules.h"

namespace conform {

struct WatchCheck {
  std::string id;                    // "program/flush-durable"
  std::string group;                 // "Durability"
  std::vector<std::string> clauses;  // the first decides how severe it is
  std::string sentence;              // what a good client does
  Provenance provenance = Provenance::kDocumented;
  bool advice = false;  // the clause advises without demanding

  // Whether a finding fails the client, or only warns.
  bool fails() const { return CanFail(provenance) && !advice; }
};

class WatchChecks {
 public:
  // Those of checks.xml. Throws RulesError when they do not fit the rules.
  static WatchChecks Embedded(const Rules& rules);
  // name: what mistakes are reported with. Throws RulesError, with file and line, when the text is
  // no such file, names a clause that the rules do not have, or an id twice.
  static WatchChecks Load(std::string_view name, std::string_view text, const Rules& rules);

  const std::vector<WatchCheck>& all() const { return checks_; }  // in the order of the file
  const WatchCheck* Find(std::string_view id) const;              // null when there is none

 private:
  std::vector<WatchCheck> checks_;
};

// A check for a person, wrapped: its sentence, its severity, its clauses. Empty for an unknown id.
std::string ExplainWatchCheck(std::string_view id, const Rules& rules);

struct WatchFile {
  std::string_view name;
  std::string_view text;
};

// The files that are compiled in: checks.xml.
std::vector<WatchFile> EmbeddedWatchFiles();

}  // namespace conform

#endif  // CONFORMANCE_WATCH_CHECK_LIST_H_
