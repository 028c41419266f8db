#include "conformance/runner/selector.h"

#include <algorithm>

namespace conform {
namespace {

// True if `selector` begins with `prefix`; `rest` is what follows.
bool Cut(std::string_view selector, std::string_view prefix, std::string_view* rest) {
  if (!selector.starts_with(prefix)) return false;
  *rest = selector.substr(prefix.size());
  return true;
}

bool AnyMatches(const std::vector<std::string>& texts, std::string_view pattern) {
  return std::any_of(texts.begin(), texts.end(),
                     [&](const std::string& text) { return MatchesGlob(pattern, text); });
}

}  // namespace

bool MatchesGlob(std::string_view pattern, std::string_view text) {
  size_t p = 0;
  size_t t = 0;
  size_t star = std::string_view::npos;  // the last * seen, and where it began to match
  size_t mark = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool Matches(const Case& one, std::string_view selector) {
  std::string_view rest;
  if (Cut(selector, "case:", &rest)) return one.id == rest;
  if (Cut(selector, "tag:", &rest)) return AnyMatches(one.tags, rest);
  if (Cut(selector, "clause:", &rest)) return AnyMatches(one.Clauses(), rest);
  if (Cut(selector, "method:", &rest)) return AnyMatches(one.Methods(), rest);
  if (Cut(selector, "face:", &rest)) return MatchesGlob(rest, Name(one.face));
  return MatchesGlob(selector, one.id) || selector == one.scenario;
}

std::string Below(const Suite& suite, const std::string& selector) {
  const std::string below = selector + ".*";
  const bool some = std::any_of(suite.cases.begin(), suite.cases.end(),
                                [&](const Case& one) { return MatchesGlob(below, one.id); });
  return some ? below : "";
}

std::string SelectorOf(const Case& one) {
  return one.id == one.scenario ? "case:" + one.id : one.id;
}

bool Chosen(const Case& one, const std::vector<std::string>& selectors) {
  bool asked = false;
  bool taken = false;
  for (const std::string& selector : selectors) {
    std::string_view rest;
    if (Cut(selector, "not:", &rest)) {
      if (Matches(one, rest)) return false;
      continue;
    }
    asked = true;
    taken = taken || Matches(one, selector);
  }
  return taken || !asked;
}

bool ChooseByHeads(const std::vector<std::string>& selectors) {
  bool asked = false;
  for (const std::string& selector : selectors) {
    std::string_view what = selector;
    const bool left_out = Cut(selector, "not:", &what);
    if (what.starts_with("clause:") || what.starts_with("method:")) return false;
    asked = asked || !left_out;
  }
  return asked;
}

Selection Select(const Suite& suite, const std::vector<std::string>& selectors) {
  Selection selection;
  for (const Case& one : suite.cases) {
    if (Chosen(one, selectors)) selection.cases.push_back(&one);
  }
  for (const std::string& selector : selectors) {
    std::string_view what = selector;
    Cut(selector, "not:", &what);
    const bool used = std::any_of(suite.cases.begin(), suite.cases.end(),
                                  [&](const Case& one) { return Matches(one, what); });
    if (!used) selection.unmatched.push_back(selector);
  }
  return selection;
}

}  // namespace conform
