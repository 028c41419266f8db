#include "conformance/watch/data_files.h"

#include <algorithm>
#include <cerrno>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "conformance/watch/win32_codes.h"

namespace conform {
namespace {

bool IsWritable(const WitnessEvent& open) {
  const std::string& flags = open.flags;
  if (flags.rfind("O_", 0) == 0) {
    return flags.find("O_WRONLY") != std::string::npos || flags.find("O_RDWR") != std::string::npos;
  }
  return flags.find_first_of("wa+") != std::string::npos;  // of fopen
}

bool IsSynchronous(const WitnessEvent& open) {
  return open.flags.find("SYNC") != std::string::npos && open.flags.rfind("O_", 0) == 0;
}

bool IsSync(const WitnessEvent& event) {
  return event.call == "fsync" || event.call == "fdatasync" || event.call == "msync";
}

bool IsSyncOfAll(const WitnessEvent& event) {
  return event.call == "sync" || event.call == "syncfs";
}

// Repeating it is the right answer, or it says nothing about the data.
bool IsPassing(int error) {
  return error == EINTR || error == EAGAIN || error == EINVAL || error == ENOTSUP;
}

// As the system shows a file that has no name any more, or has none yet.
constexpr std::string_view kNamelessSign = " (deleted)";

bool IsNameless(const std::string& path) { return path.ends_with(kNamelessSign); }

std::string_view WithoutSign(std::string_view path) {
  if (path.ends_with(kNamelessSign)) path.remove_suffix(kNamelessSign.size());
  return path;
}

class Collector {
 public:
  Collector(const History& history, const std::filesystem::path& directory)
      : history_(history), directory_(directory) {}

  void Take(const WitnessEvent& event) {
    if (event.call == "rename") Rename(event);
    if (event.call == "link") Link(event);
    if (event.call == "unlink") Unlink(event);
    if (event.call == "open") Open(event);
    if (IsSyncOfAll(event) && event.error == 0) of_all_.push_back(&event);
    const bool of_data = event.call == "write" || event.call == "fwrite" ||
                         event.call == "fflush" || event.call == "close" || event.call == "mmap" ||
                         IsSync(event);
    if (!of_data || event.directory) return;
    // A file may have left the directory, or have another name there.
    if (!IsBelow(event.path, directory_) && files_.count(Key(event)) == 0) return;
    DataFile& file = FileOf(event);
    if (event.call == "mmap") (event.by.empty() ? file.mapped : file.mapped_lasting) = true;
    if (event.pending >= 0) file.stdio.push_back(&event);
    if (event.error != 0 && !IsPassing(event.error)) file.failures.push_back(&event);
    if (event.call == "write" && event.result > 0) {
      file.writes.push_back({event.t, event.end(), event.result, IsDurable(event)});
      devices_[Key(event)].insert(DeviceAt(event));
    }
    if (IsSync(event) && event.error == 0) file.syncs.push_back(&event);
    if (IsSync(event) && event.error != 0 && !IsPassing(event.error)) {
      file.failed_syncs.push_back(&event);
    }
  }

  std::vector<DataFile> Finish() {
    std::vector<DataFile> files;
    for (auto& [key, file] : files_) {
      const bool written = file.mapped || !file.writes.empty() ||
                           std::any_of(file.stdio.begin(), file.stdio.end(),
                                       [](const auto* e) { return e->pending > 0; });
      if (!written && file.failures.empty()) continue;
      file.gone = file.gone || (IsNameless(file.path) && named_.count(key) == 0);
      file.syncs.insert(file.syncs.end(), of_all_.begin(), of_all_.end());
      const std::set<std::optional<size_t>>& devices = devices_[key];
      if (history_.devices.size() == 1) {
        file.device = 0;
      } else if (devices.size() == 1) {
        file.device = *devices.begin();
      }
      files.push_back(std::move(file));
    }
    return files;
  }

 private:
  using FileKey = std::pair<uint64_t, std::string>;

  FileKey Key(const WitnessEvent& event) const {
    if (event.inode != 0) return {event.inode, ""};
    // A msync knows the name alone, and whether the file has it still.
    for (const auto& [key, file] : files_) {
      if (WithoutSign(file.path) == WithoutSign(event.path)) return key;
    }
    return {0, event.path};
  }

  DataFile& FileOf(const WitnessEvent& event) {
    DataFile& file = files_[Key(event)];
    file.inode = event.inode;
    // A file without a name goes by the old one even when it was given a name.
    if (!event.path.empty() && named_.count(Key(event)) == 0) file.path = event.path;
    return file;
  }

  void Rename(const WitnessEvent& event) {
    if (event.error != 0) return;
    for (auto& [key, file] : files_) {
      if (file.path == event.path) {
        file.path = event.to;
      } else if (IsBelow(file.path, event.path)) {
        file.path = event.to + file.path.substr(event.path.size());
      }
    }
  }

  void Link(const WitnessEvent& event) {
    if (event.error != 0) return;
    for (auto& [key, file] : files_) {
      if (file.path != event.path) continue;
      file.path = event.to;
      named_.insert(key);
    }
  }

  void Unlink(const WitnessEvent& event) {
    if (event.error != 0) return;
    for (auto& [key, file] : files_) file.gone = file.gone || file.path == event.path;
  }

  void Open(const WitnessEvent& event) {
    if (event.error != 0 || !IsWritable(event)) return;
    // A new file may have the number of one that is gone.
    if (const auto old = files_.find(Key(event));
        old != files_.end() && old->second.gone && old->second.path != event.path) {
      files_.erase(old);
      all_synchronous_.erase(Key(event));
      devices_.erase(Key(event));
      named_.erase(Key(event));
    }
    opens_[{event.pid, event.fd}] = &event;
    const auto [found, is_new] = all_synchronous_.emplace(Key(event), IsSynchronous(event));
    if (!is_new) found->second = found->second && IsSynchronous(event);
  }

  bool IsDurable(const WitnessEvent& write) const {
    if (write.by.find("+RWF_DSYNC") != std::string::npos) return true;
    const auto open = opens_.find({write.pid, write.fd});
    if (open != opens_.end() && Key(*open->second) == Key(write)) {
      return IsSynchronous(*open->second);
    }
    // A descriptor that was duplicated or inherited.
    const auto all = all_synchronous_.find(Key(write));
    return all != all_synchronous_.end() && all->second;
  }

  // The device whose data this may be: the only one with a Write in hand, or the only one that the
  // thread has ever served.
  std::optional<size_t> DeviceAt(const WitnessEvent& write) const {
    std::set<size_t> holding, of_thread;
    for (const FetchedCommand& command : history_.commands) {
      if (command.code != kVdcWrite) continue;
      if (command.get->pid == write.pid && command.get->tid == write.tid) {
        of_thread.insert(command.device);
      }
      const bool held = command.got <= write.t &&
                        (!command.completed() || command.completion->start_ns >= write.t);
      if (held) holding.insert(command.device);
    }
    if (of_thread.size() == 1) return *of_thread.begin();
    if (of_thread.empty() && holding.size() == 1) return *holding.begin();
    return std::nullopt;
  }

  const History& history_;
  const std::filesystem::path& directory_;
  std::map<FileKey, DataFile> files_;
  std::map<FileKey, std::set<std::optional<size_t>>> devices_;
  std::map<FileKey, bool> all_synchronous_;
  std::set<FileKey> named_;  // by a link; what events call them is an older name
  std::map<std::pair<uint32_t, int>, const WitnessEvent*> opens_;
  std::vector<const WitnessEvent*> of_all_;
};

}  // namespace

bool IsBelow(const std::string& path, const std::filesystem::path& directory) {
  const std::string prefix = directory.string();
  return !prefix.empty() && path.size() > prefix.size() && path.rfind(prefix, 0) == 0 &&
         (prefix.back() == '/' || path[prefix.size()] == '/');
}

bool DataFile::UnsafeAt(int64_t until, int64_t t) const {
  return std::any_of(writes.begin(), writes.end(), [&](const DataWrite& write) {
    if (write.durable || write.end > until) return false;
    return std::none_of(syncs.begin(), syncs.end(), [&](const WitnessEvent* sync) {
      return sync->t >= write.end && sync->end() <= t;
    });
  });
}

bool DataFile::SyncedWithin(int64_t from, int64_t to) const {
  return std::any_of(syncs.begin(), syncs.end(), [&](const WitnessEvent* sync) {
    return sync->t >= from && sync->end() <= to;
  });
}

bool DataFile::OnlySyncedAgain(int64_t until, int64_t t) const {
  for (const WitnessEvent* failed : failed_syncs) {
    if (failed->end() > t) continue;
    int64_t doubtful = 0;
    int64_t again = 0;
    for (const DataWrite& write : writes) {
      if (write.durable || write.end > until) continue;
      const bool safe_before =
          std::any_of(syncs.begin(), syncs.end(), [&](const WitnessEvent* sync) {
            return sync->t >= write.end && sync->end() <= failed->t;
          });
      if (write.end <= failed->t && !safe_before) doubtful += write.bytes;
      if (write.begin >= failed->end()) again += write.bytes;
    }
    if (again < doubtful) return true;
  }
  return false;
}

bool DataFile::KeptBackAt(int64_t t) const {
  int64_t pending = 0;
  for (const WitnessEvent* event : stdio) {
    if (event->end() <= t) pending = event->pending;
  }
  return pending > 0;
}

int64_t DataFile::BytesBy(int64_t t) const {
  int64_t sum = 0;
  for (const DataWrite& write : writes) sum += write.end <= t ? write.bytes : 0;
  return sum;
}

std::vector<DataFile> DataFilesOf(const std::vector<WitnessEvent>& events, const History& history,
                                  const std::filesystem::path& directory) {
  std::vector<const WitnessEvent*> in_order;
  for (const WitnessEvent& event : events) in_order.push_back(&event);
  std::stable_sort(in_order.begin(), in_order.end(),
                   [](const auto* a, const auto* b) { return a->t < b->t; });
  Collector collector(history, directory);
  for (const WitnessEvent* event : in_order) collector.Take(*event);
  return collector.Finish();
}

}  // namespace conform
