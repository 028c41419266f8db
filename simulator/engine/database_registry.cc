#include "simulator/engine/database_registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "simulator/engine/names.h"
#include "simulator/engine/temporary_file.h"

namespace vdisim {
namespace {

using nlohmann::json;

constexpr int kFileVersion = 1;

json ToJson(const DatabaseEntry& entry) {
  return json{{"name", entry.name},
              {"source", entry.source},
              {"restoring", entry.restoring},
              {"lsn", entry.lsn},
              {"full_lsn", entry.full_lsn},
              {"log_sequence", entry.log_sequence},
              {"restored_lsn", entry.restored_lsn}};
}

DatabaseEntry FromJson(const json& from) {
  return DatabaseEntry{.name = from.at("name").get<std::string>(),
                       .source = from.at("source").get<std::string>(),
                       .restoring = from.value("restoring", false),
                       .lsn = from.value("lsn", uint64_t{0}),
                       .full_lsn = from.value("full_lsn", uint64_t{0}),
                       .log_sequence = from.value("log_sequence", uint64_t{0}),
                       .restored_lsn = from.value("restored_lsn", uint64_t{0})};
}

auto Locate(std::vector<DatabaseEntry>& entries, std::string_view name) {
  return std::find_if(entries.begin(), entries.end(),
                      [&](const DatabaseEntry& entry) { return SameName(entry.name, name); });
}

}  // namespace

DatabaseRegistry::DatabaseRegistry(std::filesystem::path home) : home_(std::move(home)) {}

std::optional<DatabaseEntry> DatabaseRegistry::Find(std::string_view name) const {
  std::vector<DatabaseEntry> entries = All();
  const auto found = Locate(entries, name);
  return found == entries.end() ? std::nullopt : std::optional(*found);
}

std::vector<DatabaseEntry> DatabaseRegistry::All() const {
  const std::scoped_lock lock(mutex_);
  std::string ignored;
  return Load(&ignored).value_or(std::vector<DatabaseEntry>{});
}

bool DatabaseRegistry::Check(std::string* error) const {
  const std::scoped_lock lock(mutex_);
  return Load(error).has_value();
}

bool DatabaseRegistry::Update(std::string_view name,
                              const std::function<void(DatabaseEntry*)>& change,
                              std::string* error) {
  const std::scoped_lock lock(mutex_);
  auto entries = Load(error);
  if (!entries) return false;
  auto found = Locate(*entries, name);
  if (found == entries->end()) {
    found = entries->insert(found, DatabaseEntry());
    found->name = name;
  }
  change(&*found);
  return Store(*entries, error);
}

std::optional<std::vector<DatabaseEntry>> DatabaseRegistry::Load(std::string* error) const {
  std::vector<DatabaseEntry> entries;
  std::ifstream file(File());
  if (!file.is_open()) {
    std::error_code failure;
    if (!std::filesystem::exists(File(), failure)) return entries;
    *error = fmt::format("'{}' cannot be read", File().string());
    return std::nullopt;
  }
  try {
    const json document = json::parse(file);
    if (document.at("version").get<int>() != kFileVersion) {
      *error = fmt::format("'{}' was written by another version", File().string());
      return std::nullopt;
    }
    for (const json& entry : document.at("databases")) entries.push_back(FromJson(entry));
  } catch (const json::exception& failure) {
    *error = fmt::format("'{}' is damaged: {}", File().string(), failure.what());
    return std::nullopt;
  }
  return entries;
}

bool DatabaseRegistry::Store(const std::vector<DatabaseEntry>& entries, std::string* error) const {
  json databases = json::array();
  for (const DatabaseEntry& entry : entries) databases.push_back(ToJson(entry));
  // A name that is not UTF-8 is kept as well as JSON can.
  const std::string text = json{{"version", kFileVersion}, {"databases", databases}}.dump(
      2, ' ', false, json::error_handler_t::replace);
  TemporaryFile file(File());
  {
    std::ofstream out(file.path(), std::ios::binary | std::ios::trunc);
    out << text << '\n';
    out.close();
    if (!out) {
      *error = fmt::format("'{}' cannot be written", File().string());
      return false;
    }
  }
  if (file.Commit()) return true;
  *error = fmt::format("'{}' cannot be replaced", File().string());
  return false;
}

}  // namespace vdisim
