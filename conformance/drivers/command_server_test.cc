// A device of ours sends commands; the server keeps and replays.
#include "conformance/drivers/command_server.h"

#include <gtest/gtest.h>

#include <deque>

#include "simulator/include/vdi_codes.h"
#include "simulator/include/vdierror.h"

namespace conform {
namespace {

class ScriptedDevice final : public ClientDeviceFace {
 public:
  int GetCommand(int64_t timeout_ms, VDC_Command** command) override {
    EXPECT_EQ(timeout_ms, -1);
    if (next_ == commands.size()) return VD_E_CLOSE;
    *command = &commands[next_++];
    return 0;
  }
  int CompleteCommand(VDC_Command* command, int completion, uint64_t bytes,
                      int64_t /*position*/) override {
    EXPECT_EQ(command, &commands[next_ - 1]);
    completions.emplace_back(completion, bytes);
    return complete_with;
  }
  void LetGo() override {}

  void Add(int code, std::vector<uint8_t>* buffer) {
    commands.push_back({.commandCode = code,
                        .size = static_cast<int32_t>(buffer->size()),
                        .position = 0,
                        .buffer = buffer->data()});
  }

  std::deque<VDC_Command> commands;
  std::vector<std::pair<int, uint64_t>> completions;
  int complete_with = 0;

 private:
  size_t next_ = 0;
};

TEST(ServeCommands, KeepsWhatIsWrittenUntilTheDeviceIsClosed) {
  std::vector<uint8_t> first = {1, 2, 3};
  std::vector<uint8_t> second = {4, 5};
  std::vector<uint8_t> none;
  ScriptedDevice device;
  device.Add(VDC_Write, &first);
  device.Add(VDC_Flush, &none);
  device.Add(VDC_Write, &second);
  device.Add(VDC_Rewind, &none);
  Medium kept;
  const Served served = ServeCommands(device, &kept, nullptr, -1);
  EXPECT_EQ(served.code, VD_E_CLOSE);
  EXPECT_EQ(served.method, "GetCommand");
  EXPECT_EQ(served.commands, 4);
  EXPECT_EQ(served.bytes, 5);
  EXPECT_EQ(served.calls.size(), 9U);
  EXPECT_EQ(kept, (Medium{1, 2, 3, 4, 5}));
  EXPECT_EQ(device.completions, (std::vector<std::pair<int, uint64_t>>{
                                    {0, 3}, {0, 0}, {0, 2}, {ERROR_NOT_SUPPORTED, 0}}));
}

TEST(ServeCommands, ReplaysToTheEndAndSaysWhereItIs) {
  const Medium replayed = {1, 2, 3, 4, 5};
  std::vector<uint8_t> first(3);
  std::vector<uint8_t> second(3);
  std::vector<uint8_t> third(3);
  ScriptedDevice device;
  for (auto* buffer : {&first, &second, &third}) device.Add(VDC_Read, buffer);
  Medium kept;
  (void)ServeCommands(device, &kept, &replayed, -1);
  EXPECT_EQ(first, (Medium{1, 2, 3}));
  EXPECT_EQ(second[1], 5);
  EXPECT_EQ(device.completions, (std::vector<std::pair<int, uint64_t>>{
                                    {0, 3}, {ERROR_HANDLE_EOF, 2}, {ERROR_HANDLE_EOF, 0}}));
}

TEST(ServeCommands, StopsWhereACompletionIsRefusedOrEnoughWereServed) {
  std::vector<uint8_t> buffer = {1};
  ScriptedDevice refusing;
  refusing.Add(VDC_Write, &buffer);
  refusing.complete_with = VD_E_ABORT;
  Medium kept;
  const Served refused = ServeCommands(refusing, &kept, nullptr, -1);
  EXPECT_EQ(refused.code, VD_E_ABORT);
  EXPECT_EQ(refused.method, "CompleteCommand");

  ScriptedDevice device;
  device.Add(VDC_Write, &buffer);
  device.Add(VDC_Write, &buffer);
  const Served one = ServeCommands(device, &kept, nullptr, 1);
  EXPECT_EQ(one.code, 0);
  EXPECT_EQ(one.commands, 1);
}

}  // namespace
}  // namespace conform
