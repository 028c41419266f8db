#include "conformance/walk/walk_scenario.h"

#include <fmt/format.h>

#include <map>
#include <pugixml.hpp>
#include <set>
#include <sstream>

#include "conformance/runner/requirement.h"
#include "conformance/traces/expected_codes.h"

namespace conform {
namespace {

// "get-command" of "GetCommand".
std::string Hyphened(const std::string& method) {
  std::string text;
  for (const char c : method) {
    const bool capital = c >= 'A' && c <= 'Z';
    if (capital && !text.empty()) text += '-';
    text += capital ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return text;
}

class Writer {
 public:
  Writer(const Case& cast, const std::vector<MadeMove>& moves, const Disagreement& found,
         const Rules& rules)
      : cast_(cast), moves_(moves), found_(found), rules_(rules) {
    for (const MadeMove& move : moves) {
      for (const std::string* name : {&move.step.into, &move.step.save, &move.step.start}) {
        if (!name->empty()) Rename(*name);
      }
    }
  }

  std::string Write(const std::string& id, std::uint64_t seed);

 private:
  void Head(const std::string& id, std::uint64_t seed);
  void Move(const MadeMove& move, bool last);
  void Arguments(const Step& step, pugi::xml_node* element) const;
  std::string Expected(const MadeMove& move, const Step& call) const;
  std::string AllCodes(const Step& call) const;
  // The call that an <await> ends.
  const Step& CallOf(const Step& step) const;
  // Names get the numbers that they have in this sequence.
  void Rename(const std::string& name);
  std::string Renamed(const std::string& text) const;
  pugi::xml_node Add(const char* element, const std::string& actor);

  const Case& cast_;
  const std::vector<MadeMove>& moves_;
  const Disagreement& found_;
  const Rules& rules_;
  std::map<std::string, std::string> names_;
  std::map<std::string, int> numbers_;
  pugi::xml_document document_;
  pugi::xml_node steps_;
};

void Writer::Rename(const std::string& name) {
  const std::string prefix = name.substr(0, name.find_first_of("0123456789"));
  names_[name] = prefix + std::to_string(++numbers_[prefix]);
}

// A name, "copy:" and a name, or a name in ${}.
std::string Writer::Renamed(const std::string& text) const {
  for (const auto& [front, back] :
       {std::pair<std::string, std::string>{"copy:", ""}, {"${", "}"}, {"", ""}}) {
    if (text.size() < front.size() + back.size() || text.rfind(front, 0) != 0) continue;
    const auto name =
        names_.find(text.substr(front.size(), text.size() - front.size() - back.size()));
    if (name != names_.end()) return std::string(front).append(name->second).append(back);
  }
  return text;
}

pugi::xml_node Writer::Add(const char* element, const std::string& actor) {
  pugi::xml_node node = steps_.append_child(element);
  if (!actor.empty()) node.append_attribute("actor") = actor.c_str();
  return node;
}

void Writer::Head(const std::string& id, std::uint64_t seed) {
  pugi::xml_node declaration = document_.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  pugi::xml_node root = document_.append_child("scenarios");
  root.append_attribute("group") = "walk";
  pugi::xml_node scenario = root.append_child("scenario");
  scenario.append_attribute("id") = id.c_str();
  scenario.append_attribute("tags") = "walk";
  scenario.append_attribute("title") =
      fmt::format("Calls of a random walk with seed {} lead to {}", seed,
                  found_.method.empty() ? "an end" : found_.method)
          .c_str();
  scenario.append_attribute("faces") = cast_.face == Face::kCom ? "com" : "linux";
  if (cast_.virtual_clock) scenario.append_attribute("clock") = "virtual";
  const Requirement requirement = FindRequirement(rules_, found_.clause);
  scenario.append_child("goal")
      .append_child(pugi::node_pcdata)
      .set_value(fmt::format("{} {}", found_.clause, requirement.text).c_str());
  steps_ = scenario.append_child("steps");
  std::set<std::string> used;
  for (const MadeMove& move : moves_) used.insert(move.step.actor);
  for (const Actor& actor : cast_.actors) {
    // A set stays named while its primary plays.
    if (used.count(actor.name) == 0) continue;
    pugi::xml_node element = steps_.append_child("actor");
    element.append_attribute("name") = actor.name.c_str();
    element.append_attribute("role") = std::string(Name(actor.role)).c_str();
    if (actor.set != "main") element.append_attribute("set") = actor.set.c_str();
  }
}

const Step& Writer::CallOf(const Step& step) const {
  if (step.kind != StepKind::kAwait) return step;
  for (const MadeMove& move : moves_) {
    if (move.step.start == step.arguments.at("call")) return move.step;
  }
  return step;
}

std::string Writer::AllCodes(const Step& call) const {
  const Platform platform =
      call.method->side == Side::kClient ? PlatformOf(cast_.face) : Platform::kBoth;
  std::string text;
  std::set<std::string> named;
  for (const ReturnCode* row :
       rules_.CodesOf(call.method->side, std::string(call.method->name), platform)) {
    if (!named.insert(row->code).second) continue;
    text += (text.empty() ? "" : " ") + row->code;
  }
  return text;
}

std::string Writer::Expected(const MadeMove& move, const Step& call) const {
  if (!move.accepted.empty()) return fmt::format("{}", fmt::join(move.accepted, " "));
  if (!move.code) return AllCodes(call);
  const Side side = call.method->side;
  const Platform platform = side == Side::kClient ? PlatformOf(cast_.face) : Platform::kBoth;
  return ExpectedCodesOf(rules_, side, platform, std::string(call.method->name),
                         static_cast<std::int32_t>(*move.code))
      .text;
}

void Writer::Arguments(const Step& step, pugi::xml_node* element) const {
  const std::string own = step.actor.empty() ? std::string() : cast_.FindActor(step.actor).set;
  for (const auto& [name, text] : step.arguments) {
    if (name == "set" && text == own) continue;
    const bool names = name == "buffer" || name == "command" || name == "handle" || name == "call";
    element->append_attribute(name.c_str()) = (names ? Renamed(text) : text).c_str();
  }
}

void Writer::Move(const MadeMove& move, bool last) {
  const Step& step = move.step;
  pugi::xml_node element = Add(std::string(Name(step.kind)).c_str(), step.actor);
  if (step.kind == StepKind::kCall) {
    element.append_attribute("method") = std::string(step.method->name).c_str();
  }
  Arguments(step, &element);
  if (!step.into.empty()) element.append_attribute("into") = Renamed(step.into).c_str();
  if (!step.save.empty()) element.append_attribute("save") = Renamed(step.save).c_str();
  if (!step.start.empty()) {
    element.append_attribute("start") = Renamed(step.start).c_str();
    return;
  }
  const bool returns = step.kind == StepKind::kCall || step.kind == StepKind::kAwait;
  const Step& call = CallOf(step);
  if (returns && call.method != nullptr) {
    std::string expected = Expected(move, call);
    if (last && found_.kind == DisagreementKind::kUndocumented) expected = AllCodes(call);
    if (!expected.empty() && expected != "NOERROR") {
      element.append_attribute("expect") = expected.c_str();
    }
  }
  if (!last || step.kind == StepKind::kKill) return;
  element.append_attribute("check") = "agrees";
  element.append_attribute("clause") = found_.clause.c_str();
}

std::string Writer::Write(const std::string& id, std::uint64_t seed) {
  Head(id, seed);
  for (const MadeMove& move : moves_) Move(move, &move == &moves_.back() && !found_.method.empty());
  std::ostringstream text;
  document_.save(text, "  ", pugi::format_default, pugi::encoding_utf8);
  return text.str();
}

}  // namespace

WalkScenario ScenarioOfMoves(const Case& cast, const std::vector<MadeMove>& moves,
                             const Disagreement& found, std::uint64_t seed, const Rules& rules) {
  const std::string what =
      fmt::format("{}-{}", Name(found.side), found.method.empty() ? "end" : Hyphened(found.method));
  WalkScenario scenario;
  scenario.id = fmt::format("walk.seed-{}.{}", seed, what);
  scenario.file = fmt::format("walk-seed-{}-{}.xml", seed, what);
  scenario.text = Writer(cast, moves, found, rules).Write(scenario.id, seed);
  return scenario;
}

}  // namespace conform
