#include "simulator/sql/parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vdisim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// The transfer in a batch that holds nothing else.
TransferStatement OnlyTransfer(std::string_view sql) {
  const Batch batch = ParseBatch(sql);
  EXPECT_THAT(batch.errors, IsEmpty()) << sql << "\n" << batch.errors.front().text;
  if (batch.statements.size() != 1) {
    ADD_FAILURE() << sql << ": " << batch.statements.size() << " statements";
    return {};
  }
  EXPECT_THAT(batch.statements[0].errors, IsEmpty()) << sql << "\n"
                                                     << batch.statements[0].errors.front().text;
  return std::get<TransferStatement>(batch.statements[0].body);
}

struct Refusal {
  std::string sql;
  int number;
  Position position;
};

// The first thing that is wrong, wherever it was found.
Message FirstError(std::string_view sql) {
  const Batch batch = ParseBatch(sql);
  if (!batch.errors.empty()) return batch.errors.front();
  for (const Statement& statement : batch.statements) {
    if (!statement.errors.empty()) return statement.errors.front();
  }
  return {};
}

TEST(ParseBatch, ReadsTheFormsOfTheReference) {
  const TransferStatement backup =
      OnlyTransfer("BACKUP DATABASE pubs TO VIRTUAL_DEVICE = 'set', VIRTUAL_DEVICE = 'dev2'");
  EXPECT_EQ(backup.verb, Verb::kBackupDatabase);
  EXPECT_EQ(backup.database, "pubs");
  EXPECT_THAT(backup.devices, ElementsAre("set", "dev2"));
  EXPECT_EQ(OnlyTransfer("BACKUP LOG x TO VIRTUAL_DEVICE='a'").verb, Verb::kBackupLog);
  EXPECT_EQ(OnlyTransfer("RESTORE DATABASE x FROM VIRTUAL_DEVICE='a'").verb,
            Verb::kRestoreDatabase);
  EXPECT_EQ(OnlyTransfer("RESTORE LOG x FROM VIRTUAL_DEVICE='a'").verb, Verb::kRestoreLog);
  EXPECT_EQ(OnlyTransfer("RESTORE TRAN x FROM VIRTUAL_DEVICE='a'").verb, Verb::kRestoreLog);
  EXPECT_EQ(OnlyTransfer("RESTORE HEADERONLY FROM VIRTUAL_DEVICE='a'").verb,
            Verb::kRestoreHeaderOnly);
  EXPECT_EQ(OnlyTransfer("RESTORE FILELISTONLY FROM VIRTUAL_DEVICE='a'").verb,
            Verb::kRestoreFileListOnly);
  EXPECT_EQ(OnlyTransfer("RESTORE VERIFYONLY FROM VIRTUAL_DEVICE='a'").verb,
            Verb::kRestoreVerifyOnly);
  EXPECT_EQ(OnlyTransfer("RESTORE LABELONLY FROM VIRTUAL_DEVICE='a'").verb,
            Verb::kRestoreLabelOnly);
}

TEST(ParseBatch, ReadsNamesAsClientsWriteThem) {
  EXPECT_EQ(OnlyTransfer("backup database [a]]b] to virtual_device=N'x';").database, "a]b");
  EXPECT_EQ(OnlyTransfer("Backup Database \"a b\" To Virtual_Device ='x'").database, "a b");
  EXPECT_EQ(OnlyTransfer("BACKUP DATABASE [$x] TO VIRTUAL_DEVICE= \"x\" ;;").devices[0], "x");
  EXPECT_EQ(OnlyTransfer("BACKUP DATABASE Gr\xC3\xBC\xC3\x9F"
                         "e TO VIRTUAL_DEVICE='\xE5\x90\x8D'")
                .database,
            "Gr\xC3\xBC\xC3\x9F"
            "e");
  EXPECT_EQ(OnlyTransfer("BACKUP DATABASE x TO "
                         "VIRTUAL_DEVICE='{0B5A1F6E-8D2C-4E8F-9A55-0123456789AB}'")
                .devices[0],
            "{0B5A1F6E-8D2C-4E8F-9A55-0123456789AB}");
  EXPECT_EQ(OnlyTransfer("BACKUP DATABASE x TO VIRTUAL_DEVICE='it''s \"so\"'").devices[0],
            "it's \"so\"");
}

TEST(ParseBatch, ReadsDevicesAndValuesFromVariables) {
  const Batch batch = ParseBatch(
      "DECLARE @device nvarchar(200) = N'set' + '-1', @n int\n"
      "SET @n = 131072;\n"
      "BACKUP DATABASE x TO VIRTUAL_DEVICE = @DEVICE WITH MAXTRANSFERSIZE = @n");
  ASSERT_THAT(batch.errors, IsEmpty());
  ASSERT_EQ(batch.statements.size(), 3U);
  EXPECT_EQ(batch.statements[2].position, (Position{3, 1}));
  const auto& backup = std::get<TransferStatement>(batch.statements[2].body);
  EXPECT_THAT(backup.devices, ElementsAre("set-1"));
  EXPECT_EQ(backup.options.max_transfer_size_bytes, 131072U);
}

TEST(ParseBatch, TakesParametersAsSpExecutesqlPassesThem) {
  const Batch batch = ParseBatch("RESTORE FILELISTONLY FROM VIRTUAL_DEVICE=@device",
                                 {{.name = "@device", .value = "set"}});
  ASSERT_THAT(batch.errors, IsEmpty());
  EXPECT_THAT(std::get<TransferStatement>(batch.statements[0].body).devices, ElementsAre("set"));
}

TEST(ParseBatch, CutsTextsToTheLengthOfTheirVariable) {
  const Batch batch = ParseBatch(
      "DECLARE @d varchar(3) = 'abcdef', @e varchar = 'xyz' "
      "BACKUP LOG x TO VIRTUAL_DEVICE=@d, VIRTUAL_DEVICE=@e");
  ASSERT_THAT(batch.errors, IsEmpty());
  EXPECT_THAT(std::get<TransferStatement>(batch.statements[1].body).devices,
              ElementsAre("abc", "x"));
}

TEST(ParseBatch, ReadsOptionsOfBackup) {
  const TransferOptions options =
      OnlyTransfer(
          "BACKUP DATABASE x TO VIRTUAL_DEVICE='a' WITH BLOCKSIZE=4096, BUFFERCOUNT = 20, "
          "MAXTRANSFERSIZE=524288, STATS = 5, NAME = N'n', DESCRIPTION='d', MEDIANAME='m', "
          "MEDIADESCRIPTION='md', PASSWORD='p', MEDIAPASSWORD='mp', EXPIREDATE='2030-12-31', "
          "FORMAT, INIT, SKIP, NOREWIND, NOUNLOAD, COPY_ONLY, CHECKSUM, CONTINUE_AFTER_ERROR, "
          "COMPRESSION, DIFFERENTIAL, RESTART")
          .options;
  EXPECT_EQ(options.block_size_bytes, 4096U);
  EXPECT_EQ(options.buffer_count, 20U);
  EXPECT_EQ(options.max_transfer_size_bytes, 524288U);
  EXPECT_EQ(options.stats_percent, 5U);
  EXPECT_EQ(options.name, "n");
  EXPECT_EQ(options.description, "d");
  EXPECT_EQ(options.media_name, "m");
  EXPECT_EQ(options.media_description, "md");
  EXPECT_TRUE(options.format);
  EXPECT_TRUE(options.init);
  EXPECT_TRUE(options.copy_only);
  EXPECT_EQ(options.checksum, true);
  EXPECT_EQ(options.compression, true);
  EXPECT_TRUE(options.continue_after_error);
  EXPECT_TRUE(options.differential);
  EXPECT_TRUE(options.restart);
  EXPECT_FALSE(options.snapshot);
}

TEST(ParseBatch, ReadsOptionsOfRestore) {
  const TransferOptions options =
      OnlyTransfer(
          "RESTORE DATABASE x FROM VIRTUAL_DEVICE='a' WITH SNAPSHOT, REPLACE, NORECOVERY, "
          "MOVE 'd' TO 'e.mdf', MOVE N'l' TO N'l.ldf', FILE = 2, STATS, NO_CHECKSUM, "
          "STOP_ON_ERROR, PARTIAL, KEEP_REPLICATION, RESTRICTED_USER, STOPAT='Jun 1, 2030 12:00'")
          .options;
  EXPECT_TRUE(options.snapshot);
  EXPECT_TRUE(options.replace);
  EXPECT_EQ(options.recovery, Recovery::kNoRecovery);
  ASSERT_EQ(options.moves.size(), 2U);
  EXPECT_EQ(options.moves[1].logical_name, "l");
  EXPECT_EQ(options.moves[1].target, "l.ldf");
  EXPECT_EQ(options.file, 2U);
  EXPECT_EQ(options.stats_percent, 10U);
  EXPECT_EQ(options.checksum, false);
  EXPECT_EQ(options.stop_at, "Jun 1, 2030 12:00");
}

TEST(ParseBatch, ReadsTheOtherWaysToRestore) {
  const TransferOptions standby = OnlyTransfer(
                                      "RESTORE LOG x FROM VIRTUAL_DEVICE='a' WITH STANDBY='u.bak', "
                                      "STOPATMARK='lsn:1' AFTER '20300101'")
                                      .options;
  EXPECT_EQ(standby.recovery, Recovery::kStandby);
  EXPECT_EQ(standby.standby_file, "u.bak");
  EXPECT_EQ(standby.stop_at, "lsn:1");
  EXPECT_EQ(OnlyTransfer("BACKUP LOG x TO VIRTUAL_DEVICE='a' WITH NORECOVERY, NO_TRUNCATE")
                .options.recovery,
            Recovery::kNoRecovery);
}

TEST(ParseBatch, AcceptsEveryOptionThatChangesNothing) {
  for (const char* option : {"NOFORMAT", "NOINIT", "NOSKIP", "REWIND", "UNLOAD", "LOAD",
                             "NO_COMPRESSION", "RETAINDAYS = 30", "NO_CHECKSUM", "STOP_ON_ERROR"}) {
    OnlyTransfer(std::string("BACKUP DATABASE x TO VIRTUAL_DEVICE='a' WITH ") + option);
  }
  for (const char* option :
       {"DBO_ONLY", "RECOVERY", "KEEP_CDC", "NEW_BROKER", "ENABLE_BROKER", "RESTART",
        "STOPBEFOREMARK = 'm'", "MEDIANAME='m'", "UNLOAD", "MEDIAPASSWORD='x'"}) {
    OnlyTransfer(std::string("RESTORE DATABASE x FROM VIRTUAL_DEVICE='a' WITH ") + option);
  }
}

TEST(ParseBatch, Takes64DevicesAndNoMore) {
  std::string sql = "BACKUP DATABASE x TO VIRTUAL_DEVICE='d0'";
  for (int i = 1; i < 64; ++i) sql += fmt::format(", VIRTUAL_DEVICE='d{}'", i);
  EXPECT_EQ(OnlyTransfer(sql).devices.size(), 64U);
  EXPECT_EQ(FirstError(sql + ", VIRTUAL_DEVICE='d64'").number, 3205);
}

TEST(ParseBatch, ReadsTheTriviaAroundABackup) {
  const Batch batch = ParseBatch(
      "USE master\n"
      "SET NOCOUNT ON; SET ANSI_NULLS, QUOTED_IDENTIFIER ON SET LOCK_TIMEOUT -1\n"
      "SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED SET STATISTICS IO, TIME OFF\n"
      "PRINT N'going' + ' on' SELECT @@VERSION, SERVERPROPERTY('ProductVersion') AS v, 5 n\n"
      "SELECT CONVERT(varchar(20), SERVERPROPERTY('Edition')), m = CAST('ab' AS char(1)), NULL");
  ASSERT_THAT(batch.errors, IsEmpty()) << batch.errors.front().text;
  ASSERT_EQ(batch.statements.size(), 9U);
  EXPECT_EQ(std::get<UseStatement>(batch.statements[0].body).database, "master");
  EXPECT_EQ(std::get<PrintStatement>(batch.statements[6].body).text, "going on");
  const auto& first = std::get<SelectStatement>(batch.statements[7].body).values;
  ASSERT_EQ(first.size(), 3U);
  EXPECT_EQ(first[0].function, "@@VERSION");
  EXPECT_EQ(first[1].function, "SERVERPROPERTY");
  EXPECT_EQ(first[1].text, "ProductVersion");
  EXPECT_EQ(first[1].column, "v");
  EXPECT_EQ(first[2].text, "5");
  EXPECT_EQ(first[2].column, "n");
  const auto& second = std::get<SelectStatement>(batch.statements[8].body).values;
  EXPECT_EQ(second[0].function, "SERVERPROPERTY");
  EXPECT_EQ(second[1].column, "m");
  EXPECT_EQ(second[1].text, "a");
  EXPECT_TRUE(second[2].null);
}

class Refused : public ::testing::TestWithParam<Refusal> {};

TEST_P(Refused, WithNumberAndPlace) {
  const Refusal& refusal = GetParam();
  const Message message = FirstError(refusal.sql);
  EXPECT_EQ(message.number, refusal.number) << refusal.sql << "\n" << message.text;
  EXPECT_EQ(message.line, refusal.position.line) << refusal.sql;
  EXPECT_THAT(message.text, HasSubstr(fmt::format("(line {}, column {})", refusal.position.line,
                                                  refusal.position.column)))
      << refusal.sql;
}

const Refusal kSyntaxRefusals[] = {
    {"BACKPU DATABASE x", 156, {1, 8}},
    {"BACKUP", 102, {1, 1}},
    {"BACKUP DATABASE", 102, {1, 8}},
    {"BACKUP DATABASE x TO", 102, {1, 19}},
    {"BACKUP DATABASE x FROM VIRTUAL_DEVICE='a'", 156, {1, 19}},
    {"BACKUP DATABASE x TO VIRTUAL_DEVICE=a", 102, {1, 37}},
    {"BACKUP DATABASE x TO VIRTUAL_DEVICE='a',", 102, {1, 40}},
    {"BACKUP DATABASE x TO VIRTUAL_DEVICE='a' WITH", 102, {1, 41}},
    {"BACKUP DATABASE x TO VIRTUAL_DEVICE='a' WITH STATS 10", 102, {1, 52}},
    {"BACKUP DATABASE x TO VIRTUAL_DEVICE='a' WITH STATS='x'", 102, {1, 52}},
    {"BACKUP DATABASE x TO VIRTUAL_DEVICE='a' WITH BLOCKSIZE", 102, {1, 46}},
    {"BACKUP DATABASE x TO VIRTUAL_DEVICE='a' WITH MAXTRANSFERSIZE=1024K", 102, {1, 66}},
    {"BACKUP DATABASE x TO VIRTUAL_DEVICE='a' WITH FROBNICATE", 155, {1, 46}},
    {"BACKUP DATABASE x TO FLOPPY='a'", 155, {1, 22}},
    {"BACKUP DATABASE a b TO VIRTUAL_DEVICE='a'", 102, {1, 19}},
    {"BACKUP DATABASE a.b TO VIRTUAL_DEVICE='a'", 102, {1, 18}},
    {"BACKUP DATABASE a\nTO VIRTUAL_DEVICE=@d", 137, {2, 19}},
    {"RESTORE SOMETHING FROM VIRTUAL_DEVICE='a'", 102, {1, 9}},
    {"RESTORE DATABASE x FROM VIRTUAL_DEVICE='a' WITH MOVE 'x' 'y'", 102, {1, 58}},
    {"BACKUP DATABASE x TO VIRTUAL_DEVICE='a", 105, {1, 37}},
    {"/* BACKUP DATABASE x", 113, {1, 1}},
    {"SET FROB ON", 195, {1, 5}},
    {"SET @x = 1", 137, {1, 5}},
    {"SELECT FROB()", 195, {1, 8}},
    {"SELECT @@FROB", 137, {1, 8}},
    {"DECLARE @x frob", 2715, {1, 9}},
    {"DECLARE @x int, @X int", 134, {1, 17}},
    {"SELECT CAST(1 AS frob)", 243, {1, 13}},
    {"USE", 102, {1, 1}},
    {"USE 'x'", 102, {1, 5}},
    {"USE x GO", 102, {1, 7}},
    {"GO", 102, {1, 1}},
    {")", 102, {1, 1}},
};
INSTANTIATE_TEST_SUITE_P(Syntax, Refused, ::testing::ValuesIn(kSyntaxRefusals));

const Refusal kMeaningRefusals[] = {
    {"EXEC sp_frob 1, @a = 'x'", 2812, {1, 6}},
    {"sp_frob", 2812, {1, 1}},
    {"EXEC master..xp_frob N'x'", 2812, {1, 6}},
    {"DECLARE @x int = 'abc'", 245, {1, 9}},
    {"BACKUP DATABASE x TO VIRTUAL_DEVICE=''", 3044, {1, 37}},
    {"DECLARE @d sysname; BACKUP DATABASE x TO VIRTUAL_DEVICE=@d", 3044, {1, 57}},
    {"BACKUP DATABASE x TO VIRTUAL_DEVICE='a\\b'", 50002, {1, 37}},
    {"BACKUP DATABASE x TO VIRTUAL_DEVICE='a', VIRTUAL_DEVICE='a'", 50002, {1, 57}},
    {"BACKUP DATABASE x TO VIRTUAL_DEVICE='a', DISK='b'", 3011, {1, 22}},
    {"BACKUP DATABASE x TO DISK='b'", 50001, {1, 22}},
    {"RESTORE DATABASE x FROM URL='b'", 50001, {1, 25}},
    {"BACKUP DATABASE x TO nightly", 3206, {1, 22}},
    {"BACKUP DATABASE x TO VIRTUAL_DEVICE='a' MIRROR TO VIRTUAL_DEVICE='b'", 50001, {1, 41}},
    {"RESTORE DATABASE x WITH RECOVERY", 50001, {1, 1}},
    {"BACKUP DATABASE x FILE='f' TO VIRTUAL_DEVICE='a'", 50001, {1, 19}},
    {"BACKUP CERTIFICATE c TO FILE='x'", 50001, {1, 8}},
    {"BACKUP DATABASE tempdb TO VIRTUAL_DEVICE='a'", 3147, {1, 17}},
    {"SELECT name FROM sys.databases", 50001, {1, 8}},
    {"SELECT 1 FROM sys.databases", 50001, {1, 10}},
    {"CREATE DATABASE x", 50001, {1, 1}},
    {"BACKUP DATABASE x TO VIRTUAL_DEVICE='a', VIRTUAL_DEVICE='b' WITH SNAPSHOT", 3277, {1, 1}},
    {"BACKUP DATABASE x TO VIRTUAL_DEVICE='a' WITH SNAPSHOT, DIFFERENTIAL", 3031, {1, 56}},
    {"RESTORE DATABASE master FROM VIRTUAL_DEVICE='a' WITH SNAPSHOT", 3196, {1, 1}},
    {"BACKUP DATABASE x TO VIRTUAL_DEVICE='a' WITH INIT, NOINIT", 3031, {1, 52}},
    {"BACKUP DATABASE x TO VIRTUAL_DEVICE='a' WITH STATS, STATS=5", 3031, {1, 53}},
    {"BACKUP DATABASE x TO VIRTUAL_DEVICE='a' WITH REPLACE", 3032, {1, 46}},
    {"BACKUP LOG x TO VIRTUAL_DEVICE='a' WITH DIFFERENTIAL", 3032, {1, 41}},
    {"RESTORE LABELONLY FROM VIRTUAL_DEVICE='a' WITH REPLACE", 3032, {1, 48}},
    {"RESTORE LOG x FROM VIRTUAL_DEVICE='a' WITH FORMAT", 3032, {1, 44}},
};
INSTANTIATE_TEST_SUITE_P(Meaning, Refused, ::testing::ValuesIn(kMeaningRefusals));

Refusal WithOption(const char* option, int number, int column) {
  return {std::string("BACKUP DATABASE x TO VIRTUAL_DEVICE='a' WITH ") + option,
          number,
          {1, 45 + column}};
}
const Refusal kValueRefusals[] = {
    WithOption("BLOCKSIZE=256", 3250, 11),
    WithOption("BLOCKSIZE=131072", 3250, 11),
    WithOption("BLOCKSIZE=1000", 3253, 11),
    WithOption("MAXTRANSFERSIZE=0", 3250, 17),
    WithOption("MAXTRANSFERSIZE=32768", 3250, 17),
    WithOption("MAXTRANSFERSIZE=4259840", 3250, 17),
    WithOption("MAXTRANSFERSIZE=65537", 3217, 17),
    WithOption("BUFFERCOUNT=0", 3250, 13),
    WithOption("BUFFERCOUNT=99999999999999999999", 3250, 13),
    WithOption("BUFFERCOUNT=1.5", 3217, 13),
    WithOption("STATS=0", 3250, 7),
    WithOption("STATS=101", 3250, 7),
    WithOption("RETAINDAYS=100000", 3250, 12),
    WithOption("EXPIREDATE='never'", 3217, 12),
};
INSTANTIATE_TEST_SUITE_P(Values, Refused, ::testing::ValuesIn(kValueRefusals));

TEST(ParseBatch, TakesTheLimitsOfEveryValue) {
  for (const char* option :
       {"BLOCKSIZE=512", "BLOCKSIZE=65536", "MAXTRANSFERSIZE=65536", "MAXTRANSFERSIZE=4194304",
        "BUFFERCOUNT=1", "BUFFERCOUNT=2147483647", "STATS=1", "STATS=100", "RETAINDAYS=0"}) {
    OnlyTransfer(std::string("BACKUP DATABASE x TO VIRTUAL_DEVICE='a' WITH ") + option);
  }
}

TEST(ParseBatch, RefusesALongDeviceName) {
  const std::string longest(259, 'x');
  OnlyTransfer("BACKUP DATABASE x TO VIRTUAL_DEVICE='" + longest + "'");
  EXPECT_EQ(FirstError("BACKUP DATABASE x TO VIRTUAL_DEVICE='" + longest + "x'").number, 3057);
}

TEST(ParseBatch, RunsNothingOfABatchThatCannotBeParsed) {
  const Batch batch = ParseBatch("USE master; BACKUP DATABASE");
  EXPECT_THAT(batch.statements, IsEmpty());
  EXPECT_EQ(batch.errors.size(), 1U);
}

TEST(ParseBatch, KeepsTheStatementsBeforeOneThatIsWrongInItsMeaning) {
  const Batch batch = ParseBatch("USE master; BACKUP DATABASE x TO DISK='a'");
  ASSERT_EQ(batch.statements.size(), 2U);
  EXPECT_THAT(batch.statements[0].errors, IsEmpty());
  EXPECT_EQ(batch.statements[1].errors.size(), 1U);
}

TEST(ParseBatch, TakesAnEmptyBatch) {
  EXPECT_THAT(ParseBatch(" ;; -- nothing").statements, IsEmpty());
  EXPECT_THAT(ParseBatch("").errors, IsEmpty());
}

TEST(ParseBatch, RefusesDeepNestingAndEndlessTexts) {
  std::string deep = "SELECT " + std::string(100'000, '(');
  EXPECT_EQ(FirstError(deep).number, 191);
  std::string doubling = "DECLARE @x nvarchar(max) = '0123456789'";
  for (int i = 0; i < 60; ++i) doubling += " SET @x = @x + @x";
  EXPECT_EQ(FirstError(doubling).number, kNotSimulated);
}

TEST(SplitBatches, CutsAtGo) {
  const auto batches =
      SplitBatches("USE a\nGO\n\ngo -- again\n  Go 3 \nPRINT '\nGO\n'\nGO 2\nSELECT 1");
  ASSERT_EQ(batches.size(), 3U);
  EXPECT_EQ(batches[0].text, "USE a\n");
  EXPECT_EQ(batches[0].first_line, 1);
  EXPECT_EQ(batches[1].text, "PRINT '\nGO\n'\n");
  EXPECT_EQ(batches[1].first_line, 6);
  EXPECT_EQ(batches[1].repeat, 2);
  EXPECT_EQ(batches[2].text, "SELECT 1\n");
}

TEST(SplitBatches, LeavesGoInCommentsAndNamesAlone) {
  EXPECT_EQ(SplitBatches("/*\nGO\n*/ USE x").size(), 1U);
  EXPECT_EQ(SplitBatches("USE [\nGO\n]").size(), 1U);
  EXPECT_EQ(SplitBatches("GOTO x\nGO1\n").size(), 1U);
  EXPECT_THAT(SplitBatches("GO\r\nGO\r\n"), IsEmpty());
}

}  // namespace
}  // namespace vdisim
