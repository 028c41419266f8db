// Whether what was written was on stable storage when the client said so (CMD-Flush-1, VC-02).
#include <fmt/format.h>

#include <algorithm>

#include "conformance/watch/call_fields.h"
#include "conformance/watch/data_files.h"
#include "conformance/watch/seen.h"
#include "conformance/watch/win32_codes.h"

namespace conform {
namespace {

using Files = std::vector<const DataFile*>;

// Whether a Write came between the fetch of the command and its answer; then what is written
// meanwhile may be that one's.
bool WriteCameMeanwhile(const Seen& seen, const FetchedCommand& flush) {
  return std::any_of(seen.history.commands.begin(), seen.history.commands.end(),
                     [&](const FetchedCommand& other) {
                       return other.code == kVdcWrite && other.got > flush.got &&
                              other.got < flush.completion->start_ns;
                     });
}

// A Write of that device that was received before the command, and taken: it may be completed
// later.
bool IsTakenBefore(const FetchedCommand& other, const FetchedCommand& flush) {
  return other.device == flush.device && other.code == kVdcWrite && other.got < flush.got &&
         other.completed() && other.completion_code == kWinSuccess;
}

// The bytes of all of them.
int64_t BytesBefore(const Seen& seen, const FetchedCommand& flush) {
  int64_t sum = 0;
  for (const FetchedCommand& other : seen.history.commands) {
    if (IsTakenBefore(other, flush)) sum += other.size;
  }
  return sum;
}

// When the last of them came; 0: there was none.
int64_t LastBefore(const Seen& seen, const FetchedCommand& flush) {
  int64_t last = 0;
  for (const FetchedCommand& other : seen.history.commands) {
    if (IsTakenBefore(other, flush)) last = std::max(last, other.got);
  }
  return last;
}

// A file that is taken away again, when what went through it is safe elsewhere. A program that gave
// up takes its artefact away as well: that one was promised to be safe.
bool IsPassedThrough(const Seen& seen, const DataFile& file, const Files& files, int64_t until,
                     int64_t t) {
  if (!file.gone) return false;
  return seen.ReportsSuccess() ||
         std::any_of(files.begin(), files.end(), [&](const DataFile* other) {
           return other != &file && other->BytesBy(t) > 0 && !other->UnsafeAt(until, t);
         });
}

// What is wrong with the files at the answer; empty: nothing.
std::string Trouble(const Seen& seen, const FetchedCommand& flush, const Files& files,
                    bool count_bytes) {
  const int64_t t = flush.completion->start_ns;
  const int64_t until = WriteCameMeanwhile(seen, flush) ? flush.got : t;
  int64_t written = 0;
  for (const DataFile* file : files) {
    // Nobody sees when a mapping is written to. But if that is where all data goes, what came last
    // went there after it had come.
    if (file->mapped_lasting) return {};
    if (file->mapped) {
      const int64_t last = LastBefore(seen, flush);
      const bool alone = files.size() == 1 && file->device && file->writes.empty();
      const bool unsafe = alone && last != 0 && !file->SyncedWithin(last, t);
      return unsafe ? "data in a mapping that was not synced" : "";
    }
    if (!file->gone || !seen.ReportsSuccess()) written += file->BytesBy(t);
  }
  for (const DataFile* file : files) {
    if (IsPassedThrough(seen, *file, files, until, t)) continue;
    if (file->UnsafeAt(until, t)) return "data that was written and not synced";
    if (file->OnlySyncedAgain(until, t)) {
      return "data whose sync had failed; that a later one succeeds says nothing of it";
    }
    if (until == t && file->KeptBackAt(t)) return "data that stdio still kept back";
  }
  if (count_bytes && !files.empty() && written < BytesBefore(seen, flush)) {
    return "data that was not even written";
  }
  return {};
}

bool AllStored(const Evidence& evidence) {
  return !evidence.stored.empty() &&
         std::all_of(evidence.stored.begin(), evidence.stored.end(),
                     [](const StoredStream& stream) { return stream.equal; });
}

// Taken away with its directory, which nobody told the witness.
bool HasVanished(const Evidence& evidence, const DataFile& file) {
  const std::string name =
      std::filesystem::path(file.path).lexically_relative(evidence.artefact_dir).string();
  return evidence.job.trouble &&
         std::none_of(evidence.after.begin(), evidence.after.end(),
                      [&](const FileFact& one) { return one.path == name; });
}

// A log or a list beside the data: text, where the data is none and more.
bool IsBookkeeping(const Evidence& evidence, const DataFile& file) {
  const std::string name =
      std::filesystem::path(file.path).lexically_relative(evidence.artefact_dir).string();
  const auto fact = std::find_if(evidence.after.begin(), evidence.after.end(),
                                 [&](const FileFact& one) { return one.path == name; });
  return fact != evidence.after.end() && fact->text &&
         std::any_of(evidence.after.begin(), evidence.after.end(), [&](const FileFact& other) {
           return !other.text && other.size >= fact->size;
         });
}

// A process that writes or syncs in ways that the witness does not see, such as io_uring.
bool IsPartlyUnseen(const Evidence& evidence) {
  return std::any_of(evidence.system.begin(), evidence.system.end(),
                     [](const WitnessEvent& event) { return event.call == "unseen"; });
}

Files FilesOf(const std::vector<DataFile>& files, std::optional<size_t> device, bool all) {
  Files chosen;
  for (const DataFile& file : files) {
    if (file.path.empty()) continue;
    if (all || file.device == device) chosen.push_back(&file);
  }
  return chosen;
}

std::string Names(const Seen& seen, const Files& files) {
  std::string names;
  for (const DataFile* file : files) {
    names +=
        (names.empty() ? "" : ", ") +
        std::filesystem::path(file->path).lexically_relative(seen.evidence.artefact_dir).string();
  }
  return names;
}

void CheckAnswer(const Seen& seen, const FetchedCommand& command, const Files& files,
                 bool count_bytes, Ledger* ledger) {
  if (files.empty()) return;
  const char* const check =
      command.code == kVdcFlush ? "program/flush-durable" : "program/complete-durable";
  ledger->Look(check);
  const std::string trouble = Trouble(seen, command, files, count_bytes);
  if (trouble.empty()) return;
  ledger->Break(check,
                {.t = command.completion->start_ns,
                 .expected = "write, then fsync or fdatasync (or a file opened with O_SYNC or "
                             "O_DSYNC), then the answer",
                 .actual = fmt::format("{} was answered with ERROR_SUCCESS over {}",
                                       Seen::CommandName(command.code), trouble),
                 .note = "Files: " + Names(seen, files) + "\n" + seen.Place(*command.completion),
                 .problem = reports::Problem::kDataCorruption});
}

bool IsAnswer(const FetchedCommand& command, int code) {
  return command.code == code && command.completed() && command.completion_code == kWinSuccess &&
         !IsInjected(*command.completion);
}

void CheckRenames(const Seen& seen, Ledger* ledger) {
  // A directory that was taken away cannot be synced, nor one by a program that was killed.
  if (seen.evidence.job.trouble || !seen.EndedByItself()) return;
  for (const WitnessEvent& event : seen.evidence.system) {
    if (event.call != "rename" || event.error != 0 || event.directory) continue;
    if (!IsBelow(event.to, seen.evidence.artefact_dir)) continue;
    ledger->Look("program/directory-durable");
    const std::string parent = std::filesystem::path(event.to).parent_path().string();
    const bool synced = std::any_of(
        seen.evidence.system.begin(), seen.evidence.system.end(), [&](const WitnessEvent& other) {
          const bool of_it = other.directory && other.path == parent &&
                             (other.call == "fsync" || other.call == "fdatasync");
          return (of_it || other.call == "sync" || other.call == "syncfs") && other.error == 0 &&
                 other.t >= event.end();
        });
    if (synced) continue;
    ledger->Break("program/directory-durable",
                  {.t = event.t,
                   .expected = "fsync of the directory behind the rename",
                   .actual = "an artefact was renamed and its directory was not synced",
                   .note = "Renamed to " + event.to});
  }
}

}  // namespace

void CheckDurability(const Seen& seen, Ledger* ledger) {
  if (seen.evidence.job.operation != JobOperation::kBackup) return;
  if (IsPartlyUnseen(seen.evidence)) return;
  std::vector<DataFile> files =
      DataFilesOf(seen.evidence.system, seen.history, seen.evidence.artefact_dir);
  std::erase_if(files, [&](const DataFile& file) { return IsBookkeeping(seen.evidence, file); });
  for (DataFile& file : files) file.gone = file.gone || HasVanished(seen.evidence, file);
  const FetchedCommand* last = nullptr;
  for (const FetchedCommand& command : seen.history.commands) {
    const bool is_flush = IsAnswer(command, kVdcFlush);
    if (!is_flush && !IsAnswer(command, kVdcComplete)) continue;
    const Files own = FilesOf(files, command.device, false);
    // A raw artefact has one file for each device, and in the end every byte of the stream in it.
    const bool count =
        seen.evidence.client.raw_artefact && own.size() == 1 && AllStored(seen.evidence);
    CheckAnswer(seen, command, own, count, ledger);
    if (is_flush &&
        (last == nullptr || command.completion->start_ns > last->completion->start_ns)) {
      last = &command;
    }
  }
  // Files that nobody can tell a device for: safe behind the last Flush of all.
  if (last != nullptr) CheckAnswer(seen, *last, FilesOf(files, std::nullopt, false), false, ledger);
  CheckRenames(seen, ledger);
}

}  // namespace conform
