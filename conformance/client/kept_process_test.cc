// Programs under a keeper: real processes, real signals.
#include "conformance/client/kept_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>

#include "conformance/client/artefact_files.h"
#include "conformance/client/case_folder.h"
#include "conformance/client/client_tools.h"
#include "conformance/client/job_trouble.h"
#include "conformance/client/process_table.h"

namespace conform {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr milliseconds kLong{20'000};

class Kept : public testing::Test {
 protected:
  KeptSettings Shell(const std::string& script) const {
    return {.words = {"sh", "-c", script},
            .environment = Texts(CleanEnvironment()),
            .directory = folder_.path(),
            .file_bytes_max = {},
            .read_only = {},
            .tmpfs = {},
            .failing = {}};
  }
  // Serves until that text was printed.
  static void AwaitText(KeptProcess& process, const std::string& text) {
    const auto until = KeptProcess::Clock::now() + kLong;
    for (process.Serve(); process.Output().find(text) == std::string::npos; process.Serve()) {
      ASSERT_LT(KeptProcess::Clock::now(), until) << process.Output();
      std::vector<pollfd> ready;
      process.Watch(&ready);
      poll(ready.data(), ready.size(), 100);
    }
  }

  CaseFolder folder_;
};

TEST_F(Kept, TellsHowTheProgramEndedAndWhatItPrinted) {
  KeptProcess process(KEEPER, Shell("echo out; echo err >&2; pwd; exit 3"));
  ASSERT_TRUE(process.AwaitEnd(kLong));
  EXPECT_EQ(process.status(), 3);
  EXPECT_EQ(process.signal(), 0);
  EXPECT_EQ(process.Output(), "out\n" + folder_.path().string() + "\n");
  EXPECT_EQ(process.ErrorOutput(), "err\n");
  EXPECT_THAT(process.Settle(milliseconds(0)), IsEmpty());
}

TEST_F(Kept, SaysWhyAProgramCannotBeStarted) {
  KeptSettings settings = Shell("");
  settings.words = {"/nowhere/prog"};
  try {
    const KeptProcess process(KEEPER, settings);
    FAIL() << "it was started";
  } catch (const NotStarted& error) {
    EXPECT_THAT(error.what(), HasSubstr("/nowhere/prog: No such file"));
  }
}

TEST_F(Kept, TakesFarMoreOutputThanAPipeHolds) {
  KeptProcess process(KEEPER, Shell("head -c 3000000 /dev/zero | tr '\\0' x; echo end"));
  ASSERT_TRUE(process.AwaitEnd(kLong));
  EXPECT_GE(process.bytes_printed(), 3'000'004U);
  EXPECT_THAT(process.Output(), HasSubstr("bytes left out"));
  EXPECT_TRUE(process.Output().ends_with("xend\n"));
}

TEST_F(Kept, EndsItsInputAndIsSignalled) {
  KeptProcess reader(KEEPER, Shell("cat; echo over"));
  reader.EndInput();
  ASSERT_TRUE(reader.AwaitEnd(kLong));
  EXPECT_EQ(reader.Output(), "over\n");

  KeptProcess sleeper(KEEPER, Shell("echo up; exec sleep 1000"));
  AwaitText(sleeper, "up");
  sleeper.Signal(SIGTERM);
  ASSERT_TRUE(sleeper.AwaitEnd(kLong));
  EXPECT_EQ(sleeper.signal(), SIGTERM);
}

// A daemon leaves its parent, its group and its session; its keeper finds it still.
TEST_F(Kept, LeavesNothingAliveThatWasStarted) {
  KeptProcess process(KEEPER, Shell("setsid sleep 1000 & setsid sh -c 'sleep 1001 & sleep 1002' & "
                                    "exit 0"));
  ASSERT_TRUE(process.AwaitEnd(kLong));
  const std::vector<std::string> left = process.Settle(milliseconds(50));
  EXPECT_THAT(left, testing::Contains(HasSubstr("sleep 1000")));
  EXPECT_THAT(left, testing::Contains(HasSubstr("sleep 1001")));
  for (const ProcessFact& one : Descendants(process.keeper())) EXPECT_EQ(one.state, 'Z');
}

TEST_F(Kept, EndsEverythingWhenItsOwnerGoes) {
  std::optional<KeptProcess> process;
  process.emplace(KEEPER, Shell("setsid sleep 1003 & echo $!; wait"));
  AwaitText(*process, "\n");
  const pid_t child = std::stoi(process->Output());
  process.reset();
  EXPECT_NE(kill(child, 0), 0);
}

// A process that is waited for is not one that is left.
TEST_F(Kept, LetsAProcessEndByItself) {
  KeptProcess process(KEEPER, Shell("(sleep 0.2; echo late) & exit 0"));
  ASSERT_TRUE(process.AwaitEnd(kLong));
  EXPECT_THAT(process.Settle(kLong), IsEmpty());
  EXPECT_EQ(process.Output(), "late\n");
}

TEST_F(Kept, CannotWriteToAReadOnlyPlace) {
  const std::filesystem::path place = MakePlaces(folder_.path() / "1").media;
  const JobTrouble trouble = FindTrouble("read-only", place);
  if (!trouble.impossible.empty()) GTEST_SKIP() << trouble.impossible;
  KeptSettings settings = Shell("echo x > '" + place.string() + "/f'");
  trouble.Apply(&settings);
  KeptProcess process(KEEPER, settings);
  ASSERT_TRUE(process.AwaitEnd(kLong));
  EXPECT_NE(process.status(), 0);
  trouble.Undo();
  std::ofstream(place / "g") << "y";
  EXPECT_THAT(FilesIn(place), ElementsAre(testing::Field(&FileFact::path, "g")));
}

TEST_F(Kept, FindsAPlaceFullAndItsFilesAreBroughtOut) {
  const std::filesystem::path place = MakePlaces(folder_.path() / "1").media;
  const JobTrouble trouble = FindTrouble("full:65536", place);
  if (!trouble.impossible.empty()) GTEST_SKIP() << trouble.impossible;
  KeptSettings settings =
      Shell("head -c 200000 /dev/zero > '" + place.string() + "/f' || echo full");
  trouble.Apply(&settings);
  KeptProcess process(KEEPER, settings);
  ASSERT_TRUE(process.AwaitEnd(kLong));
  EXPECT_EQ(process.Output(), "full\n") << process.ErrorOutput();
  EXPECT_THAT(FilesIn(place), IsEmpty());
  trouble.BringOut(process.keeper(), place);
  EXPECT_THAT(FilesIn(place), ElementsAre(testing::AllOf(testing::Field(&FileFact::path, "f"),
                                                         testing::Field(&FileFact::size, 65536))));
}

TEST_F(Kept, GetsAnErrorAndNoSignalFromAFileThatMayNotGrow) {
  KeptSettings settings = Shell("head -c 200000 /dev/zero > f; wc -c < f");
  settings.file_bytes_max = 65536;
  KeptProcess process(KEEPER, settings);
  ASSERT_TRUE(process.AwaitEnd(kLong));
  EXPECT_EQ(process.Output(), "65536\n");
  EXPECT_THAT(process.ErrorOutput(), HasSubstr("File too large"));
}

}  // namespace
}  // namespace conform
