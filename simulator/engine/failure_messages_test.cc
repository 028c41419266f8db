#include "simulator/engine/failure_messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/engine/device_commands.h"
#include "simulator/engine/run_state.h"
#include "simulator/engine/win32_text.h"
#include "simulator/include/vdi_sim.h"

namespace vdisim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<int> Numbers(const std::vector<Message>& messages) {
  std::vector<int> numbers;
  for (const Message& message : messages) {
    if (message.number != 0) numbers.push_back(message.number);
  }
  return numbers;
}

Failure CommandFailure(int32_t command, uint32_t code) {
  Failure failure;
  failure.kind = FailureKind::kCommandFailed;
  failure.device = "dev";
  failure.device_number = 1;
  failure.command_number = 9;
  failure.command_code = command;
  failure.os_code = code;
  return failure;
}

FailureReport Report(const Failure& failure, bool backup = true, const char* profile = "default") {
  return ReportFailure(failure, backup, *FindProfile(profile));
}

TEST(ReportFailure, NamesTheCommandByItsMessage) {
  EXPECT_THAT(Numbers(Report(CommandFailure(VDC_Write, 112)).session), ElementsAre(3202, 3271));
  EXPECT_THAT(Numbers(Report(CommandFailure(VDC_Read, 30), false).session),
              ElementsAre(3203, 3271));
  for (const int32_t command : {VDC_Flush, VDC_Complete, VDC_Snapshot, VDC_PrepareToFreeze}) {
    EXPECT_THAT(Numbers(Report(CommandFailure(command, 5)).session), ElementsAre(3271)) << command;
  }
}

TEST(ReportFailure, LogsTheFunctionThatASqlServerWouldName) {
  EXPECT_THAT(Report(CommandFailure(VDC_Write, 112)).log.front().text,
              HasSubstr("BackupIoRequest::ReportIoError: write failure on backup device 'dev'. "
                        "Operating system error 112(There is not enough space on the disk.)"));
  EXPECT_THAT(Report(CommandFailure(VDC_Flush, 995)).log.front().text,
              HasSubstr("BackupVirtualDeviceFile::RequestDurableMedia: Flush failure"));
  EXPECT_THAT(Report(CommandFailure(VDC_Complete, 995)).log.front().text,
              HasSubstr("BackupVirtualDeviceFile::Complete:  failure"));  // two blanks (M-61)
}

TEST(ReportFailure, FollowsItsProfile) {
  EXPECT_THAT(Numbers(Report(CommandFailure(VDC_Write, 112), true, "session-18210").session),
              ElementsAre(18210, 3202, 3271));
  EXPECT_THAT(Report(CommandFailure(VDC_Write, 112), true, "linux-texts").session.front().text,
              HasSubstr("112(error not found)"));
}

TEST(ReportFailure, SaysBothNumbersOfAWrongTransfer) {
  Failure failure = CommandFailure(VDC_Read, 0);
  failure.kind = FailureKind::kTransferMismatch;
  failure.size = 512;
  failure.transferred = 511;
  const FailureReport report = Report(failure, false);
  EXPECT_THAT(Numbers(report.session), ElementsAre(3203));
  EXPECT_THAT(report.session.front().text,
              HasSubstr("512 bytes were requested, 511 bytes were transferred"));
}

TEST(ReportFailure, ExplainsEveryAbort) {
  for (uint32_t reason = VdiSimClientAborted; reason <= VdiSimDamaged; ++reason) {
    Failure failure = CommandFailure(VDC_Write, 995);
    failure.kind = FailureKind::kAborted;
    failure.abort_reason = reason;
    const FailureReport report = Report(failure);
    EXPECT_THAT(Numbers(report.session), ElementsAre(3202, 3271));
    EXPECT_NE(AbortReasonText(reason), AbortReasonText(VdiSimNotAborted)) << reason;
    EXPECT_THAT(report.session.back().text, HasSubstr(AbortReasonText(reason)));
    EXPECT_THAT(Numbers(report.log), ElementsAre(18210, 18210));
  }
}

TEST(ReportFailure, HasAMessageForEveryMediaError) {
  const std::vector<std::pair<MediaError, std::vector<int>>> expected = {
      {MediaError::kEmpty, {3208}},
      {MediaError::kNotTape, {3242}},
      {MediaError::kForeign, {3241}},
      {MediaError::kTruncated, {3203}},
      {MediaError::kIncomplete, {3256}},
      {MediaError::kWrongMark, {3203, 3189}},
      {MediaError::kWrongOrder, {3203, 3189}},
      {MediaError::kChecksum, {3203, 3189}}};
  for (const auto& [error, numbers] : expected) {
    Failure failure;
    failure.kind = FailureKind::kMedia;
    failure.device = "dev";
    failure.media_error = error;
    EXPECT_EQ(Numbers(Report(failure, false).session), numbers);
  }
}

TEST(ReportFailure, TellsTheOtherKindsApart) {
  const std::vector<std::pair<FailureKind, std::vector<int>>> expected = {
      {FailureKind::kSetMissing, {3201}}, {FailureKind::kConfigurationRejected, {3261}},
      {FailureKind::kNoBuffers, {3201}},  {FailureKind::kDevicesNotOpened, {3201}},
      {FailureKind::kStalled, {3229}},    {FailureKind::kCancelled, {3204}},
      {FailureKind::kOwnFile, {3271}},    {FailureKind::kCallFailed, {3201}}};
  for (const auto& [kind, numbers] : expected) {
    Failure failure;
    failure.kind = kind;
    failure.device = "dev";
    failure.detail = "why";
    const FailureReport report = Report(failure);
    EXPECT_EQ(Numbers(report.session), numbers);
    EXPECT_EQ(report.session.back().text, "vdisim: why.");
  }
}

TEST(OsErrorText, HasTheSystemsForm) {
  EXPECT_EQ(OsErrorText(112U), "112(There is not enough space on the disk.)");
  EXPECT_EQ(OsErrorText(424242U), "424242(error not found)");
  EXPECT_EQ(OsErrorText(kFileNotFound), "0x80070002(The system cannot find the file specified.)");
  EXPECT_EQ(OsErrorText(kMemory), "0x8077000a(VD_E_MEMORY)");
}

TEST(JudgeCompletion, TakesOnlyExactTransfersForSuccess) {
  VDS_Command command{};
  command.commandCode = VDC_Write;
  command.size = 512;
  command.bytesTransferred = 512;
  EXPECT_EQ(JudgeCompletion(command), CompletionVerdict::kGood);
  for (const int32_t wrong : {0, 511, 513, -1}) {
    command.bytesTransferred = wrong;
    EXPECT_EQ(JudgeCompletion(command), CompletionVerdict::kMismatch) << wrong;
  }
  command.commandCode = VDC_Flush;  // carries no bytes
  EXPECT_EQ(JudgeCompletion(command), CompletionVerdict::kGood);
  command.completionCode = 50;
  EXPECT_EQ(JudgeCompletion(command), CompletionVerdict::kError);
}

TEST(RunState, KeepsTheCauseAndNotItsConsequences) {
  RunState run;
  run.Fail(CommandFailure(VDC_Write, 1117));
  run.Fail(CommandFailure(VDC_Write, 112));  // what put the device into IO-ERROR
  run.Fail(CommandFailure(VDC_Write, 995));
  EXPECT_EQ(run.failure()->os_code, 112U);
  RunState other;
  other.Fail(CommandFailure(VDC_Write, 1117));
  Failure elsewhere = CommandFailure(VDC_Write, 112);
  elsewhere.device_number = 2;
  other.Fail(elsewhere);
  EXPECT_EQ(other.failure()->os_code, 1117U);
}

}  // namespace
}  // namespace vdisim
