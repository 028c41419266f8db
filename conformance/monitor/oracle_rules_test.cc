// What the oracle takes when a code of the rules is another one: page, table and reading must fit
// each other before it takes anything.
#include <gtest/gtest.h>

#include "conformance/monitor/oracle.h"

namespace conform {
namespace {

constexpr std::uint32_t kOk = 0;
constexpr std::uint32_t kAbort = 0x80770004U;
constexpr std::uint32_t kInvalid = 0x80770006U;
constexpr std::uint32_t kUnexpected = 0x8077000BU;

// A client and a server whose calls are judged by rules with one code changed; an empty position
// changes none.
class Talk {
 public:
  explicit Talk(const std::string& changed)
      : rules_(Changed(Rules::Embedded(), changed)), oracle_(rules_) {
    (void)oracle_.See(ActorSeen{"primary", "primary", "linux", "main"});
    (void)oracle_.See(ActorSeen{"engine", "engine", "com", "main"});
  }

  std::int64_t Begin(const std::string& actor, const std::string& method,
                     Json arguments = Json::object(), const std::string& into = {}) {
    (void)oracle_.See(
        CallSeen{++last_, 0, actor, "set", method, std::move(arguments), into, false});
    return last_;
  }
  std::optional<Opinion> End(std::int64_t id, std::uint32_t code) {
    return oracle_.See(ReturnSeen{id, 0, static_cast<std::int32_t>(code), Json::object()});
  }
  std::optional<Opinion> Call(const std::string& actor, const std::string& method,
                              std::uint32_t code, Json arguments = Json::object(),
                              const std::string& into = {}) {
    return End(Begin(actor, method, std::move(arguments), into), code);
  }
  Talk& Connected() {
    (void)Call("primary", "Create", kOk, {{"name", "S"}, {"devices", 1}});
    (void)Call("engine", "Open", kOk, {{"name", "S"}});
    return *this;
  }
  Talk& Active() {
    (void)Connected().Call("engine", "BeginConfiguration", kOk);
    (void)Call("engine", "EndConfiguration", kOk);
    (void)Call("primary", "GetConfiguration", kOk, {{"timeout", -1}});
    (void)Call("engine", "OpenDevice", kOk, {{"device", "set/0"}, {"name", "S"}});
    (void)Call("primary", "OpenDevice", kOk, {{"device", "set/0"}, {"name", "S"}});
    (void)Begin("engine", "ExecuteCompletionAgent");
    (void)Call("engine", "WaitForActive", kOk);
    return *this;
  }
  Talk& Aborted() {
    (void)Connected().Call("engine", "SignalAbort", kOk);
    return *this;
  }

 private:
  static Rules Changed(const Rules& rules, const std::string& changed) {
    for (const CodePosition& one : rules.CodePositions()) {
      if (Describe(one) == changed) return rules.WithCode(one, "VD_E_NOTSUPPORTED");
    }
    EXPECT_TRUE(changed.empty()) << "no code stands at " << changed;
    return rules;
  }

  const Rules rules_;
  Oracle oracle_;
  std::int64_t last_ = 0;
};

void ExpectTaken(const std::optional<Opinion>& opinion) {
  ASSERT_TRUE(opinion.has_value());
  EXPECT_TRUE(opinion->held);
}
void ExpectRefused(const std::optional<Opinion>& opinion) {
  ASSERT_TRUE(opinion.has_value());
  EXPECT_FALSE(opinion->held);
}

TEST(OracleRules, TakeACodeThatPageAndTableHave) {
  ExpectTaken(Talk("").Connected().Call("engine", "GetConfiguration", kOk));
  ExpectRefused(
      Talk("L-41 in Connected: NOERROR").Connected().Call("engine", "GetConfiguration", kOk));
  ExpectRefused(Talk("S-GCF-01").Connected().Call("engine", "GetConfiguration", kOk));
}

// G-12 decides between the page's VD_E_ABORT and the table's VD_E_PROTOCOL.
TEST(OracleRules, TakeAReadingOnlyWhereItsSourcesAre) {
  ExpectTaken(Talk("").Aborted().Call("engine", "BeginConfiguration", kAbort));
  ExpectRefused(
      Talk("L-42 in Abort: VD_E_PROTOCOL").Aborted().Call("engine", "BeginConfiguration", kAbort));
  ExpectRefused(Talk("S-BEG-02").Aborted().Call("engine", "BeginConfiguration", kAbort));
}

TEST(OracleRules, AnswerAWaitThatAnAbortMeetsFromTheCellItBeganIn) {
  const std::string waiting = "L-31 in Configurable: VD_E_ABORT -> Abort";
  for (const std::string& changed : {std::string(), waiting}) {
    Talk talk(changed);
    const std::int64_t wait =
        talk.Connected().Begin("primary", "GetConfiguration", {{"timeout", -1}});
    (void)talk.Call("engine", "SignalAbort", kOk);
    changed.empty() ? ExpectTaken(talk.End(wait, kAbort)) : ExpectRefused(talk.End(wait, kAbort));
  }
  ExpectTaken(Talk(waiting).Aborted().Call("primary", "GetConfiguration", kAbort));
}

// G-02: nobody published a number for VD_E_IO_ERROR, so nobody is held to one.
TEST(OracleRules, LeaveACodeWithoutANumberOpenWhereItCanBe) {
  const auto after_error = [](const std::string& changed, int completion) {
    Talk talk(changed);
    talk.Active();
    const Json device = {{"device", "set/0"}};
    (void)talk.Call("engine", "SendCommand", kOk, device, "s");
    (void)talk.Call("primary", "GetCommand", kOk, device, "c");
    (void)talk.Call("primary", "CompleteCommand", kOk,
                    {{"device", "set/0"}, {"command", "c"}, {"completion", completion}});
    return talk.Call("engine", "SendCommand", kUnexpected, device, "t");
  };
  constexpr int kIoDevice = 1117;
  EXPECT_FALSE(after_error("", kIoDevice).has_value());
  ExpectRefused(after_error("", 0));
  ExpectRefused(after_error("L-50 in Active: VD_E_IO_ERROR", kIoDevice));
  ExpectRefused(after_error("S-SND-03", kIoDevice));
}

TEST(OracleRules, HoldTheServerToVdEInvalidWhereItsPageHasIt) {
  const Json foreign = {{"buffer", "foreign"}, {"size", 512}};
  ExpectTaken(Talk("").Active().Call("engine", "FreeBuffer", kInvalid, foreign));
  ExpectRefused(Talk("L-49 in Active: VD_E_INVALID")
                    .Active()
                    .Call("engine", "FreeBuffer", kInvalid, foreign));
  // Values that no page speaks of.
  EXPECT_FALSE(Talk("").Active().Call("engine", "RequestBuffers", kInvalid).has_value());
}

}  // namespace
}  // namespace conform
