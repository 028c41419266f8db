#include "simulator/sql/transfer_options.h"

#include <algorithm>
#include <iterator>

#include "simulator/sql/text.h"

namespace vdisim {

enum class OptionValue { kNone, kInteger, kOptionalInteger, kText, kDate, kMove, kStopMark };

// Where options stand, as bits.
constexpr unsigned Bit(Verb verb) { return 1U << static_cast<unsigned>(verb); }
constexpr unsigned kData = Bit(Verb::kBackupDatabase);
constexpr unsigned kLog = Bit(Verb::kBackupLog);
constexpr unsigned kBackup = kData | kLog;
constexpr unsigned kRestoreData = Bit(Verb::kRestoreDatabase);
constexpr unsigned kRestore = kRestoreData | Bit(Verb::kRestoreLog);
constexpr unsigned kVerify = Bit(Verb::kRestoreVerifyOnly);
constexpr unsigned kLook =
    kVerify | Bit(Verb::kRestoreHeaderOnly) | Bit(Verb::kRestoreFileListOnly);
constexpr unsigned kAll = kBackup | kRestore | kLook | Bit(Verb::kRestoreLabelOnly);

// Options of one group exclude one another; 0 is no group.
enum Group : int {
  kNoGroup,
  kFormatGroup,
  kInitGroup,
  kSkipGroup,
  kRewindGroup,
  kUnloadGroup,
  kChecksumGroup,
  kErrorGroup,
  kCompressionGroup,
  kRecoveryGroup,
  kExpiryGroup,
  kStopGroup,
  kKindGroup,  // DIFFERENTIAL and SNAPSHOT (SNAP-01, N-23)
  kBrokerGroup,
  kAccessGroup,
};

struct OptionRule {
  const char* name;
  unsigned verbs;
  OptionValue value;
  Group group;
  // Integers: the smallest and the largest; texts: the longest, in characters.
  unsigned least = 0;
  unsigned most = 0;
};

namespace {

using enum OptionValue;

constexpr OptionRule kRules[] = {
    {"BLOCKSIZE", kAll, kInteger, kNoGroup, 512, 65536},
    {"BUFFERCOUNT", kAll, kInteger, kNoGroup, 1, 2147483647},
    {"CHECKSUM", kAll, kNone, kChecksumGroup},
    {"COMPRESSION", kBackup, kNone, kCompressionGroup},
    {"CONTINUE_AFTER_ERROR", kAll, kNone, kErrorGroup},
    {"COPY_ONLY", kBackup, kNone, kNoGroup},
    {"DBO_ONLY", kRestore, kNone, kAccessGroup},
    {"DESCRIPTION", kBackup, kText, kNoGroup, 0, 255},
    {"DIFFERENTIAL", kData, kNone, kKindGroup},
    {"ENABLE_BROKER", kRestore, kNone, kBrokerGroup},
    {"ERROR_BROKER_CONVERSATIONS", kRestore, kNone, kBrokerGroup},
    {"EXPIREDATE", kBackup, kDate, kExpiryGroup, 0, 64},
    {"FILE", kRestore | kLook, kInteger, kNoGroup, 1, 2147483647},
    {"FORMAT", kBackup, kNone, kFormatGroup},
    {"INIT", kBackup, kNone, kInitGroup},
    {"KEEP_CDC", kRestore, kNone, kNoGroup},
    {"KEEP_REPLICATION", kRestore, kNone, kNoGroup},
    {"LOAD", kAll, kNone, kUnloadGroup},
    {"LOADHISTORY", kVerify, kNone, kNoGroup},
    {"MAXTRANSFERSIZE", kAll, kInteger, kNoGroup, 65536, 4194304},
    {"MEDIADESCRIPTION", kBackup, kText, kNoGroup, 0, 255},
    {"MEDIANAME", kAll, kText, kNoGroup, 0, 128},
    {"MEDIAPASSWORD", kAll, kText, kNoGroup, 0, 128},
    {"MOVE", kRestore | kVerify, kMove, kNoGroup, 0, 259},
    {"NAME", kBackup, kText, kNoGroup, 0, 128},
    {"NEW_BROKER", kRestore, kNone, kBrokerGroup},
    {"NOFORMAT", kBackup, kNone, kFormatGroup},
    {"NOINIT", kBackup, kNone, kInitGroup},
    {"NORECOVERY", kLog | kRestore, kNone, kRecoveryGroup},
    {"NOREWIND", kAll, kNone, kRewindGroup},
    {"NOSKIP", kBackup, kNone, kSkipGroup},
    {"NOUNLOAD", kAll, kNone, kUnloadGroup},
    {"NO_CHECKSUM", kAll, kNone, kChecksumGroup},
    {"NO_COMPRESSION", kBackup, kNone, kCompressionGroup},
    {"NO_TRUNCATE", kLog, kNone, kNoGroup},
    {"PARTIAL", kRestoreData, kNone, kNoGroup},
    {"PASSWORD", kAll, kText, kNoGroup, 0, 128},
    {"RECOVERY", kRestore, kNone, kRecoveryGroup},
    {"REPLACE", kRestore, kNone, kNoGroup},
    {"RESTART", kBackup | kRestore, kNone, kNoGroup},
    {"RESTRICTED_USER", kRestore, kNone, kAccessGroup},
    {"RETAINDAYS", kBackup, kInteger, kExpiryGroup, 0, 99999},
    {"REWIND", kAll, kNone, kRewindGroup},
    {"SKIP", kBackup, kNone, kSkipGroup},
    {"SNAPSHOT", kData | kRestoreData, kNone, kKindGroup},
    {"STANDBY", kLog | kRestore, kText, kRecoveryGroup, 1, 259},
    {"STATS", kAll, kOptionalInteger, kNoGroup, 1, 100},
    {"STOPAT", kRestore, kDate, kStopGroup, 0, 64},
    {"STOPATMARK", kRestore, kStopMark, kStopGroup, 0, 128},
    {"STOPBEFOREMARK", kRestore, kStopMark, kStopGroup, 0, 128},
    {"STOP_ON_ERROR", kAll, kNone, kErrorGroup},
    {"UNLOAD", kAll, kNone, kUnloadGroup},
};

const OptionRule* FindRule(std::string_view name) {
  for (const OptionRule& rule : kRules) {
    if (EqualsIgnoringCase(rule.name, name)) return &rule;
  }
  return nullptr;
}

// 20261231, 2026-12-31T23:00:00, 31 Dec 2026, 12/31/2026: something with a digit and no character
// that dates do not have. The server's own reading of dates depends on its language.
bool LooksLikeDate(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return std::any_of(text.begin(), text.end(), is_digit) &&
         text.find_first_not_of(
             "0123456789"
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
             " ,./:+-") == std::string_view::npos;
}

bool Is(const OptionRule& rule, std::string_view name) { return rule.name == name; }

constexpr unsigned kStatsDefaultPercent = 10;

// Enters the option into the plain struct that the engine reads; the others change nothing here.
void Apply(const OptionRule& rule, TransferOptions& options) {
  if (Is(rule, "CHECKSUM")) options.checksum = true;
  if (Is(rule, "NO_CHECKSUM")) options.checksum = false;
  if (Is(rule, "COMPRESSION")) options.compression = true;
  if (Is(rule, "NO_COMPRESSION")) options.compression = false;
  if (Is(rule, "CONTINUE_AFTER_ERROR")) options.continue_after_error = true;
  if (Is(rule, "COPY_ONLY")) options.copy_only = true;
  if (Is(rule, "DIFFERENTIAL")) options.differential = true;
  if (Is(rule, "SNAPSHOT")) options.snapshot = true;
  if (Is(rule, "REPLACE")) options.replace = true;
  if (Is(rule, "RESTART")) options.restart = true;
  if (Is(rule, "FORMAT")) options.format = true;
  if (Is(rule, "INIT")) options.init = true;
  if (Is(rule, "NORECOVERY")) options.recovery = Recovery::kNoRecovery;
  if (Is(rule, "STANDBY")) options.recovery = Recovery::kStandby;
  if (Is(rule, "STATS")) options.stats_percent = kStatsDefaultPercent;
}

void ApplyInteger(const OptionRule& rule, uint32_t value, TransferOptions& options) {
  if (Is(rule, "BLOCKSIZE")) options.block_size_bytes = value;
  if (Is(rule, "BUFFERCOUNT")) options.buffer_count = value;
  if (Is(rule, "FILE")) options.file = value;
  if (Is(rule, "MAXTRANSFERSIZE")) options.max_transfer_size_bytes = value;
  if (Is(rule, "STATS")) options.stats_percent = value;
}

void ApplyText(const OptionRule& rule, std::string value, TransferOptions& options) {
  if (Is(rule, "DESCRIPTION"))
    options.description = std::move(value);
  else if (Is(rule, "MEDIADESCRIPTION"))
    options.media_description = std::move(value);
  else if (Is(rule, "MEDIANAME"))
    options.media_name = std::move(value);
  else if (Is(rule, "NAME"))
    options.name = std::move(value);
  else if (Is(rule, "STANDBY"))
    options.standby_file = std::move(value);
  else if (rule.group == kStopGroup)
    options.stop_at = std::move(value);
}

}  // namespace

void OptionsParser::Parse() {
  do {
    ParseOne();
  } while (cursor_.AcceptSymbol(','));
}

void OptionsParser::ParseOne() {
  const Token& word = cursor_.Peek();
  if (word.kind != TokenKind::kWord) cursor_.Fail();
  const OptionRule* rule = FindRule(word.text);
  if (rule == nullptr) {
    throw SyntaxError{
        WithPlace(MakeMessage(kUnknownOption, word.text, IsBackup(verb_) ? "BACKUP" : "RESTORE"),
                  word.position)};
  }
  cursor_.Next();
  CheckPlaceAndConflicts(*rule, word.position);
  Apply(*rule, options_);
  ParseValue(*rule);
}

void OptionsParser::CheckPlaceAndConflicts(const OptionRule& rule, Position position) {
  if ((rule.verbs & Bit(verb_)) == 0) {
    Report(MakeMessage(3032, rule.name), position);
  }
  const OptionRule* other = nullptr;
  if (rule.group != kNoGroup) {
    const auto [entry, first] = groups_.try_emplace(rule.group, &rule);
    if (!first) other = entry->second;
  } else if (rule.value != kMove && std::find(seen_.begin(), seen_.end(), &rule) != seen_.end()) {
    other = &rule;  // said twice
  }
  if (other != nullptr) Report(MakeMessage(3031, rule.name, other->name), position);
  seen_.push_back(&rule);
}

void OptionsParser::ParseValue(const OptionRule& rule) {
  switch (rule.value) {
    case kNone:
      return;
    case kOptionalInteger:
      if (!cursor_.AtSymbol('=')) return;
      [[fallthrough]];
    case kInteger:
      cursor_.ExpectSymbol('=');
      return ParseInteger(rule);
    case kText:
    case kDate:
      cursor_.ExpectSymbol('=');
      return ParseText(rule);
    case kMove:
      return ParseMove();
    case kStopMark:
      cursor_.ExpectSymbol('=');
      return ParseStopMark(rule);
  }
}

void OptionsParser::ParseInteger(const OptionRule& rule) {
  const Position position = cursor_.Peek().position;
  std::string text;
  if (cursor_.Peek().kind == TokenKind::kNumber) {
    text = cursor_.Next().text;
  } else if (cursor_.Peek().kind == TokenKind::kVariable) {
    text = expressions_.ParseVariable().text;
  } else {
    cursor_.Fail();
  }
  unsigned long long value = 0;
  const bool is_number = ParseUnsigned(text, ~0ULL, &value);
  if (!is_number && text.find_first_not_of("-0123456789") != std::string::npos) {
    return Report(MakeMessage(3217, rule.name), position);
  }
  if (!is_number || value < rule.least || value > rule.most) {
    return Report(MakeMessage(3250, text, rule.name), position);
  }
  if (Is(rule, "BLOCKSIZE") && (value & (value - 1)) != 0) {
    return Report(MakeMessage(3253), position);
  }
  if (Is(rule, "MAXTRANSFERSIZE") && value % 65536 != 0) {
    return Report(MakeMessage(3217, rule.name), position);
  }
  ApplyInteger(rule, static_cast<uint32_t>(value), options_);
}

std::string OptionsParser::TextValue(const OptionRule& rule) {
  const Position position = cursor_.Peek().position;
  std::string text;
  if (cursor_.AtString()) {
    text = cursor_.Next().text;
  } else if (cursor_.Peek().kind == TokenKind::kVariable) {
    text = expressions_.ParseVariable().text;
  } else {
    cursor_.Fail();
  }
  const size_t length = CountCharacters(text);
  if (length < rule.least || length > rule.most || (rule.value == kDate && !LooksLikeDate(text))) {
    Report(MakeMessage(3217, rule.name), position);
  }
  return text;
}

void OptionsParser::ParseText(const OptionRule& rule) {
  ApplyText(rule, TextValue(rule), options_);
}

// MOVE 'logical' TO 'file'
void OptionsParser::ParseMove() {
  const OptionRule& rule = *FindRule("MOVE");
  MoveFile move;
  move.logical_name = TextValue(rule);
  cursor_.ExpectKeyword("TO");
  move.target = TextValue(rule);
  options_.moves.push_back(std::move(move));
}

// STOPATMARK = 'name' [AFTER 'date']
void OptionsParser::ParseStopMark(const OptionRule& rule) {
  ParseText(rule);
  if (cursor_.AcceptKeyword("AFTER")) TextValue(*FindRule("STOPAT"));
}

void OptionsParser::Report(const Message& message, Position position) {
  errors_.push_back(WithPlace(message, position));
}

}  // namespace vdisim
