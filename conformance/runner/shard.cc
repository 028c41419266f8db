#include "conformance/runner/shard.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <stdexcept>

namespace conform {
namespace {

std::optional<int> ParseNumber(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

reports::Shard ParseShard(std::string_view text) {
  const size_t slash = std::min(text.find('/'), text.size());
  const std::optional<int> index = ParseNumber(text.substr(0, slash));
  const std::optional<int> count =
      slash < text.size() ? ParseNumber(text.substr(slash + 1)) : std::nullopt;
  if (!index || !count || *index < 1 || *count < 1 || *index > *count) {
    throw std::invalid_argument(
        fmt::format("\"{}\" is no shard; expected I/N with I from 1 to N, such as 2/3", text));
  }
  return {.index = *index, .count = *count, .selected = 0};
}

reports::Shard ShardOfRun(const std::string& option) {
  const std::string count = Environment("GTEST_TOTAL_SHARDS");
  const std::string index = Environment("GTEST_SHARD_INDEX");
  if (const std::string status = Environment("GTEST_SHARD_STATUS_FILE"); !status.empty()) {
    if (!std::ofstream(status, std::ios::app)) {
      throw std::invalid_argument("GTEST_SHARD_STATUS_FILE: cannot write " + status);
    }
  }
  if (!option.empty()) return ParseShard(option);
  if (count.empty() && index.empty()) return {};
  const std::optional<int> number = ParseNumber(index);
  const std::optional<int> all = ParseNumber(count);
  if (!number || !all || *number < 0 || *all < 1 || *number >= *all) {
    throw std::invalid_argument(
        fmt::format("GTEST_SHARD_INDEX is \"{}\" and GTEST_TOTAL_SHARDS is \"{}\"; expected an "
                    "index from 0 to one below the total",
                    index, count));
  }
  return {.index = *number + 1, .count = *all, .selected = 0};
}

std::vector<const Case*> TakeShard(const std::vector<const Case*>& cases,
                                   const reports::Shard& shard) {
  std::vector<const Case*> taken;
  const auto step = static_cast<size_t>(shard.count);
  for (size_t i = static_cast<size_t>(shard.index) - 1; i < cases.size(); i += step) {
    taken.push_back(cases[i]);
  }
  return taken;
}

}  // namespace conform
