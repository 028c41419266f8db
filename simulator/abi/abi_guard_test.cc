#include "simulator/abi/abi_guard.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <new>
#include <stdexcept>
#include <string>

#include "simulator/abi/testing/mock_vdi.h"
#include "simulator/base/com_ptr.h"
#include "simulator/trace/trace_reader.h"

namespace vdisim {
namespace {

using testing::_;
using testing::Return;
using testing::Throw;

// A caller that only forwards to a device, as the faces do.
int32_t ForwardGetCommand(IClientVirtualDevice* device) {
  const CallSubject subject(kClientFace);
  return AbiGuard("GetCommand", subject, [&] {
    VDC_Command* command = nullptr;
    return HResult(device->GetCommand(0, &command));
  });
}

class AbiGuardTest : public testing::Test {
 protected:
  testing::StrictMock<MockClientDevice>* const mock_ = new testing::StrictMock<MockClientDevice>;
  const ComPtr<IClientVirtualDevice> device_{mock_};
};

TEST_F(AbiGuardTest, GivesTheCodeOn) {
  EXPECT_CALL(*mock_, GetCommand(0, _)).WillOnce(Return(VD_E_CLOSE)).WillOnce(Return(0));
  EXPECT_EQ(ForwardGetCommand(device_.get()), VD_E_CLOSE);
  EXPECT_EQ(ForwardGetCommand(device_.get()), 0);
}

TEST_F(AbiGuardTest, LackOfMemoryIsACode) {
  EXPECT_CALL(*mock_, GetCommand).WillOnce(Throw(std::bad_alloc()));
  EXPECT_EQ(ForwardGetCommand(device_.get()), VD_E_MEMORY);
}

TEST_F(AbiGuardTest, AnyOtherExceptionIsUnexpected) {
  EXPECT_CALL(*mock_, GetCommand).WillOnce(Throw(std::runtime_error("x"))).WillOnce(Throw(17));
  EXPECT_EQ(ForwardGetCommand(device_.get()), VD_E_UNEXPECTED);
  EXPECT_EQ(ForwardGetCommand(device_.get()), VD_E_UNEXPECTED);
}

TEST_F(AbiGuardTest, BuildsNothingWhileNothingIsRecorded) {
  CallTrace::Stop();
  const CallSubject subject(kClientFace);
  const auto fail = [](CallRecord&) { ADD_FAILURE() << "values were described"; };
  EXPECT_EQ(AbiGuard(
                "Close", subject, [] { return kOpen; }, fail, fail),
            VD_E_OPEN);
  EXPECT_EQ(AbiGuard(
                "Close", subject, [] { return kOk; }, fail, fail),
            0);
}

class AbiGuardTraceTest : public testing::Test {
 protected:
  AbiGuardTraceTest() {
    std::string error;
    EXPECT_TRUE(CallTrace::Start(path_, &error)) << error;
  }
  ~AbiGuardTraceTest() override {
    CallTrace::Stop();
    std::filesystem::remove(path_);
  }

  std::vector<CallRecord> Records() {
    std::vector<CallRecord> records;
    const Trace trace = ReadTraceFile(path_);
    EXPECT_TRUE(trace.damages.empty());
    for (const TraceEntry& entry : trace.entries) records.push_back(entry.record);
    return records;
  }

  const std::string path_ = testing::TempDir() + "/abi_guard." + std::to_string(getpid());
};

TEST_F(AbiGuardTraceTest, RecordsWhoWhatAndHow) {
  CallSubject set(kComClientFace);
  set.SetName("nightly");
  const CallSubject device(set, "second");
  int value = 1;
  EXPECT_EQ(AbiGuard(
                "GetCommand", device,
                [&] {
                  value = 2;
                  return kOk;
                },
                [&](CallRecord& record) {
                  record.inputs = {{"before", TraceNumber(int64_t{value})}};
                },
                [&](CallRecord& record) {
                  record.outputs = {{"after", TraceNumber(int64_t{value})}};
                }),
            0);
  const std::vector<CallRecord> records = Records();
  ASSERT_EQ(records.size(), 1U);
  const CallRecord& record = records[0];
  EXPECT_EQ(record.method, "GetCommand");
  EXPECT_EQ(record.face, kComClientFace);
  EXPECT_EQ(record.object, device.number());
  EXPECT_NE(device.number(), set.number());
  EXPECT_EQ(record.set, "nightly");
  EXPECT_EQ(record.device, "second");
  EXPECT_EQ(record.code, 0);
  EXPECT_GE(record.duration_ns, 0);
  const std::vector<TraceField> before = {{"before", TraceNumber(int64_t{1})}};
  const std::vector<TraceField> after = {{"after", TraceNumber(int64_t{2})}};
  EXPECT_EQ(record.inputs, before);
  EXPECT_EQ(record.outputs, after);
}

TEST_F(AbiGuardTraceTest, ACallThatMayWaitLeavesAMarkBeforeIt) {
  CallTrace::SetTellsBegin(true);
  CallSubject set(kClientFace);
  set.SetName("nightly");
  const CallSubject device(set, "second");
  std::vector<BeginMark> during;
  AbiGuard("GetCommand", device, [&] {
    during = ReadTraceFile(path_).begun;
    return kOk;
  });
  AbiGuard("CompleteCommand", device, [] { return kOk; });
  CallTrace::SetTellsBegin(false);
  AbiGuard("GetCommand", device, [] { return kOk; });
  ASSERT_EQ(during.size(), 1U);
  const std::vector<CallRecord> records = Records();
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(during[0].method, "GetCommand");
  EXPECT_EQ(during[0].start_ns, records[0].start_ns);
  EXPECT_EQ(during[0].pid, records[0].pid);
  EXPECT_EQ(during[0].tid, records[0].tid);
  EXPECT_EQ(during[0].object, device.number());
  EXPECT_EQ(during[0].set, "nightly");
  EXPECT_EQ(during[0].device, "second");
  EXPECT_EQ(ReadTraceFile(path_).begun, during);
}

TEST_F(AbiGuardTraceTest, AFailedCallHasNoOutputs) {
  const CallSubject set(kServerFace);
  EXPECT_EQ(AbiGuard(
                "Open", set, [] { return kInvalid; }, NoValues,
                [](CallRecord&) { ADD_FAILURE() << "outputs of a failure"; }),
            VD_E_INVALID);
  const std::vector<CallRecord> records = Records();
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].code, VD_E_INVALID);
}

TEST_F(AbiGuardTraceTest, AnExceptionIsRecordedAsItsCode) {
  const CallSubject set(kClientFace);
  EXPECT_EQ(AbiGuard("Create", set, []() -> HResult { throw std::bad_alloc(); }), VD_E_MEMORY);
  const std::vector<CallRecord> records = Records();
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].code, VD_E_MEMORY);
}

TEST_F(AbiGuardTraceTest, ADescriptionThatFailsChangesNoAnswer) {
  const CallSubject set(kClientFace);
  const auto fail = [](CallRecord&) { throw std::bad_alloc(); };
  EXPECT_EQ(AbiGuard(
                "Close", set, [] { return kOk; }, fail),
            0);
  EXPECT_EQ(AbiGuard(
                "Close", set, [] { return kOk; }, NoValues, fail),
            0);
  EXPECT_TRUE(Records().empty());
}

}  // namespace
}  // namespace vdisim
