#include "conformance/rules/rules_values.h"

namespace conform {
namespace {

template <typename T>
T Parse(const RulesElement& element, const char* attribute, std::initializer_list<T> all,
        T otherwise) {
  const std::string value = element.Optional(attribute);
  if (value.empty()) return otherwise;
  std::string names;
  for (const T one : all) {
    if (Name(one) == value) return one;
    names += names.empty() ? "" : ", ";
    names += Name(one);
  }
  element.Complain(std::string("has ") + attribute + "='" + value + "'; expected one of " + names);
}

// <no-check kind="layout">sentence</no-check>
NoCheck ParseNoCheck(const RulesElement& element) {
  element.AllowAttributes({"kind"});
  element.Required("kind");
  NoCheck out;
  out.kind = Parse(element, "kind",
                   {NoCheckKind::kNarrative, NoCheckKind::kLayout, NoCheckKind::kWindowsOnly,
                    NoCheckKind::kClientProgram, NoCheckKind::kServerInternal,
                    NoCheckKind::kNotSimulated, NoCheckKind::kOpen, NoCheckKind::kAdvice},
                   NoCheckKind::kNarrative);
  out.reason = element.Text();
  if (out.reason.empty()) element.Complain("does not say why");
  return out;
}

}  // namespace

Provenance ParseProvenance(const RulesElement& element) {
  element.Required("provenance");
  return Parse(
      element, "provenance",
      {Provenance::kDocumented, Provenance::kTableOnly, Provenance::kHeader, Provenance::kSample,
       Provenance::kObserved, Provenance::kInferred, Provenance::kRecommended},
      Provenance::kDocumented);
}

Platform ParsePlatform(const RulesElement& element) {
  return Parse(element, "platform", {Platform::kBoth, Platform::kWindows, Platform::kLinux},
               Platform::kBoth);
}

Side ParseSide(const RulesElement& element) {
  element.Required("side");
  return Parse(element, "side", {Side::kClient, Side::kServer, Side::kAny}, Side::kAny);
}

std::optional<NoCheck> FindNoCheck(const RulesElement& parent,
                                   std::initializer_list<std::string_view> names) {
  std::optional<NoCheck> found;
  for (const RulesElement& child : parent.Children(names)) {
    if (child.name() != "no-check") continue;
    if (found) child.Complain("appears twice");
    found = ParseNoCheck(child);
  }
  return found;
}

std::optional<State> ParseState(const RulesElement& element, const char* attribute) {
  const std::string value = element.Optional(attribute);
  if (value.empty()) return std::nullopt;
  for (const State state : kStates) {
    if (Name(state) == value) return state;
  }
  element.Complain(std::string("has ") + attribute + "='" + value + "', which is no state");
}

std::string ChildText(const RulesElement& parent, std::string_view name) {
  std::string text;
  for (const RulesElement& child :
       parent.Children({"subject", "sources_say", "reading", "treatment", "ruling", "no-check"})) {
    if (child.name() != name) continue;
    child.AllowAttributes({});
    if (!text.empty()) child.Complain("appears twice");
    text = child.Text();
  }
  return text;
}

}  // namespace conform
