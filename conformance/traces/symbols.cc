#include "conformance/traces/symbols.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace conform {
namespace {

// A number this close to a handle was made from it.
constexpr int64_t kNear = 4096;

// The number behind the object in "set/3".
std::string DeviceNumber(const Json& device) {
  const std::string text = device.is_string() ? device.get<std::string>() : device.dump();
  const size_t slash = text.rfind('/');
  return slash == std::string::npos ? text : text.substr(slash + 1);
}

bool NamesASet(const std::string& method) {
  static const std::set<std::string> kMethods = {"Create", "CreateEx", "OpenInSecondary",
                                                 "OpenInSecondaryEx", "Open"};
  return kMethods.contains(method);
}

// The name that a device has if nobody gives it another one (MP-05).
std::string DefaultDeviceName(const std::string& set, const std::string& number) {
  return number == "0" ? set : set + number;
}

// Longer names first: one name may be the beginning of another one.
std::string Replaced(std::string text, const std::map<std::string, std::string>& real_names) {
  std::vector<std::pair<std::string, std::string>> names;  // real name, symbol
  for (const auto& [symbol, name] : real_names) {
    if (!name.empty()) names.emplace_back(name, fmt::format("${{set:{}}}", symbol));
  }
  std::sort(names.begin(), names.end(),
            [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
  for (const auto& [name, symbol] : names) {
    for (size_t at = text.find(name); at != std::string::npos;
         at = text.find(name, at + symbol.size())) {
      text.replace(at, name.size(), symbol);
    }
  }
  return text;
}

}  // namespace

Symbols::Symbols(const Trace& trace) {
  for (const Json& event : trace.events) {
    if (event["e"] == "actor") {
      actors_[event["actor"].get<std::string>()] = event;
      const std::string role = event["role"].get<std::string>();
      if (role == "primary" || role == "secondary") {
        face_ = event["face"] == "com" ? Face::kCom : Face::kLinux;
      }
      virtual_clock_ |= event.value("clock", "real") == "virtual";
      if (const std::string name = event.value("name", ""); !name.empty()) {
        own_names_[event["set"].get<std::string>()] = name;
      }
    }
    virtual_clock_ |= event["e"] == "advance";
    if (event["e"] != "call") continue;
    const Json& arguments = event["arguments"];
    const bool named = NamesASet(event["method"].get<std::string>()) &&
                       arguments.contains("name") && arguments["name"].is_string() &&
                       arguments.contains("set");
    if (named) {
      real_names_.try_emplace(arguments["set"].get<std::string>(),
                              arguments["name"].get<std::string>());
    }
  }
  for (const auto& [symbol, name] : own_names_) real_names_[symbol] = name;
}

Side Symbols::SideOfActor(const std::string& actor) const {
  const auto found = actors_.find(actor);
  const bool engine = found != actors_.end() && found->second["role"] == "engine";
  return engine ? Side::kServer : Side::kClient;
}

std::string Symbols::SetOfActor(const std::string& actor) const {
  const auto found = actors_.find(actor);
  return found == actors_.end() ? "main" : found->second["set"].get<std::string>();
}

std::string Symbols::EngineOf(const std::string& set) const {
  std::string any = "engine";
  for (const auto& [name, actor] : actors_) {
    if (actor["role"] != "engine") continue;
    if (actor["set"] == set) return name;
    any = name;
  }
  return any;
}

std::string Symbols::NameText(const std::string& real) const {
  std::string text = real;
  size_t longest = 0;
  for (const auto& [symbol, name] : real_names_) {
    if (name.size() <= longest || !real.starts_with(name)) continue;
    longest = name.size();
    text = fmt::format("${{set:{}}}{}", symbol, real.substr(name.size()));
  }
  return longest > 0 ? text : Replaced(real, own_names_);
}

std::string Symbols::StatementText(const std::string& text) const {
  return Replaced(text, real_names_);
}

void Symbols::PutName(const Json& call, pugi::xml_node* element) const {
  const Json& arguments = call["arguments"];
  const auto put = [&](const char* attribute, const std::string& text) {
    element->append_attribute(attribute) = text.c_str();
  };
  if (!arguments.contains("name")) return;
  const std::string own = SetOfActor(call["actor"].get<std::string>());
  const std::string set = arguments.value("set", own);
  if (set != own) put("set", set);
  if (!arguments["name"].is_string()) return put("name", "null");
  const std::string name = arguments["name"].get<std::string>();
  const auto real = real_names_.find(set);
  std::string expected = real == real_names_.end() ? std::string() : real->second;
  if (arguments.contains("device")) {
    expected = DefaultDeviceName(expected, DeviceNumber(arguments["device"]));
  }
  if (name != expected) put("name", name.empty() ? "${text:x*0}" : NameText(name));
}

void Symbols::PutObject(const Json& call, pugi::xml_node* element) const {
  const std::string object = call.value("object", "set");
  if (object != "set" || !call["arguments"].contains("device")) {
    element->append_attribute("object") = object.c_str();
  }
  if (call["arguments"].contains("device")) {
    element->append_attribute("device") = DeviceNumber(call["arguments"]["device"]).c_str();
  }
}

std::string Symbols::ArgumentText(const std::string& name, const Json& value) const {
  if (value.is_null()) return "null";
  if (name == "device") return DeviceNumber(value);
  if (name == "statement" && value.is_string()) return StatementText(value.get<std::string>());
  if (name == "handle" && value.is_number_integer()) return HandleText(value.get<int64_t>());
  return value.is_string() ? value.get<std::string>() : value.dump();
}

// The latest value that this number is, or was made from.
std::string Symbols::HandleText(int64_t handle) const {
  for (auto saved = handles_.rbegin(); saved != handles_.rend(); ++saved) {
    if (saved->first == handle) return fmt::format("${{{}}}", saved->second);
  }
  for (auto saved = handles_.rbegin(); saved != handles_.rend(); ++saved) {
    const int64_t distance = handle - saved->first;
    if (handle > 0 && distance > -kNear && distance < kNear && saved->first > kNear) {
      return fmt::format("${{{}}}{:+}", saved->second, distance);
    }
  }
  return std::to_string(handle);
}

std::string Symbols::SaveHandle(int64_t handle) {
  const std::string name = fmt::format("handle-{}", handles_.size() + 1);
  handles_.emplace_back(handle, name);
  return name;
}

}  // namespace conform
