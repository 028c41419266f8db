// What is stored, against what the server sent and got back (O-06).
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "conformance/watch/seen.h"
#include "conformance/watch/win32_codes.h"

namespace conform {
namespace {

// The command that carried that byte of a device's stream.
const JournalEvent* CommandAt(const StatementSeen& statement, int device, int64_t offset) {
  for (const JournalEvent* sent : statement.sent) {
    if (sent->device == device && sent->code == kVdcWrite && sent->offset &&
        *sent->offset <= offset && offset < *sent->offset + sent->size) {
      return sent;
    }
  }
  return nullptr;
}

// Whoever says that it failed may have stored what it likes, or nothing.
void CheckArtefact(const Seen& seen, Ledger* ledger) {
  if (seen.statement == nullptr || !seen.statement->succeeded() || !seen.ReportsSuccess()) return;
  // What was taken away from under it the client cannot have kept.
  if (seen.evidence.job.expect == JobExpectation::kAny && seen.evidence.job.trouble) return;
  for (const StoredStream& stream : seen.evidence.stored) {
    if (stream.statement != seen.statement->number) continue;
    ledger->Look("program/artefact-equal");
    if (stream.equal) continue;
    std::string actual;
    if (stream.path.empty()) {
      actual =
          fmt::format("nothing that was stored resembles the stream of device {}", stream.device);
    } else if (stream.first_bad >= std::min(stream.sent, stream.stored)) {
      actual = fmt::format("device {}: {} bytes were sent, {} are stored", stream.device,
                           stream.sent, stream.stored);
    } else {
      actual = fmt::format("device {}: byte {} of the artefact differs", stream.device,
                           stream.first_bad);
    }
    std::string note = stream.path.empty() ? "" : "Artefact: " + stream.path;
    if (const JournalEvent* const sent =
            CommandAt(*seen.statement, stream.device, stream.first_bad)) {
      note += fmt::format(
          "{}That byte came with command {} of device {}, a VDC_Write of {} bytes "
          "at offset {} of the stream",
          note.empty() ? "" : "\n", sent->n, sent->device, sent->size, *sent->offset);
      if (sent->database) {
        note += fmt::format("; it is byte {} of the database",
                            *sent->database + stream.first_bad - *sent->offset);
      }
      note += '.';
    }
    ledger->Break("program/artefact-equal",
                  {.expected = "the bytes that the server sent, in their order",
                   .actual = actual,
                   .note = note,
                   .problem = reports::Problem::kDataCorruption});
  }
}

void CheckRestore(const Seen& seen, Ledger* ledger) {
  if (seen.statement == nullptr || seen.statement->ended == nullptr) return;
  const JournalEvent& ended = *seen.statement->ended;
  if (seen.evidence.job.operation != JobOperation::kRestore || seen.evidence.job.damaged) return;
  if (ended.comparison != "equal" && ended.comparison != "different") return;
  ledger->Look("program/restore-equal");
  if (ended.comparison == "equal") return;
  std::string note;
  if (ended.difference) {
    note = fmt::format("First at byte {} of the database, from command {} of device {}",
                       ended.difference->database, ended.difference->n, ended.difference->device);
    if (ended.difference->stream) {
      note += fmt::format(", at offset {} of its stream", *ended.difference->stream);
    }
    note += '.';
  }
  ledger->Break("program/restore-equal", {.expected = "the database as it was backed up",
                                          .actual = "other bytes",
                                          .note = note,
                                          .problem = reports::Problem::kDataCorruption});
}

// A name that tells everybody that the file is not finished.
bool LooksUnfinished(const std::string& path) {
  std::string name = std::filesystem::path(path).filename().string();
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (name.empty() || name.front() == '.' || name.back() == '~') return true;
  for (const char* sign : {"part", "tmp", "temp", "incomplete", "unfinished", "failed", "broken"}) {
    if (name.find(sign) != std::string::npos) return true;
  }
  return false;
}

// Only where the client came to its own end: whoever was killed could not clean up.
void CheckPartial(const Seen& seen, Ledger* ledger) {
  const Evidence& evidence = seen.evidence;
  if (evidence.job.operation != JobOperation::kBackup || !seen.EndedByItself()) return;
  if (seen.statement == nullptr || seen.statement->succeeded()) return;
  // Who does not give the statement, and saw no failure, keeps what somebody else has to judge.
  if (evidence.job.judge_statement && seen.ReportsSuccess()) return;
  ledger->Look("program/partial-artefact");
  for (const FileFact& file : evidence.after) {
    const auto old = std::find_if(evidence.before.begin(), evidence.before.end(),
                                  [&](const FileFact& other) { return other.path == file.path; });
    const bool untouched = old != evidence.before.end() && old->hash == file.hash;
    const bool is_artefact = std::find(evidence.artefacts.begin(), evidence.artefacts.end(),
                                       file.path) != evidence.artefacts.end();
    if (untouched || file.size == 0 || (!is_artefact && LooksUnfinished(file.path))) continue;
    ledger->Break("program/partial-artefact",
                  {.expected = "no file, or one whose name says that it is not finished",
                   .actual = "the backup failed, and a file is left that looks like a good one",
                   .note = fmt::format("{}, {} bytes", file.path, file.size),
                   .problem = reports::Problem::kDataCorruption});
  }
}

}  // namespace

void CheckStoredData(const Seen& seen, Ledger* ledger) {
  CheckArtefact(seen, ledger);
  CheckRestore(seen, ledger);
  CheckPartial(seen, ledger);
}

}  // namespace conform
