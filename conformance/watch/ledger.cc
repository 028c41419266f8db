#include "conformance/watch/ledger.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace conform {
namespace {

int64_t OrderOf(int64_t t) { return t == 0 ? std::numeric_limits<int64_t>::max() : t; }

}  // namespace

void Ledger::Look(std::string_view id) {
  if (checks_.Find(id) == nullptr) {
    throw std::logic_error("checks.xml has no " + std::string(id));
  }
  looked_.emplace(id);
}

void Ledger::Break(std::string_view id, Breach breach) {
  Look(id);
  Entry& entry = broken_[std::string(id)];
  if (entry.times++ == 0 || OrderOf(breach.t) < OrderOf(entry.first.t)) {
    entry.first = std::move(breach);
  }
}

bool Ledger::Broken(std::string_view id) const { return broken_.find(id) != broken_.end(); }

std::vector<WatchFinding> Ledger::Findings() const {
  std::vector<WatchFinding> findings;
  for (const WatchCheck& check : checks_.all()) {
    const auto found = broken_.find(check.id);
    if (found == broken_.end()) continue;
    const auto& [first, times] = found->second;
    WatchFinding finding;
    finding.check = check.id;
    finding.clause = first.clause.empty() ? check.clauses.front() : first.clause;
    finding.expected = first.expected;
    finding.actual = first.actual;
    finding.note = first.note;
    if (times > 1) {
      if (!finding.note.empty()) finding.note += '\n';
      finding.note += "It happened " + std::to_string(times) + " times; this is the first.";
    }
    finding.problem = first.problem;
    finding.warning = !check.fails();
    finding.t = first.t;
    findings.push_back(std::move(finding));
  }
  std::stable_sort(
      findings.begin(), findings.end(),
      [](const WatchFinding& a, const WatchFinding& b) { return OrderOf(a.t) < OrderOf(b.t); });
  return findings;
}

std::vector<std::string> Ledger::Held() const {
  std::vector<std::string> held;
  for (const WatchCheck& check : checks_.all()) {
    if (looked_.count(check.id) > 0 && broken_.count(check.id) == 0) held.push_back(check.id);
  }
  return held;
}

}  // namespace conform
