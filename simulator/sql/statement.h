// What a batch says once it is parsed: plain values, variables already replaced, options already
// checked. Owned by whoever asked the parser; nothing in here is shared. Answers for N-20 to N-27.
#ifndef SIMULATOR_SQL_STATEMENT_H_
#define SIMULATOR_SQL_STATEMENT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "simulator/sql/messages.h"

namespace vdisim {

// The kinds of BACKUP and RESTORE.
enum class Verb {
  kBackupDatabase,
  kBackupLog,
  kRestoreDatabase,
  kRestoreLog,
  kRestoreHeaderOnly,
  kRestoreFileListOnly,
  kRestoreVerifyOnly,
  kRestoreLabelOnly,
};
constexpr bool IsBackup(Verb verb) {
  return verb == Verb::kBackupDatabase || verb == Verb::kBackupLog;
}
// "BACKUP DATABASE", "RESTORE HEADERONLY", ...: the insert of messages 3013 and 3014.
const char* VerbText(Verb verb);

// How RESTORE leaves the database.
enum class Recovery { kRecovery, kNoRecovery, kStandby };

struct MoveFile {
  std::string logical_name;
  std::string target;
};

// Options that are named by the statement; an empty optional means "not said". Everything stands
// here in checked form: block_size_bytes is a power of two from 512 to 65536,
// max_transfer_size_bytes a multiple of 64 KiB up to 4 MiB, buffer_count at least 1,
// stats_percent 1 to 100 (STATS alone means 10).
struct TransferOptions {
  std::optional<uint32_t> block_size_bytes;
  std::optional<uint32_t> max_transfer_size_bytes;
  std::optional<uint32_t> buffer_count;
  std::optional<uint32_t> stats_percent;
  std::optional<uint32_t> file;  // FILE = n: the backup set on the medium, from 1
  std::optional<bool> checksum;  // CHECKSUM, NO_CHECKSUM
  std::optional<bool> compression;
  bool continue_after_error = false;
  bool copy_only = false;
  bool differential = false;
  bool snapshot = false;
  bool replace = false;
  bool restart = false;
  bool format = false;
  bool init = false;
  Recovery recovery = Recovery::kRecovery;  // BACKUP LOG ... WITH NORECOVERY sets it, too
  std::string standby_file;
  std::vector<MoveFile> moves;
  std::string name;
  std::string description;
  std::string media_name;
  std::string media_description;
  std::string stop_at;  // STOPAT, STOPATMARK or STOPBEFOREMARK, as written
};

// BACKUP or RESTORE. devices holds 1 to 64 names, the first of which is the set's (N-02); empty
// only where `errors` is not.
struct TransferStatement {
  Verb verb = Verb::kBackupDatabase;
  std::string database;  // empty for HEADERONLY, FILELISTONLY, VERIFYONLY and LABELONLY
  std::vector<std::string> devices;
  TransferOptions options;
};

// USE name. Whether the database exists is the engine's to say (911).
struct UseStatement {
  std::string database;
};

// SET ..., DECLARE ..., GRANT-like trivia: checked and otherwise without effect.
struct NoEffectStatement {};

// PRINT text: one message of severity 0.
struct PrintStatement {
  std::string text;
};

// SELECT of values without FROM. A value is a text (numbers as written), or a function that only
// the engine can answer; then `function` is its name in upper case ("@@VERSION", "@@SERVERNAME",
// "@@SPID", "DB_NAME", "SERVERPROPERTY", ...) and `text` its argument if it has one.
struct SelectValue {
  std::string column;  // header, empty without an alias
  std::string function;
  std::string text;
  bool null = false;
};
struct SelectStatement {
  std::vector<SelectValue> values;
};

struct Statement {
  Position position;  // of its first word
  std::variant<TransferStatement, UseStatement, NoEffectStatement, PrintStatement, SelectStatement>
      body;
  // What is wrong with a statement that is well formed: to be sent when its turn comes, in this
  // order, instead of running it. After those of a TransferStatement comes 3013 as well, which is
  // the engine's to send.
  std::vector<Message> errors;
};

// A batch that cannot be parsed runs not at all: then `errors` says why and `statements` is empty.
struct Batch {
  std::vector<Statement> statements;
  std::vector<Message> errors;
};

}  // namespace vdisim

#endif  // SIMULATOR_SQL_STATEMENT_H_
