// What the checks write down: what could be looked at, and what did not hold. A rule that is broken
// a hundred times is one finding, told of the first time.
#ifndef CONFORMANCE_WATCH_LEDGER_H_
#define CONFORMANCE_WATCH_LEDGER_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/watch/check_list.h"
#include "conformance/watch/watch.h"

namespace conform {

struct Breach {
  int64_t t = 0;  // 0: at the end
  std::string expected{};
  std::string actual{};
  std::string note{};    // lines without the last end
  std::string clause{};  // of those of the check; empty: its first
  reports::Problem problem = reports::Problem::kProtocolViolation;
};

class Ledger {
 public:
  explicit Ledger(const WatchChecks& checks) : checks_(checks) {}

  // The evidence is enough to make this check. Throws std::logic_error for an id that is not in the
  // list, as Break() does.
  void Look(std::string_view id);
  // It did not hold; implies Look.
  void Break(std::string_view id, Breach breach);
  bool Broken(std::string_view id) const;

  // Findings by time, those at the end last; among equals in the order of the list.
  std::vector<WatchFinding> Findings() const;
  // Checks that were made and held, in the order of the list.
  std::vector<std::string> Held() const;

 private:
  struct Entry {
    Breach first;
    int times = 0;
  };

  const WatchChecks& checks_;
  std::set<std::string, std::less<>> looked_;
  std::map<std::string, Entry, std::less<>> broken_;
};

}  // namespace conform

#endif  // CONFORMANCE_WATCH_LEDGER_H_
