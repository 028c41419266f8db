// The meter on real processes under a keeper. The time between two looks is the test's own.
#include "conformance/client/idle_meter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <memory>

#include "conformance/client/case_folder.h"
#include "conformance/client/client_tools.h"
#include "conformance/client/kept_process.h"
#include "conformance/client/process_table.h"

namespace conform {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr milliseconds kLong{20'000};
constexpr auto kSecond = std::chrono::seconds(1);
// When its input ends it burns a good part of a second, and then waits for a signal.
constexpr const char* kBurnsOnce =
    "cat >/dev/null; i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; echo burnt; "
    "exec sleep 1000";
constexpr double kBurntSecondsMin = 0.05;

class Meter : public testing::Test {
 protected:
  void Start(const std::string& script, const std::string& shell = "sh") {
    process_ =
        std::make_unique<KeptProcess>(KEEPER, KeptSettings{.words = {shell, "-c", script},
                                                           .environment = Texts(CleanEnvironment()),
                                                           .directory = folder_.path(),
                                                           .file_bytes_max = {},
                                                           .read_only = {},
                                                           .tmpfs = {},
                                                           .failing = {}});
    meter_ = std::make_unique<IdleMeter>(process_->keeper(), process_->pid());
  }
  void AwaitText(const std::string& text) {
    const auto until = KeptProcess::Clock::now() + kLong;
    for (process_->Serve(); process_->Output().find(text) == std::string::npos; process_->Serve()) {
      ASSERT_LT(KeptProcess::Clock::now(), until) << process_->Output();
      std::vector<pollfd> ready;
      process_->Watch(&ready);
      poll(ready.data(), ready.size(), 100);
    }
  }
  // What a shell starts carries the shell's own words for a moment.
  void AwaitHelper(const std::string& command_line) const {
    const auto until = KeptProcess::Clock::now() + kLong;
    for (bool found = false; !found;) {
      ASSERT_LT(KeptProcess::Clock::now(), until);
      for (const ProcessFact& one : Descendants(process_->keeper())) {
        found |= one.command_line == command_line;
      }
    }
  }
  double CpuSeconds() const {
    double seconds = 0;
    for (const ProcessFact& one : Descendants(process_->keeper())) seconds += one.cpu_seconds;
    return seconds;
  }
  void Burn() {
    process_->EndInput();
    AwaitText("burnt");
  }

  CaseFolder folder_;
  std::unique_ptr<KeptProcess> process_;
  std::unique_ptr<IdleMeter> meter_;
  const IdleMeter::Clock::time_point start_ = IdleMeter::Clock::now();
};

TEST_F(Meter, CountsWhatIsBurntWhileACallWaits) {
  Start(kBurnsOnce);
  meter_->Look(start_, true, true);
  Burn();
  const double burnt = CpuSeconds();
  ASSERT_GT(burnt, kBurntSecondsMin);
  meter_->Look(start_ + kSecond, true, true);
  EXPECT_NEAR(meter_->IdleShare(), burnt, 0.03);
  EXPECT_DOUBLE_EQ(meter_->IdleSeconds(), 1);
  // Nothing more is burnt: the share of two seconds is half of it.
  meter_->Look(start_ + 2 * kSecond, true, true);
  EXPECT_NEAR(meter_->IdleShare(), burnt / 2, 0.03);
  EXPECT_DOUBLE_EQ(meter_->IdleSeconds(), 2);
}

TEST_F(Meter, LeavesOutWhatIsBurntWhileSomethingHappens) {
  Start(kBurnsOnce);
  meter_->Look(start_, true, true);
  Burn();
  meter_->Look(start_ + kSecond, false, true);
  meter_->Look(start_ + 2 * kSecond, true, true);
  EXPECT_LT(meter_->IdleShare(), 0.03);
  EXPECT_DOUBLE_EQ(meter_->IdleSeconds(), 1);
}

TEST_F(Meter, LeavesOutWhatIsBurntWhileNoCallWaitsButNotFromASilence) {
  Start(kBurnsOnce);
  meter_->Look(start_, true, false);
  Burn();
  const double burnt = CpuSeconds();
  meter_->Look(start_ + kSecond, true, false);
  EXPECT_EQ(meter_->IdleShare(), 0);
  EXPECT_EQ(meter_->IdleSeconds(), 0);
  EXPECT_NEAR(meter_->SilentShare(), burnt, 0.03);
  EXPECT_DOUBLE_EQ(meter_->SilentSeconds(), 1);
  meter_->Look(start_ + 2 * kSecond, false, false);  // it speaks: the silence begins anew
  EXPECT_EQ(meter_->SilentSeconds(), 0);
}

TEST_F(Meter, SaysNothingOfAWaitThatIsTooShort) {
  Start(kBurnsOnce);
  meter_->Look(start_, true, true);
  Burn();
  meter_->Look(start_ + milliseconds(200), true, true);
  EXPECT_EQ(meter_->IdleShare(), 0);
  EXPECT_EQ(meter_->IdleSeconds(), 0);
}

TEST_F(Meter, DoesNotBlameAClientForOurSqlcmd) {
  const std::filesystem::path stand_in = folder_.path() / "sqlcmd";
  std::filesystem::create_symlink("/bin/sh", stand_in);
  Start(std::string(kBurnsOnce).replace(std::string(kBurnsOnce).find("exec sleep"), 10, "sleep"),
        stand_in.string());
  meter_->Look(start_, true, true);
  Burn();
  ASSERT_GT(CpuSeconds(), kBurntSecondsMin);
  meter_->Look(start_ + kSecond, true, true);
  EXPECT_LT(meter_->IdleShare(), 0.03);
}

TEST_F(Meter, KeepsTheMostThreadsAndMemoryAndTheWordsOfHelpers) {
  Start("sleep 1000 & echo up; wait");
  AwaitText("up");
  AwaitHelper("sleep 1000");
  meter_->Look(start_, true, true);
  meter_->Look(start_ + kSecond, true, true);
  EXPECT_EQ(meter_->threads(), 2);
  EXPECT_GT(meter_->peak_memory_kib(), 0);
  EXPECT_THAT(meter_->command_lines(), ElementsAre("sleep 1000"));
  EXPECT_THAT(meter_->libraries(), IsEmpty());
  process_->Signal(SIGKILL);
  ASSERT_TRUE(process_->AwaitEnd(kLong));
  (void)process_->Settle(milliseconds(0));
  const int64_t peak_kib = meter_->peak_memory_kib();
  meter_->Look(start_ + 2 * kSecond, true, true);
  EXPECT_EQ(meter_->threads(), 2);
  EXPECT_EQ(meter_->peak_memory_kib(), peak_kib);
}

TEST_F(Meter, ShowsWhereAProcessWaits) {
  Start("echo up; exec sleep 1000");
  AwaitText("up");
  const std::string stacks = StacksOf(process_->pid(), KEEPER, kLong);
  EXPECT_THAT(stacks, testing::AnyOf(HasSubstr("#0"), HasSubstr("thread ")));
}

}  // namespace
}  // namespace conform
