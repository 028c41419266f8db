#include "conformance/monitor/observation.h"

namespace conform {
namespace {

using Line = nlohmann::ordered_json;

Line Of(const ActorSeen& one) {
  Line line = {{"e", "actor"},     {"actor", one.actor}, {"role", one.role},
               {"face", one.face}, {"set", one.set},     {"clock", one.clock}};
  if (!one.name.empty()) line["name"] = one.name;
  if (!one.instance.empty()) line["instance"] = one.instance;
  return line;
}

Line Of(const CallSeen& one) {
  Line line = {{"e", "call"},
               {"id", one.id},
               {"ms", one.ms},
               {"actor", one.actor},
               {"object", one.object},
               {"method", one.method},
               {"arguments", one.arguments}};
  if (!one.into.empty()) line["into"] = one.into;
  if (one.concurrent) line["concurrent"] = true;
  return line;
}

Line Of(const ReturnSeen& one) {
  return {{"e", "return"}, {"id", one.id}, {"ms", one.ms}, {"code", one.code}, {"out", one.out}};
}

Line Of(const GoneSeen& one) {
  return {{"e", "gone"}, {"ms", one.ms}, {"actor", one.actor}, {"how", one.how}};
}

Line Of(const AdvanceSeen& one) {
  return {{"e", "advance"}, {"ms", one.ms},       {"actor", one.actor},
          {"set", one.set}, {"by_ms", one.by_ms}, {"waiting", one.waiting}};
}

Line Of(const StepSeen& one) {
  return {{"e", "step"},
          {"ms", one.ms},
          {"kind", one.kind},
          {"actor", one.actor},
          {"arguments", one.arguments}};
}

// Members of a line; what is missing, or of another type, is named.
class Members {
 public:
  explicit Members(const Json& line) : line_(line) {}

  std::string Text(const char* key) const {
    const Json& value = Required(key);
    if (!value.is_string()) Complain(key, "a text");
    return value.get<std::string>();
  }
  std::string TextOr(const char* key, const char* otherwise) const {
    return line_.contains(key) ? Text(key) : otherwise;
  }
  std::int64_t Integer(const char* key) const {
    const Json& value = Required(key);
    if (!value.is_number_integer()) Complain(key, "a whole number");
    return value.get<std::int64_t>();
  }
  std::int64_t IntegerOr(const char* key, std::int64_t otherwise) const {
    return line_.contains(key) ? Integer(key) : otherwise;
  }
  double Milliseconds() const {
    if (!line_.contains("ms")) return 0;
    if (!line_["ms"].is_number()) Complain("ms", "a number");
    return line_["ms"].get<double>();
  }
  bool FlagOr(const char* key, bool otherwise) const {
    if (!line_.contains(key)) return otherwise;
    if (!line_[key].is_boolean()) Complain(key, "true or false");
    return line_[key].get<bool>();
  }
  Json Object(const char* key) const {
    if (!line_.contains(key)) return Json::object();
    if (!line_[key].is_object()) Complain(key, "an object");
    return line_[key];
  }

 private:
  const Json& Required(const char* key) const {
    const auto found = line_.find(key);
    if (found == line_.end()) {
      throw ObservationError(std::string("the member \"") + key + "\" is missing");
    }
    return *found;
  }
  [[noreturn]] static void Complain(const char* key, const char* expected) {
    throw ObservationError(std::string("the member \"") + key + "\" is not " + expected);
  }

  const Json& line_;
};

}  // namespace

std::string ToLine(const Seen& seen) {
  return std::visit([](const auto& one) { return Of(one); }, seen)
      .dump(-1, ' ', false, Line::error_handler_t::replace);
}

Seen ParseObservation(std::string_view line) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object()) throw ObservationError("this is no JSON object");
  const Members of(json);
  const std::string event = of.Text("e");
  if (event == "actor") {
    return ActorSeen{of.Text("actor"),           of.Text("role"),
                     of.TextOr("face", "linux"), of.Text("set"),
                     of.TextOr("clock", "real"), of.TextOr("name", ""),
                     of.TextOr("instance", "")};
  }
  if (event == "call") {
    return CallSeen{of.Integer("id"),      of.Milliseconds(),
                    of.Text("actor"),      of.TextOr("object", "set"),
                    of.Text("method"),     of.Object("arguments"),
                    of.TextOr("into", ""), of.FlagOr("concurrent", false)};
  }
  if (event == "return") {
    return ReturnSeen{of.Integer("id"), of.Milliseconds(),
                      static_cast<std::int32_t>(of.Integer("code")), of.Object("out")};
  }
  if (event == "gone") {
    return GoneSeen{of.Milliseconds(), of.Text("actor"), of.TextOr("how", "ended")};
  }
  if (event == "advance") {
    return AdvanceSeen{of.Milliseconds(), of.TextOr("actor", ""), of.Text("set"),
                       of.Integer("by_ms"), of.IntegerOr("waiting", 0)};
  }
  if (event == "step") {
    return StepSeen{of.Milliseconds(), of.Text("kind"), of.TextOr("actor", ""),
                    of.Object("arguments")};
  }
  throw ObservationError("\"" + event +
                         "\" is no event; there are actor, call, return, gone, advance and step");
}

std::vector<Seen> ParseObservations(std::string_view text) {
  std::vector<Seen> all;
  int number = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    try {
      all.push_back(ParseObservation(line));
    } catch (const ObservationError& error) {
      throw ObservationError("line " + std::to_string(number) + ": " + error.what());
    }
  }
  return all;
}

}  // namespace conform
