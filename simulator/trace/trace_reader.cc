#include "simulator/trace/trace_reader.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

namespace vdisim {
namespace {

// How every record begins, and every mark. They cannot stand inside one: a quotation mark in a
// value is escaped.
constexpr std::string_view kRecordStart = R"({"n":)";
constexpr std::string_view kMarkStart = R"({"begin":)";

// Adds the record or mark; false, with the reason, if it is neither.
bool Take(std::string_view text, uint64_t line, Trace* trace, std::string* reason) {
  if (text.starts_with(kMarkStart)) {
    std::optional<BeginMark> mark = ParseBeginMark(text, reason);
    if (mark) trace->begun.push_back(std::move(*mark));
    return mark.has_value();
  }
  std::optional<CallRecord> record = ParseRecord(text, reason);
  if (record) trace->entries.push_back({line, std::move(*record)});
  return record.has_value();
}

}  // namespace

std::string TraceDamage::ToString() const {
  return file + ":" + std::to_string(line) + ": " + reason;
}

Trace ReadTrace(std::istream& text, const std::string& file) {
  Trace trace;
  std::string line;
  for (uint64_t number = 1; std::getline(text, line); ++number) {
    std::string_view rest = line;
    // What a writer could not finish may be followed by another writer's record on the same line.
    while (!rest.empty()) {
      std::string reason;
      if (Take(rest, number, &trace, &reason)) break;
      trace.damages.push_back({file, number, reason});
      const size_t next = std::min(rest.find(kRecordStart, 1), rest.find(kMarkStart, 1));
      rest = next == std::string_view::npos ? std::string_view() : rest.substr(next);
    }
  }
  return trace;
}

Trace ReadTraceFile(const std::string& path) {
  std::ifstream text(path, std::ios::binary);
  if (!text) {
    return Trace{
        {}, {}, {{path, 0, "cannot be opened: " + std::generic_category().message(errno)}}};
  }
  return ReadTrace(text, path);
}

}  // namespace vdisim
