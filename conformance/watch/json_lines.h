// Files of JSON objects, one a line, that processes add to until they are killed. A line that
// cannot be used costs that line alone.
#ifndef CONFORMANCE_WATCH_JSON_LINES_H_
#define CONFORMANCE_WATCH_JSON_LINES_H_

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace conform {

struct LineDamage {
  std::string file;
  uint64_t line = 0;             // from 1; 0: the file as a whole
  std::string reason;            // a sentence's worth
  std::string ToString() const;  // "j.jsonl:17: reason"
};

// Hands each object to `take`, which throws std::exception for one that it cannot use. file: the
// name that damages are reported with.
std::vector<LineDamage> ReadJsonLines(std::istream& text, const std::string& file,
                                      const std::function<void(const nlohmann::json&)>& take);

// The same of a file by its path. One that cannot be opened is a damage of line 0.
std::vector<LineDamage> ReadJsonLinesFile(const std::string& path,
                                          const std::function<void(const nlohmann::json&)>& take);

// Members of an object. Each throws std::runtime_error that names the member when it has another
// type; a missing one, or null, is `otherwise`.
int64_t NumberOr(const nlohmann::json& object, const char* key, int64_t otherwise);
std::string TextOr(const nlohmann::json& object, const char* key, const std::string& otherwise);
bool FlagOr(const nlohmann::json& object, const char* key, bool otherwise);
// The same, and a missing one is an error, too.
int64_t Number(const nlohmann::json& object, const char* key);
std::string Text(const nlohmann::json& object, const char* key);

}  // namespace conform

#endif  // CONFORMANCE_WATCH_JSON_LINES_H_
