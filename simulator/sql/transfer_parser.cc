#include "simulator/sql/transfer_parser.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "simulator/base/check.h"
#include "simulator/sql/text.h"
#include "simulator/sql/transfer_options.h"

namespace vdisim {
namespace {

constexpr const char* kVirtualOnly =
    "The simulator backs up to and restores from VIRTUAL_DEVICE = 'name' only.";
constexpr const char* kWholeOnly = "The simulator backs up and restores whole databases and logs.";

[[noreturn]] void NotSimulated(std::string_view what, std::string_view advice, Position position) {
  throw SyntaxError{WithPlace(MakeMessage(kNotSimulated, what, advice), position)};
}

class TransferParser {
 public:
  TransferParser(TokenCursor& cursor, ExpressionParser& expressions, std::vector<Message>& errors)
      : cursor_(cursor), expressions_(expressions), errors_(errors) {}

  TransferStatement Run() {
    const Position start = cursor_.Peek().position;
    const bool backup = cursor_.AtKeyword("BACKUP");
    cursor_.Next();
    statement_.verb = backup ? ParseBackupVerb() : ParseRestoreVerb();
    if (statement_.verb <= Verb::kRestoreLog) ParseDatabase();
    if (cursor_.AtKeyword("FILE") || cursor_.AtKeyword("FILEGROUP") || cursor_.AtKeyword("PAGE") ||
        cursor_.AtKeyword("READ_WRITE_FILEGROUPS")) {
      NotSimulated("A backup or restore of files or pages", kWholeOnly, cursor_.Peek().position);
    }
    if (!backup && !cursor_.AtKeyword("FROM")) {
      if (!cursor_.AtEnd() && !cursor_.AtKeyword("WITH") && !cursor_.AtSymbol(';')) cursor_.Fail();
      NotSimulated("RESTORE without FROM", "Name the devices to restore from.", start);
    }
    cursor_.ExpectKeyword(backup ? "TO" : "FROM");
    ParseDevices();
    if (backup && cursor_.AtKeyword("MIRROR")) {
      NotSimulated("MIRROR TO", "Leave it out.", cursor_.Peek().position);
    }
    if (cursor_.AcceptKeyword("WITH")) {
      OptionsParser(cursor_, expressions_, statement_.verb, statement_.options, errors_).Parse();
    }
    CheckWhole(start);
    return std::move(statement_);
  }

 private:
  Verb ParseBackupVerb() {
    if (cursor_.AcceptKeyword("DATABASE")) return Verb::kBackupDatabase;
    if (AcceptLog()) return Verb::kBackupLog;
    RefuseKeys("BACKUP");
    cursor_.Fail();
  }

  Verb ParseRestoreVerb() {
    if (cursor_.AcceptKeyword("DATABASE")) return Verb::kRestoreDatabase;
    if (AcceptLog()) return Verb::kRestoreLog;
    if (cursor_.AcceptKeyword("HEADERONLY")) return Verb::kRestoreHeaderOnly;
    if (cursor_.AcceptKeyword("FILELISTONLY")) return Verb::kRestoreFileListOnly;
    if (cursor_.AcceptKeyword("VERIFYONLY")) return Verb::kRestoreVerifyOnly;
    if (cursor_.AcceptKeyword("LABELONLY")) return Verb::kRestoreLabelOnly;
    RefuseKeys("RESTORE");
    cursor_.Fail();
  }

  bool AcceptLog() {
    return cursor_.AcceptKeyword("LOG") || cursor_.AcceptKeyword("TRAN") ||
           cursor_.AcceptKeyword("TRANSACTION");
  }

  void RefuseKeys(std::string_view verb) {
    for (const char* what : {"CERTIFICATE", "MASTER", "SERVICE", "SYMMETRIC", "REWINDONLY"}) {
      if (cursor_.AtKeyword(what)) {
        NotSimulated(fmt::format("{} {}", verb, what), kVirtualOnly, cursor_.Peek().position);
      }
    }
  }

  void ParseDatabase() {
    const Position position = cursor_.Peek().position;
    if (cursor_.Peek().kind == TokenKind::kVariable) {
      statement_.database = expressions_.ParseVariable().text;
      if (statement_.database.empty()) Report(MakeMessage(3025), position);
    } else {
      statement_.database = cursor_.ExpectName().text;
    }
    if (EqualsIgnoringCase(statement_.database, "tempdb")) Report(MakeMessage(3147), position);
  }

  void ParseDevices() {
    const Position start = cursor_.Peek().position;
    do {
      ParseDevice();
    } while (cursor_.AcceptSymbol(','));
    const bool foreign = !foreign_class_.empty();
    if (foreign && !statement_.devices.empty()) {
      Report(MakeMessage(kMixedDeviceClasses), start);
    } else if (foreign) {
      Report(
          MakeMessage(kNotSimulated, fmt::format("Device type {}", foreign_class_), kVirtualOnly),
          start);
    }
    if (statement_.devices.size() > kDevicesMax) {
      Report(MakeMessage(3205, kDevicesMax), start);
    }
  }

  void ParseDevice() {
    static constexpr const char* kForeign[] = {"DISK", "TAPE", "URL", "PIPE", "DATABASE_SNAPSHOT"};
    const Token& word = cursor_.Peek();
    if (!cursor_.AtSymbol('=', 1) || word.kind != TokenKind::kWord) return ParseLogicalDevice();
    const bool is_virtual = cursor_.AtKeyword("VIRTUAL_DEVICE");
    const auto* named = std::find_if(std::begin(kForeign), std::end(kForeign),
                                     [&](const char* name) { return cursor_.AtKeyword(name); });
    if (!is_virtual && named == std::end(kForeign)) {
      throw SyntaxError{
          WithPlace(MakeMessage(kUnknownOption, word.text, "Device Type"), word.position)};
    }
    cursor_.Next();
    cursor_.Next();
    const Position position = cursor_.Peek().position;
    std::string name = ParseDeviceName();
    if (!is_virtual) {
      foreign_class_ = *named;
      return;
    }
    CheckDeviceName(name, position);
    statement_.devices.push_back(std::move(name));
  }

  // BACKUP ... TO nightly, or TO @device: a device of sp_addumpdevice, of which there are none.
  void ParseLogicalDevice() {
    const Position position = cursor_.Peek().position;
    const std::string name = cursor_.Peek().kind == TokenKind::kVariable
                                 ? expressions_.ParseVariable().text
                                 : cursor_.ExpectName().text;
    Report(MakeMessage(3206, name), position);
  }

  std::string ParseDeviceName() {
    if (cursor_.AtString()) return cursor_.Next().text;
    if (cursor_.Peek().kind == TokenKind::kVariable) return expressions_.ParseVariable().text;
    cursor_.Fail();
  }

  void CheckDeviceName(const std::string& name, Position position) {
    if (name.empty()) Report(MakeMessage(3044), position);
    if (CountCharacters(name) > kDeviceNameCharactersMax) {
      Report(MakeMessage(3057, kDeviceNameCharactersMax), position);
    }
    // N-01 and N-03: no backslash in the set's name, no name twice. The server's words for both
    // are not known, so these are the simulator's.
    if (name.find('\\') != std::string::npos) {
      Report(MakeMessage(kBadDeviceName, name, "holds a backslash",
                         "Choose one without: the names of device sets may hold any other "
                         "character."),
             position);
    }
    if (std::find(statement_.devices.begin(), statement_.devices.end(), name) !=
        statement_.devices.end()) {
      Report(MakeMessage(kBadDeviceName, name, "is given twice",
                         "Give each device a name of its own."),
             position);
    }
  }

  void CheckWhole(Position start) {
    const TransferOptions& options = statement_.options;
    if (options.snapshot && statement_.devices.size() != 1) {
      Report(MakeMessage(3277), start);  // SNAP-02, SNAP-21
    }
    if (options.snapshot && statement_.verb == Verb::kRestoreDatabase &&
        EqualsIgnoringCase(statement_.database, "master")) {
      Report(MakeMessage(3196), start);  // SNAP-23
    }
  }

  void Report(const Message& message, Position position) {
    errors_.push_back(WithPlace(message, position));
  }

  TokenCursor& cursor_;
  ExpressionParser& expressions_;
  std::vector<Message>& errors_;
  TransferStatement statement_;
  std::string foreign_class_;
};

}  // namespace

const char* VerbText(Verb verb) {
  switch (verb) {
    case Verb::kBackupDatabase:
      return "BACKUP DATABASE";
    case Verb::kBackupLog:
      return "BACKUP LOG";
    case Verb::kRestoreDatabase:
      return "RESTORE DATABASE";
    case Verb::kRestoreLog:
      return "RESTORE LOG";
    case Verb::kRestoreHeaderOnly:
      return "RESTORE HEADERONLY";
    case Verb::kRestoreFileListOnly:
      return "RESTORE FILELIST";
    case Verb::kRestoreVerifyOnly:
      return "VERIFY DATABASE";
    case Verb::kRestoreLabelOnly:
      return "RESTORE LABELONLY";
  }
  return "";
}

TransferStatement ParseTransfer(TokenCursor& cursor, ExpressionParser& expressions,
                                std::vector<Message>& errors) {
  return TransferParser(cursor, expressions, errors).Run();
}

}  // namespace vdisim
