#include "simulator/trace/call_record.h"

#include <cstdio>
#include <exception>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "simulator/base/hresult.h"

namespace vdisim {
namespace {

using Json = nlohmann::ordered_json;

Json JsonOfFields(const std::vector<TraceField>& fields) {
  Json object = Json::object();
  for (const TraceField& field : fields) {
    Json& value = object[field.name];
    if (const auto* number = std::get_if<int64_t>(&field.value)) value = *number;
    if (const auto* large = std::get_if<uint64_t>(&field.value)) value = *large;
    if (const auto* text = std::get_if<std::string>(&field.value)) value = *text;
  }
  return object;
}

std::vector<TraceField> FieldsOfJson(const Json& record, const char* key) {
  const Json& object = record.at(key);
  if (!object.is_object()) throw std::runtime_error(std::string(key) + " is not an object");
  std::vector<TraceField> fields;
  for (const auto& [name, value] : object.items()) {
    TraceField field{name, {}};
    if (value.is_number_unsigned()) {
      field.value = TraceNumber(value.get<uint64_t>());
    } else if (value.is_number_integer()) {
      field.value = TraceNumber(value.get<int64_t>());
    } else if (!value.is_null()) {
      field.value = value.get<std::string>();
    }
    fields.push_back(std::move(field));
  }
  return fields;
}

// A whole number that fits; the library would cut one that does not.
template <typename T>
T Number(const Json& record, const char* key) {
  const Json& value = record.at(key);
  if (value.is_number_unsigned()) {
    const auto number = value.get<uint64_t>();
    if (number <= static_cast<uint64_t>(std::numeric_limits<T>::max())) {
      return static_cast<T>(number);
    }
  } else if (value.is_number_integer() && std::numeric_limits<T>::is_signed) {
    const auto number = value.get<int64_t>();
    if (number >= static_cast<int64_t>(std::numeric_limits<T>::min())) {
      return static_cast<T>(number);
    }
  }
  throw std::runtime_error(std::string(key) + " is not a whole number that fits");
}

CallRecord RecordOfJson(const Json& json) {
  CallRecord record;
  record.number = Number<uint64_t>(json, "n");
  record.start_ns = Number<int64_t>(json, "t");
  record.duration_ns = Number<int64_t>(json, "d");
  record.pid = Number<uint32_t>(json, "pid");
  record.tid = Number<uint32_t>(json, "tid");
  record.face = json.at("face").get<std::string>();
  record.object = Number<uint64_t>(json, "object");
  record.set = json.at("set").get<std::string>();
  if (json.contains("device")) record.device = json.at("device").get<std::string>();
  record.method = json.at("call").get<std::string>();
  record.inputs = FieldsOfJson(json, "in");
  record.outputs = FieldsOfJson(json, "out");
  record.code = Number<int32_t>(json, "code");
  return record;
}

BeginMark MarkOfJson(const Json& json) {
  BeginMark mark;
  mark.method = json.at("begin").get<std::string>();
  mark.start_ns = Number<int64_t>(json, "t");
  mark.pid = Number<uint32_t>(json, "pid");
  mark.tid = Number<uint32_t>(json, "tid");
  mark.face = json.at("face").get<std::string>();
  mark.object = Number<uint64_t>(json, "object");
  mark.set = json.at("set").get<std::string>();
  if (json.contains("device")) mark.device = json.at("device").get<std::string>();
  return mark;
}

template <typename Read>
auto ParseLine(std::string_view line, std::string* error, const Read& read)
    -> std::optional<decltype(read(Json()))> {
  try {
    return read(Json::parse(line));
  } catch (const std::exception& what) {
    *error = what.what();
    return std::nullopt;
  }
}

std::string LineOf(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

TraceValue TraceNumber(int64_t number) { return number; }

TraceValue TraceNumber(uint64_t number) {
  if (number > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) return number;
  return static_cast<int64_t>(number);
}

TraceValue TraceAddress(const volatile void* address) {
  if (address == nullptr) return {};
  char text[2 + 2 * sizeof address + 1];
  snprintf(text, sizeof text, "0x%llx",
           static_cast<unsigned long long>(reinterpret_cast<uintptr_t>(address)));
  return std::string(text);
}

TraceValue TraceText(const char* text) {
  if (text == nullptr) return {};
  return std::string(text);
}

std::string FormatRecord(const CallRecord& record) {
  Json json;
  json["n"] = record.number;
  json["t"] = record.start_ns;
  json["d"] = record.duration_ns;
  json["pid"] = record.pid;
  json["tid"] = record.tid;
  json["face"] = record.face;
  json["object"] = record.object;
  json["set"] = record.set;
  if (record.device) json["device"] = *record.device;
  json["call"] = record.method;
  json["in"] = JsonOfFields(record.inputs);
  json["out"] = JsonOfFields(record.outputs);
  json["code"] = record.code;
  json["result"] = HResult(record.code).name();
  return LineOf(json);
}

std::optional<CallRecord> ParseRecord(std::string_view line, std::string* error) {
  return ParseLine(line, error, RecordOfJson);
}

std::string FormatBeginMark(const BeginMark& mark) {
  Json json;
  json["begin"] = mark.method;
  json["t"] = mark.start_ns;
  json["pid"] = mark.pid;
  json["tid"] = mark.tid;
  json["face"] = mark.face;
  json["object"] = mark.object;
  json["set"] = mark.set;
  if (mark.device) json["device"] = *mark.device;
  return LineOf(json);
}

std::optional<BeginMark> ParseBeginMark(std::string_view line, std::string* error) {
  return ParseLine(line, error, MarkOfJson);
}

}  // namespace vdisim
