// The oracle follows small conversations: what the rules allow holds, and each wrong answer is
// noticed, with the rule that it breaks.
#include "conformance/monitor/oracle.h"

#include <gtest/gtest.h>

#include "conformance/monitor/situation.h"

namespace conform {
namespace {

constexpr std::uint32_t kOk = 0;
constexpr std::uint32_t kTimeout = 0x80770003U;
constexpr std::uint32_t kAbort = 0x80770004U;
constexpr std::uint32_t kInvalid = 0x80770006U;
constexpr std::uint32_t kMemory = 0x8077000AU;
constexpr std::uint32_t kProtocol = 0x8077000CU;
constexpr std::uint32_t kOpen = 0x8077000DU;
constexpr std::uint32_t kClosed = 0x8077000EU;

const Rules& TheRules() {
  static const Rules kRules = Rules::Embedded();
  return kRules;
}

// Tells an oracle what actors do, and asks for its opinion of each return.
class Conversation : public testing::Test {
 protected:
  Conversation() : oracle_(TheRules()) {
    (void)oracle_.See(ActorSeen{"primary", "primary", "linux", "main"});
    (void)oracle_.See(ActorSeen{"second", "secondary", "linux", "main"});
    (void)oracle_.See(ActorSeen{"engine", "engine", "com", "main"});
  }

  std::int64_t Begin(const std::string& actor, const std::string& method, Json arguments = {},
                     const std::string& into = {}) {
    if (arguments.is_null()) arguments = Json::object();
    if (arguments.contains("device")) {
      arguments["device"] = "set/" + std::to_string(arguments["device"].get<int>());
    }
    CallSeen call;
    call.id = ++last_;
    call.actor = actor;
    call.object = "set";
    call.method = method;
    call.arguments = std::move(arguments);
    call.into = into;
    (void)oracle_.See(call);
    return call.id;
  }
  std::optional<Opinion> End(std::int64_t id, std::uint32_t code, Json out = Json::object()) {
    return oracle_.See(ReturnSeen{id, 0, static_cast<std::int32_t>(code), std::move(out)});
  }
  std::optional<Opinion> Call(const std::string& actor, const std::string& method,
                              std::uint32_t code, Json arguments = {}, const std::string& into = {},
                              Json out = Json::object()) {
    return End(Begin(actor, method, std::move(arguments), into), code, std::move(out));
  }
  // What holds without further ado.
  void Goes(const std::string& actor, const std::string& method, Json arguments = {},
            const std::string& into = {}, Json out = Json::object()) {
    const std::optional<Opinion> opinion =
        Call(actor, method, kOk, std::move(arguments), into, std::move(out));
    ASSERT_TRUE(!opinion || opinion->held) << method << " in " << opinion->state;
  }

  void Connect(int devices = 1) {
    Goes("primary", "Create", {{"name", "S"}, {"devices", devices}});
    Goes("engine", "Open", {{"name", "S"}});
  }
  void Configure(int devices = 1) {
    Connect(devices);
    Goes("engine", "BeginConfiguration");
    Goes("engine", "EndConfiguration");
    Goes("primary", "GetConfiguration", {{"timeout", -1}});
  }
  void Activate(int devices = 1) {
    Configure(devices);
    for (int i = 0; i < devices; ++i) OpenBoth(i);
    agent_ = Begin("engine", "ExecuteCompletionAgent");
    Goes("engine", "WaitForActive");
  }
  void OpenBoth(int number) {
    const Json arguments = {{"device", number},
                            {"name", number == 0 ? "S" : "S" + std::to_string(number)}};
    Goes("engine", "OpenDevice", arguments);
    Goes("primary", "OpenDevice", arguments);
  }
  static void Wrong(const std::optional<Opinion>& opinion, const std::string& clause) {
    ASSERT_TRUE(opinion.has_value());
    EXPECT_FALSE(opinion->held);
    EXPECT_EQ(opinion->clause, clause);
  }
  static void Right(const std::optional<Opinion>& opinion, State state) {
    ASSERT_TRUE(opinion.has_value());
    EXPECT_TRUE(opinion->held) << opinion->method << " in " << opinion->state;
    ASSERT_TRUE(opinion->visit.has_value());
    EXPECT_EQ(opinion->visit->state, state);
  }

  Oracle oracle_;
  std::int64_t last_ = 0;
  std::int64_t agent_ = 0;
};

TEST(Situations, AreAllThatTheTablesName) {
  for (const Transition& row : TheRules().transitions()) {
    for (const Cell& cell : row.cells) {
      for (const Answer& answer : cell.answers) {
        EXPECT_TRUE(answer.when.empty() || IsSituation(answer.when))
            << row.clause << ": " << answer.when;
      }
    }
  }
}

// A reading that takes a code which the table does not have must not take it everywhere.
TEST(Situations, AreKnownOfEveryReadingThatAddsACodeToACell) {
  for (const Transition& row : TheRules().transitions()) {
    for (const Cell& cell : row.cells) {
      for (const Rules::RulingOf& of : TheRules().RulingsOf(row.side, row.methods.front())) {
        if (std::count(cell.readings.begin(), cell.readings.end(), of.reading->id) == 0) continue;
        // Who else has a name, and what the machine cannot do, is told apart where sets are made.
        if (cell.state == State::kDoesNotExist) continue;
        EXPECT_TRUE(IsRulingSituation(of.ruling->when))
            << of.reading->id << ": " << of.ruling->when;
      }
    }
  }
}

TEST_F(Conversation, KnowsTheStateOfEachSide) {
  Connect();
  Right(Call("engine", "GetConfiguration", kOk), State::kConnected);
  Right(Call("primary", "OpenDevice", kProtocol, {{"device", 0}, {"name", "S"}}),
        State::kConfigurable);
}

TEST_F(Conversation, RefusesSuccessBeforeThereIsASet) {
  Wrong(Call("primary", "SignalAbort", kOk), "L-35");
}

TEST_F(Conversation, RefusesSuccessBeforeTheServerHasConfigured) {
  Connect();
  Wrong(Call("primary", "GetConfiguration", kOk, {{"timeout", 0}}), "L-31");
}

TEST_F(Conversation, TakesThePollThatTimesOut) {
  Connect();
  Right(Call("primary", "GetConfiguration", kTimeout, {{"timeout", 0}}), State::kConfigurable);
}

TEST_F(Conversation, RefusesATimeOutOfAnInfiniteWait) {
  Connect();
  Wrong(Call("primary", "GetConfiguration", kTimeout, {{"timeout", -1}}), "L-31");
}

TEST_F(Conversation, AWaitMayEndByWhatComesMeanwhile) {
  Connect();
  const std::int64_t waiting = Begin("primary", "GetConfiguration", {{"timeout", -1}});
  Goes("engine", "BeginConfiguration");
  Goes("engine", "EndConfiguration");
  const std::optional<Opinion> opinion = End(waiting, kOk);
  ASSERT_TRUE(opinion.has_value());
  EXPECT_TRUE(opinion->held);
}

TEST_F(Conversation, AnAbortEndsEveryWait) {
  Connect();
  const std::int64_t waiting = Begin("primary", "GetConfiguration", {{"timeout", -1}});
  Goes("engine", "SignalAbort");
  Right(End(waiting, kAbort), State::kAbort);
  Wrong(Call("primary", "GetConfiguration", kOk), "L-31");
}

TEST_F(Conversation, RefusesADeviceThatIsOpenedTwice) {
  Configure(2);
  OpenBoth(0);
  Wrong(Call("primary", "OpenDevice", kOk, {{"device", 0}, {"name", "S"}}), "L-32");
}

TEST_F(Conversation, RefusesACommandThatNobodySent) {
  Activate();
  Wrong(Call("primary", "GetCommand", kOk, {{"device", 0}}, "c"), "L-33");
}

TEST_F(Conversation, RefusesATimeOutWhileACommandWaits) {
  Activate();
  Goes("engine", "SendCommand", {{"device", 0}, {"command", 2}}, "s");
  Wrong(Call("primary", "GetCommand", kTimeout, {{"device", 0}, {"timeout", 0}}, "c"), "L-33");
}

TEST_F(Conversation, RefusesInActiveWhatAReadingTakesElsewhere) {
  Activate();
  Wrong(Call("primary", "GetCommand", kProtocol, {{"device", 0}}, "c"), "L-33");
}

TEST_F(Conversation, RefusesInvalidWhereNoPointerIsNull) {
  Activate();
  Wrong(Call("primary", "GetCommand", kInvalid, {{"device", 0}}, "c"), "L-33");
}

TEST_F(Conversation, NamesTheReadingWhereItDecides) {
  Configure(2);
  OpenBoth(0);
  Right(Call("primary", "GetCommand", kTimeout, {{"device", 0}, {"timeout", 0}}, "c"),
        State::kInitializing);
  Wrong(Call("primary", "GetCommand", kClosed, {{"device", 0}, {"timeout", 0}}, "c"), "G-09");
}

TEST_F(Conversation, RefusesATimeOutOfAnInfiniteWaitForOtherDevices) {
  Configure(2);
  OpenBoth(0);
  Wrong(Call("primary", "GetCommand", kTimeout, {{"device", 0}, {"timeout", -1}}, "c"), "L-33");
}

TEST_F(Conversation, NamesTheReadingOfFieldsThatMayBeRefused) {
  Wrong(Call("primary", "Create", kInvalid, {{"name", "S"}, {"alignment", 3}}), "G-18");
}

TEST_F(Conversation, ASecondaryMayAbortWithTheDevicesThatItLeaves) {
  Configure();
  Goes("second", "OpenInSecondary", {{"name", "S"}});
  const Json arguments = {{"device", 0}, {"name", "S"}};
  Goes("engine", "OpenDevice", arguments);
  Goes("second", "OpenDevice", arguments);
  Goes("second", "Close");
  const std::optional<Opinion> opinion = Call("engine", "GetConfiguration", kAbort);
  ASSERT_TRUE(opinion.has_value());
  EXPECT_TRUE(opinion->held);
}

TEST_F(Conversation, AFailureOfTheMachineIsNoMoreThanUnexpected) {
  Activate();
  Goes("engine", "SendCommand", {{"device", 0}, {"command", 2}}, "s");
  Wrong(Call("engine", "SendCommand", kMemory, {{"device", 0}, {"command", 2}}, "s"), "G-04");
}

TEST_F(Conversation, AClosedDeviceStaysClosedByAReadingAlone) {
  Activate(2);
  Goes("engine", "CloseDevice", {{"device", 0}});
  Right(Call("primary", "GetCommand", kClosed, {{"device", 0}}, "c"), State::kActive);
  Wrong(Call("primary", "GetCommand", kTimeout, {{"device", 0}, {"timeout", 0}}, "c"), "G-49");
}

TEST_F(Conversation, TheEndOfAnObjectIsACloseThatNobodySaw) {
  Activate();
  Goes("primary", "Release");
  const std::optional<Opinion> opinion = Call("engine", "GetConfiguration", kAbort);
  ASSERT_TRUE(opinion.has_value());
  EXPECT_TRUE(opinion->held);
}

TEST_F(Conversation, RefusesASecondCompletion) {
  Activate();
  Goes("engine", "SendCommand", {{"device", 0}, {"command", 2}}, "s");
  Goes("primary", "GetCommand", {{"device", 0}}, "c");
  Goes("primary", "CompleteCommand", {{"device", 0}, {"command", "c"}});
  Right(Call("primary", "CompleteCommand", kInvalid, {{"device", 0}, {"command", "c"}}),
        State::kActive);
  Wrong(Call("primary", "CompleteCommand", kOk, {{"device", 0}, {"command", "c"}}), "L-34");
}

TEST_F(Conversation, TheLastCloseOfADeviceEndsTheSet) {
  Activate(2);
  Goes("engine", "CloseDevice", {{"device", 0}});
  Right(Call("primary", "GetCommand", kClosed, {{"device", 0}}, "c"), State::kActive);
  Goes("engine", "CloseDevice", {{"device", 1}});
  Right(Call("primary", "GetCommand", kClosed, {{"device", 1}}, "c"), State::kActive);
  Right(Call("primary", "GetCommand", kProtocol, {{"device", 1}}, "c"), State::kNormallyTerminated);
  Right(Call("primary", "Close", kOk), State::kNormallyTerminated);
  Right(End(agent_, kOk), State::kInitializing);
}

TEST_F(Conversation, ADeviceThatOutlivedItsSetIsCalledInTheNextOnesStates) {
  Activate();
  Goes("engine", "CloseDevice", {{"device", 0}});
  Right(Call("primary", "GetCommand", kClosed, {{"device", 0}}, "c"), State::kActive);
  Goes("primary", "Close");
  Right(Call("primary", "GetCommand", kProtocol, {{"device", 0}}, "c"), State::kDoesNotExist);
  Goes("primary", "Create", {{"name", "S"}, {"devices", 1}});
  Right(Call("primary", "GetCommand", kProtocol, {{"device", 0}}, "c"), State::kConfigurable);
  Right(Call("primary", "CompleteCommand", kProtocol, {{"device", 0}, {"command", "c"}}),
        State::kConfigurable);
  Wrong(Call("primary", "GetCommand", kTimeout, {{"device", 0}, {"timeout", 0}}, "c"), "L-33");
}

TEST_F(Conversation, RefusesAQuietCloseWithOpenDevices) {
  Activate();
  Wrong(Call("primary", "Close", kOk), "L-36");
}

TEST_F(Conversation, KnowsThatACloseWithOpenDevicesAborts) {
  Activate();
  Right(Call("primary", "Close", kOpen), State::kActive);
  Right(Call("engine", "GetConfiguration", kAbort), State::kAbort);
}

TEST_F(Conversation, KnowsThatSuchACloseAbortsEvenASetThatTheServerHasEnded) {
  Activate();
  Goes("engine", "CloseDevice", {{"device", 0}});
  Right(Call("primary", "Close", kOpen), State::kActive);
  Right(Call("engine", "GetConfiguration", kAbort), State::kAbort);
}

// L-17: the abort that a Close begins with may end what waits on the same object, or the Close.
TEST_F(Conversation, TakesBothEndsOfWaitsOnAClosedObject) {
  Activate(2);
  const std::int64_t first = Begin("primary", "GetCommand", {{"device", 0}, {"timeout", -1}}, "a");
  const std::int64_t second = Begin("primary", "GetCommand", {{"device", 1}, {"timeout", -1}}, "b");
  Goes("primary", "SignalAbort");
  Goes("primary", "Close");
  const std::optional<Opinion> aborted = End(first, kAbort);
  ASSERT_TRUE(aborted);
  EXPECT_TRUE(aborted->held);
  const std::optional<Opinion> closed = End(second, kProtocol);
  ASSERT_TRUE(closed);
  EXPECT_TRUE(closed->held);
}

TEST_F(Conversation, LeavesOpenWhetherABufferInUseCanBeFreed) {
  Activate();
  Goes("engine", "AllocateBuffer", {{"size", 65536}}, "b");
  const Json free = {{"buffer", "b"}, {"size", 65536}};
  const Json send = {{"device", 0}, {"command", 2}, {"buffer", "b"}, {"size", 65536}};
  Goes("engine", "SendCommand", send, "s");
  const std::optional<Opinion> refused = Call("engine", "FreeBuffer", kInvalid, free);
  EXPECT_TRUE(!refused || refused->held);
  Goes("primary", "GetCommand", {{"device", 0}, {"timeout", 0}}, "c", {{"size", 65536}});
  Goes("primary", "CompleteCommand", {{"device", 0}, {"command", "c"}});
  Right(Call("engine", "FreeBuffer", kOk, free), State::kActive);
}

TEST_F(Conversation, KnowsTheNameOfTheFirstDeviceBeforeTheServerOpensIt) {
  Configure(2);
  Right(Call("primary", "OpenDevice", kOk, {{"device", 0}, {"name", "S"}}), State::kInitializing);
  Wrong(Call("primary", "OpenDevice", kOk, {{"device", 1}, {"name", "S1"}}), "L-32");
}

TEST_F(Conversation, ForeseesTheStateThatACallMeets) {
  const auto look = [&](const char* actor) {
    CallSeen call;
    call.actor = actor;
    call.object = "set";
    call.method = "SignalAbort";
    call.arguments = Json::object();
    return oracle_.Foresee(call).state;
  };
  EXPECT_EQ(look("primary"), State::kDoesNotExist);
  Connect();
  EXPECT_EQ(look("primary"), State::kConfigurable);
  EXPECT_EQ(look("engine"), State::kConnected);
  Goes("engine", "SignalAbort");
  EXPECT_EQ(look("primary"), State::kAbort);
}

TEST_F(Conversation, ForeseesWhichCallsWait) {
  Activate();
  CallSeen get;
  get.actor = "primary";
  get.object = "set";
  get.method = "GetCommand";
  get.arguments = {{"device", "set/0"}, {"timeout", -1}};
  EXPECT_TRUE(oracle_.Foresee(get).may_wait);
  get.arguments["timeout"] = 0;
  EXPECT_FALSE(oracle_.Foresee(get).may_wait) << "a poll";
  get.arguments["timeout"] = -1;
  Goes("engine", "SendCommand", {{"device", 0}, {"command", 2}}, "s");
  EXPECT_FALSE(oracle_.Foresee(get).may_wait) << "a command is there";
}

TEST_F(Conversation, KnowsWhenACallMustReturn) {
  Activate();
  const std::int64_t get = Begin("primary", "GetCommand", {{"device", 0}, {"timeout", -1}}, "c");
  EXPECT_FALSE(oracle_.MustReturn(get));
  EXPECT_FALSE(oracle_.MustReturn(agent_));
  Goes("engine", "SendCommand", {{"device", 0}, {"command", 2}}, "s");
  EXPECT_TRUE(oracle_.MustReturn(get));
  Goes("engine", "SignalAbort");
  EXPECT_TRUE(oracle_.MustReturn(agent_));
}

TEST_F(Conversation, RefusesASecondaryBeforeTheConfiguration) {
  Connect();
  Wrong(Call("second", "OpenInSecondary", kOk, {{"name", "S"}}), "C-OIL-02");
}

TEST_F(Conversation, RefusesAHandleThatWasNeverGiven) {
  Configure();
  Wrong(Call("primary", "MapBufferHandle", kOk, {{"handle", 77}}, "v"), "C-MAP-03");
}

TEST_F(Conversation, TakesAnAbortAfterAKill) {
  Activate();
  (void)oracle_.See(GoneSeen{0, "primary", "killed"});
  const std::optional<Opinion> opinion = Call("engine", "GetConfiguration", kAbort);
  ASSERT_TRUE(opinion.has_value());
  EXPECT_TRUE(opinion->held);
}

TEST_F(Conversation, IsSilentAfterADisagreement) {
  Connect();
  Wrong(Call("primary", "GetConfiguration", kOk, {{"timeout", 0}}), "L-31");
  EXPECT_FALSE(Call("primary", "Close", kTimeout).has_value());
}

}  // namespace
}  // namespace conform
