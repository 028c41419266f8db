#include "conformance/traces/trace_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "simulator/base/hresult.h"

namespace conform {
namespace {

constexpr size_t kCallWidth = 72;

std::string ValueText(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

// "GetCommand(device=set/0, timeout=1000) into c1".
std::string CallText(const Json& call) {
  std::string text = call["method"].get<std::string>() + "(";
  const char* separator = "";
  for (const auto& [name, value] : call["arguments"].items()) {
    text += fmt::format("{}{}={}", separator, name, ValueText(value));
    separator = ", ";
  }
  text += ")";
  const std::string object = call.value("object", "set");
  if (object != "set") text = object + "." + text;
  const std::string into = call.value("into", "");
  if (!into.empty()) text += " into " + into;
  return text;
}

std::string OutText(const Json& returned) {
  const auto out = returned.find("out");
  if (out == returned.end() || !out->is_object() || out->empty()) return {};
  std::string text;
  for (const auto& [name, value] : out->items()) {
    text += fmt::format("{}{}={}", text.empty() ? "  gave " : ", ", name, ValueText(value));
  }
  return text;
}

// TRUE and FALSE where a call answers so.
std::string CodeText(const Json& call, int32_t code) {
  if (call.value("method", "") == "IsSharedBuffer") return code == 0 ? "FALSE" : "TRUE";
  return vdisim::HResult(code).ToString();
}

double Milliseconds(const Json& event) { return event.value("ms", 0.0); }

class Printer {
 public:
  explicit Printer(const Trace& trace) : trace_(trace) {
    for (const Json& event : trace.events) {
      const std::string kind = event["e"].get<std::string>();
      if (kind == "actor") width_ = std::max(width_, event["actor"].get<std::string>().size());
      if (kind == "call") calls_[event["id"].get<int64_t>()] = event;
      if (kind == "finding" && event.contains("call")) {
        checks_[event["call"].get<int64_t>()] = event["check"].get<std::string>();
      }
    }
  }

  std::string Print() {
    for (size_t i = 0; i < trace_.events.size(); ++i) Event(i);
    for (const std::string& damage : trace_.damages) text_ += "damaged: " + damage + "\n";
    return text_;
  }

 private:
  void Line(const char* mark, const Json& event, const std::string& actor,
            const std::string& what) {
    text_ +=
        fmt::format("{}{:>10.3f}  {:<{}}  {}\n", mark, Milliseconds(event), actor, width_, what);
  }

  static const char* Mark(bool marked) { return marked ? ">" : " "; }

  void Event(size_t index) {
    const Json& event = trace_.events[index];
    const std::string kind = event["e"].get<std::string>();
    if (kind == "call") return Call(index);
    if (kind == "return") return Return(event);
    if (kind == "finding") return Finding(event);
    const std::string actor = event.value("actor", "");
    if (kind == "actor") {
      text_ += fmt::format(" {:>10}  {:<{}}  {}, {} face, set {}\n", "", actor, width_,
                           event["role"].get<std::string>(), event["face"].get<std::string>(),
                           event["set"].get<std::string>());
    } else if (kind == "gone") {
      Line(" ", event, actor, "is gone: " + event["how"].get<std::string>());
    } else if (kind == "advance") {
      Line(" ", event, actor,
           fmt::format("the clock of {} moves on by {} ms", event["set"].get<std::string>(),
                       event["by_ms"].get<int64_t>()));
    } else {
      std::string what = "(" + event["kind"].get<std::string>();
      for (const auto& [name, value] : event["arguments"].items()) {
        what += fmt::format(" {}={}", name, ValueText(value));
      }
      Line(" ", event, actor, what + ")");
    }
  }

  void Call(size_t index) {
    const Json& call = trace_.events[index];
    const int64_t id = call["id"].get<int64_t>();
    const std::string actor = call["actor"].get<std::string>();
    const bool more = index + 1 < trace_.events.size();
    const Json next = more ? trace_.events[index + 1] : Json::object();
    if (more && next["e"] == "return" && next["id"] == id) {
      one_line_ = id;
      Line(Mark(checks_.contains(id)), call, actor, Outcome(call, next, CallText(call)));
    } else {
      Line(" ", call, actor, CallText(call) + "  goes on");
    }
  }

  void Return(const Json& event) {
    const int64_t id = event["id"].get<int64_t>();
    if (id == one_line_) return;
    const auto call = calls_.find(id);
    if (call == calls_.end()) return;
    const std::string method = call->second["method"].get<std::string>();
    Line(Mark(checks_.contains(id)), event, call->second["actor"].get<std::string>(),
         Outcome(call->second, event, "  " + method + " returns"));
  }

  std::string Outcome(const Json& call, const Json& returned, const std::string& what) const {
    const auto check = checks_.find(call["id"].get<int64_t>());
    return fmt::format("{:<{}} -> {}  {:.3f} ms{}{}", what, kCallWidth,
                       CodeText(call, returned["code"].get<int32_t>()),
                       returned.value("took_ms", Milliseconds(returned) - Milliseconds(call)),
                       OutText(returned),
                       check == checks_.end() ? std::string() : "  <- " + check->second);
  }

  void Finding(const Json& event) {
    text_ += fmt::format("\n{}: expected {}, actual {}\n", event["check"].get<std::string>(),
                         event.value("expected", "?"), event.value("actual", "?"));
  }

  const Trace& trace_;
  std::map<int64_t, Json> calls_;
  std::map<int64_t, std::string> checks_;  // of findings, by call
  int64_t one_line_ = -1;                  // the call whose return stands in its own line
  size_t width_ = 8;
  std::string text_;
};

}  // namespace

std::string TextOfTrace(const Trace& trace) { return Printer(trace).Print(); }

}  // namespace conform
