#include "conformance/watch/json_lines.h"

#include <cerrno>
#include <fstream>
#include <limits>
#include <stdexcept>
#include <system_error>

namespace conform {
namespace {

using Json = nlohmann::json;

const Json* Find(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

[[noreturn]] void Complain(const char* key, const char* what) {
  throw std::runtime_error("\"" + std::string(key) + "\" " + what);
}

int64_t AsNumber(const Json& value, const char* key) {
  if (value.is_number_unsigned()) {
    const auto number = value.get<uint64_t>();
    if (number <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {
      return static_cast<int64_t>(number);
    }
  } else if (value.is_number_integer()) {
    return value.get<int64_t>();
  }
  Complain(key, "is no whole number");
}

}  // namespace

std::string LineDamage::ToString() const {
  return file + ":" + std::to_string(line) + ": " + reason;
}

std::vector<LineDamage> ReadJsonLines(std::istream& text, const std::string& file,
                                      const std::function<void(const Json&)>& take) {
  std::vector<LineDamage> damages;
  std::string line;
  for (uint64_t number = 1; std::getline(text, line); ++number) {
    if (line.empty()) continue;
    try {
      const Json object = Json::parse(line);
      if (!object.is_object()) throw std::runtime_error("no JSON object");
      take(object);
    } catch (const std::exception& trouble) {
      damages.push_back({file, number, trouble.what()});
    }
  }
  return damages;
}

std::vector<LineDamage> ReadJsonLinesFile(const std::string& path,
                                          const std::function<void(const Json&)>& take) {
  std::ifstream text(path, std::ios::binary);
  if (!text) return {{path, 0, "cannot be opened: " + std::generic_category().message(errno)}};
  return ReadJsonLines(text, path, take);
}

int64_t NumberOr(const Json& object, const char* key, int64_t otherwise) {
  const Json* const value = Find(object, key);
  return value == nullptr ? otherwise : AsNumber(*value, key);
}

std::string TextOr(const Json& object, const char* key, const std::string& otherwise) {
  const Json* const value = Find(object, key);
  if (value == nullptr) return otherwise;
  if (!value->is_string()) Complain(key, "is no text");
  return value->get<std::string>();
}

bool FlagOr(const Json& object, const char* key, bool otherwise) {
  const Json* const value = Find(object, key);
  if (value == nullptr) return otherwise;
  if (!value->is_boolean()) Complain(key, "is neither true nor false");
  return value->get<bool>();
}

int64_t Number(const Json& object, const char* key) {
  if (Find(object, key) == nullptr) Complain(key, "is missing");
  return NumberOr(object, key, 0);
}

std::string Text(const Json& object, const char* key) {
  if (Find(object, key) == nullptr) Complain(key, "is missing");
  return TextOr(object, key, {});
}

}  // namespace conform
