// The databases of an instance, kept in <home>/databases.json, so that every program that runs an
// engine in this home knows the same ones. Each call reads the file and each change replaces it
// whole; two processes that change it at the same moment leave one of the two changes. Any thread.
#ifndef SIMULATOR_ENGINE_DATABASE_REGISTRY_H_
#define SIMULATOR_ENGINE_DATABASE_REGISTRY_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vdisim {

struct DatabaseEntry {
  std::string name;           // as it was written first
  std::string source;         // for OpenDataSource; a file's path is absolute
  bool restoring = false;     // restored WITH NORECOVERY: takes differential and log backups
  uint64_t lsn = 0;           // the end of its log
  uint64_t full_lsn = 0;      // of the last full backup; 0 = none
  uint64_t log_sequence = 0;  // log backups taken since then
  uint64_t restored_lsn = 0;  // of the full backup that was restored; 0 = none
};

class DatabaseRegistry {
 public:
  explicit DatabaseRegistry(std::filesystem::path home);

  // The entry of that name, in any case. Nothing if there is none or the file cannot be read.
  std::optional<DatabaseEntry> Find(std::string_view name) const;
  std::vector<DatabaseEntry> All() const;

  // Adds the entry, or changes the one of its name by calling `change` on it (on a new one with
  // nothing but the name). False and a sentence if the file could not be read or replaced.
  bool Update(std::string_view name, const std::function<void(DatabaseEntry*)>& change,
              std::string* error);

  // False and a sentence if there is a file and it cannot be understood.
  bool Check(std::string* error) const;

 private:
  std::filesystem::path File() const { return home_ / "databases.json"; }
  std::optional<std::vector<DatabaseEntry>> Load(std::string* error) const;
  bool Store(const std::vector<DatabaseEntry>& entries, std::string* error) const;

  const std::filesystem::path home_;
  mutable std::mutex mutex_;
};

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_DATABASE_REGISTRY_H_
