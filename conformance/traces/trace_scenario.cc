#include "conformance/traces/trace_scenario.h"

#include <fmt/format.h>

#include <map>
#include <pugixml.hpp>
#include <set>
#include <sstream>

#include "conformance/scenario/method_table.h"
#include "conformance/traces/expected_codes.h"
#include "conformance/traces/symbols.h"

namespace conform {
namespace {

// Steps besides calls that a trace tells enough of to repeat them.
bool CanRepeat(const std::string& kind) {
  static const std::set<std::string> kKinds = {"completed", "fill", "release",
                                               "serve",     "sql",  "await"};
  return kKinds.contains(kind);
}

// "set" of the device "set/0".
std::string ObjectOf(const Json& device) {
  const std::string name = device.is_string() ? device.get<std::string>() : std::string();
  const size_t slash = name.rfind('/');
  return slash == std::string::npos ? "set" : name.substr(0, slash);
}

class Writer {
 public:
  Writer(const Trace& trace, const Rules& rules) : trace_(trace), rules_(rules), symbols_(trace) {
    for (const Json& event : trace.events) {
      if (event["e"] == "return") returns_[event["id"].get<int64_t>()] = event;
    }
  }

  std::string Write() {
    Head();
    for (size_t i = 0; i < trace_.events.size(); ++i) Event(i);
    std::ostringstream text;
    document_.save(text, "  ", pugi::format_default, pugi::encoding_utf8);
    return text.str();
  }

 private:
  void Head();
  void Event(size_t index);
  void Call(const Json& call, bool returns_next);
  void Await(const Json& event);
  void Arguments(const Json& call, const MethodSpec& method, pugi::xml_node* element);
  void Expect(const Json& call, int32_t code, pugi::xml_node* element);
  void Gone(const Json& event);
  void Advance(const Json& event);
  void Step(const Json& event);
  void PutEnd(const Json& event, pugi::xml_node* element);
  pugi::xml_node Add(const char* element, const std::string& actor);
  void Comment(const std::string& text) {
    steps_.append_child(pugi::node_comment).set_value((" " + text + " ").c_str());
  }
  // Calls that wait now on a set, for <advance>.
  int64_t Waiting(const std::string& set) const;

  const Trace& trace_;
  const Rules& rules_;
  Symbols symbols_;
  std::map<int64_t, Json> returns_;
  std::map<int64_t, Json> going_on_;
  std::map<std::string, Json> begun_;  // steps that take their time, by name
  std::set<std::string> gone_;
  int checks_ = 0;
  pugi::xml_document document_;
  pugi::xml_node steps_;
};

void Writer::Head() {
  pugi::xml_node declaration = document_.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  pugi::xml_node root = document_.append_child("scenarios");
  root.append_attribute("group") = "trace";
  pugi::xml_node scenario = root.append_child("scenario");
  const std::string id = ScenarioIdOfTrace(trace_);
  scenario.append_attribute("id") = id.c_str();
  scenario.append_attribute("tags") = "trace";
  scenario.append_attribute("title") =
      fmt::format("The calls of the trace {}", trace_.name).c_str();
  scenario.append_attribute("faces") = (symbols_.face() == Face::kCom ? "com" : "linux");
  if (symbols_.virtual_clock()) scenario.append_attribute("clock") = "virtual";
  scenario.append_child("goal")
      .append_child(pugi::node_pcdata)
      .set_value("Every call returns what it returned when the trace was made.");
  steps_ = scenario.append_child("steps");
  for (const Json& event : trace_.events) {
    if (event["e"] != "actor") continue;
    pugi::xml_node actor = steps_.append_child("actor");
    actor.append_attribute("name") = event["actor"].get<std::string>().c_str();
    actor.append_attribute("role") = event["role"].get<std::string>().c_str();
    const std::string set = event["set"].get<std::string>();
    if (set != "main") actor.append_attribute("set") = set.c_str();
    const std::string instance = event.value("instance", "");
    if (!instance.empty()) actor.append_attribute("instance") = instance.c_str();
  }
}

void Writer::Event(size_t index) {
  const Json& event = trace_.events[index];
  const std::string kind = event["e"].get<std::string>();
  if (kind == "call") {
    const bool more = index + 1 < trace_.events.size();
    const Json next = more ? trace_.events[index + 1] : Json::object();
    Call(event, more && next["e"] == "return" && next["id"] == event["id"]);
  } else if (kind == "return") {
    Await(event);
  } else if (kind == "gone") {
    Gone(event);
  } else if (kind == "advance") {
    Advance(event);
  } else if (kind == "step") {
    Step(event);
  }
}

pugi::xml_node Writer::Add(const char* element, const std::string& actor) {
  pugi::xml_node node = steps_.append_child(element);
  node.append_attribute("actor") = actor.c_str();
  return node;
}

void Writer::Call(const Json& call, bool returns_next) {
  const std::string actor = call["actor"].get<std::string>();
  const std::string name = call["method"].get<std::string>();
  const MethodSpec* method = FindMethodSpec(symbols_.SideOfActor(actor), name);
  if (name == "Release") {
    pugi::xml_node release = Add("release", actor);
    symbols_.PutObject(call, &release);
    return;
  }
  if (method == nullptr) {
    Comment(fmt::format("{}: {} is no call of a scenario", actor, name));
    return;
  }
  pugi::xml_node element = Add("call", actor);
  element.append_attribute("method") = name.c_str();
  const std::string object = call.value("object", "set");
  if (object != "set") element.append_attribute("object") = object.c_str();
  Arguments(call, *method, &element);
  const int64_t id = call["id"].get<int64_t>();
  const auto returned = returns_.find(id);
  const bool succeeds = returned != returns_.end() && returned->second["code"] == 0;
  if (method->output == OutputKind::kNamed) {
    element.append_attribute("into") = call.value("into", fmt::format("unnamed-{}", id)).c_str();
  } else if (succeeds && name == "GetBufferHandle" && returned->second.contains("out") &&
             returned->second["out"].contains("handle")) {
    const std::string saved = symbols_.SaveHandle(returned->second["out"]["handle"].get<int64_t>());
    element.append_attribute("save") = saved.c_str();
  }
  if (returns_next) {
    Expect(call, returned->second["code"].get<int32_t>(), &element);
  } else {
    element.append_attribute("start") = fmt::format("call-{}", id).c_str();
    going_on_[id] = call;
  }
}

// A return that follows its call at once belongs to the call's own step.
void Writer::Await(const Json& event) {
  const auto call = going_on_.find(event["id"].get<int64_t>());
  if (call == going_on_.end()) return;
  pugi::xml_node element = steps_.append_child("await");
  element.append_attribute("call") = fmt::format("call-{}", call->first).c_str();
  Expect(call->second, event["code"].get<int32_t>(), &element);
  going_on_.erase(call);
}

void Writer::Arguments(const Json& call, const MethodSpec& method, pugi::xml_node* element) {
  const Json& arguments = call["arguments"];
  const bool creates = method.name == "Create" || method.name == "CreateEx";
  symbols_.PutName(call, element);
  for (const ArgumentSpec& spec : method.arguments) {
    const std::string name(spec.name);
    if (name == "name" || spec.kind == ArgumentKind::kSet || !arguments.contains(name)) continue;
    // What a Create leaves out is 0.
    if (creates && !spec.required && arguments[name] == 0) continue;
    const std::string text = symbols_.ArgumentText(name, arguments[name]);
    element->append_attribute(name.c_str()) = text.c_str();
  }
}

void Writer::Expect(const Json& call, int32_t code, pugi::xml_node* element) {
  const std::string method = call["method"].get<std::string>();
  const Side side = symbols_.SideOfActor(call["actor"].get<std::string>());
  const Platform platform = side == Side::kClient ? PlatformOf(symbols_.face()) : Platform::kBoth;
  const ExpectedCodes expected = ExpectedCodesOf(rules_, side, platform, method, code);
  if (!expected.listed) {
    steps_.insert_child_before(pugi::node_comment, *element)
        .set_value(
            fmt::format(" it returned {}, which no document lists ", expected.actual).c_str());
  }
  if (expected.text != "NOERROR") element->append_attribute("expect") = expected.text.c_str();
  if (expected.clause.empty()) return;
  element->append_attribute("check") = fmt::format("return-{}", ++checks_).c_str();
  element->append_attribute("clause") = expected.clause.c_str();
}

void Writer::Gone(const Json& event) {
  const std::string actor = event["actor"].get<std::string>();
  const std::string how = event["how"].get<std::string>();
  if (!gone_.insert(actor).second) return;
  if (how == "killed") {
    Add("kill", actor);
  } else if (how == "ended") {
    Add("end", actor);
  } else {
    Comment(fmt::format("here the process of {} {}", actor, how));
  }
}

void Writer::Advance(const Json& event) {
  const std::string set = event["set"].get<std::string>();
  const std::string actor = event.value("actor", symbols_.EngineOf(set));
  pugi::xml_node element = Add("advance", actor);
  element.append_attribute("ms") = event["by_ms"].get<long long>();
  const int64_t waiting = event.value("waiting", Waiting(set));
  if (waiting > 0) element.append_attribute("waiting") = static_cast<long long>(waiting);
}

int64_t Writer::Waiting(const std::string& set) const {
  int64_t waiting = 0;
  for (const auto& [id, call] : going_on_) {
    const std::string actor = call["actor"].get<std::string>();
    const bool here = symbols_.SetOfActor(actor) == set;
    if (here && (call["method"] == "GetCommand" || call["method"] == "GetConfiguration")) ++waiting;
  }
  return waiting;
}

void Writer::Step(const Json& event) {
  const std::string kind = event["kind"].get<std::string>();
  if (!CanRepeat(kind)) return;
  const Json& arguments = event["arguments"];
  if (kind == "await") {
    pugi::xml_node element = steps_.append_child("await");
    const std::string call = arguments.value("call", "");
    element.append_attribute("call") = call.c_str();
    if (begun_.contains(call)) PutEnd(begun_[call], &element);
    return;
  }
  pugi::xml_node element = Add(kind.c_str(), event["actor"].get<std::string>());
  if (arguments.contains("start")) {
    begun_[arguments.value("start", "")] = event;
  } else {
    PutEnd(event, &element);
  }
  for (const auto& [name, value] : arguments.items()) {
    static const std::set<std::string> kNoAttributes = {"timeout", "name",    "calls",
                                                        "code",    "success", "messages"};
    if (kNoAttributes.contains(name)) continue;
    if (name == "device" && kind == "serve") {
      symbols_.PutObject(Json{{"object", ObjectOf(value)}, {"arguments", arguments}}, &element);
      continue;
    }
    element.append_attribute(name.c_str()) = symbols_.ArgumentText(name, value).c_str();
  }
}

// How a step that takes its time ended.
void Writer::PutEnd(const Json& event, pugi::xml_node* element) {
  const Json& arguments = event["arguments"];
  if (event["kind"] == "serve" && arguments.contains("code")) {
    const auto code = static_cast<int32_t>(arguments["code"].get<int64_t>());
    const ExpectedCodes expected =
        ExpectedCodesOf(rules_, Side::kClient, PlatformOf(symbols_.face()), "GetCommand", code);
    element->append_attribute("expect") = expected.text.c_str();
  }
  if (event["kind"] != "sql" || !arguments.contains("success")) return;
  element->append_attribute("expect") = arguments["success"] == true ? "success" : "failure";
  std::string messages;
  for (const Json& message : arguments.value("messages", Json::array())) {
    // What a statement prints without being a message of the server has the number 0.
    if (!message.is_number_integer() || message.get<int64_t>() <= 0) continue;
    messages += (messages.empty() ? "" : " ") + message.dump();
  }
  if (!messages.empty()) element->append_attribute("messages") = messages.c_str();
  if (arguments["success"] == true) return;
  element->append_attribute("check") = fmt::format("return-{}", ++checks_).c_str();
  element->append_attribute("clause") = "M-01";
}

}  // namespace

std::string ScenarioIdOfTrace(const Trace& trace) {
  std::string id = "trace.";
  for (const char c : trace.name) {
    const bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    if (kept) {
      id += c;
    } else if (c >= 'A' && c <= 'Z') {
      id += static_cast<char>(c - 'A' + 'a');
    } else if (c == '.' && id.back() != '.') {
      id += c;
    } else if (id.back() != '-' && id.back() != '.') {
      id += '-';
    }
  }
  while (id.back() == '.' || id.back() == '-') id.pop_back();
  return id;
}

std::string ScenarioOfTrace(const Trace& trace, const Rules& rules) {
  return Writer(trace, rules).Write();
}

}  // namespace conform
