#include "conformance/agreement/agreement_walk.h"

#include <algorithm>
#include <array>
#include <optional>
#include <random>
#include <utility>

#include "conformance/agreement/simulated_set.h"
#include "conformance/agreement/wanted_differences.h"
#include "conformance/monitor/oracle.h"
#include "simulator/base/hresult.h"

namespace conform {
namespace {

// A history is that long, so that the wrong answers at the ends of many meet every cell.
constexpr std::uint64_t kHistoryMin = 20;
constexpr std::uint64_t kHistoryMax = 140;
constexpr std::size_t kSets = 2;
constexpr std::size_t kShownCalls = 30;

constexpr std::array kAlternatives = {vdisim::kOk,      vdisim::kTimeout,     vdisim::kAbort,
                                      vdisim::kInvalid, vdisim::kProtocol,    vdisim::kOpen,
                                      vdisim::kClose,   vdisim::kNotSupported};

std::string_view NameOf(Who who) {
  switch (who) {
    case Who::kPrimary:
      return "primary";
    case Who::kSecondary:
      return "secondary";
    case Who::kEngine:
      break;
  }
  return "engine";
}

bool Has(const Rules& rules, const Cell& cell, std::uint32_t code) {
  return std::any_of(cell.answers.begin(), cell.answers.end(),
                     [&](const Answer& answer) { return rules.CodeValue(answer.code) == code; });
}

// One history: a few sets, one oracle that sees everything.
class History {
 public:
  History(const Rules& documents, const Rules& oracle_rules, std::uint64_t seed,
          AgreementResult* result)
      : rules_(documents), result_(*result), random_(seed), oracle_(oracle_rules) {
    for (std::size_t i = 0; i < kSets; ++i) {
      const bool com = random_() % 2 == 0;
      sets_.emplace_back("S" + std::to_string(i), com, random_());
      agents_.push_back(0);
      for (const Who who : {Who::kPrimary, Who::kSecondary, Who::kEngine}) {
        const bool server = who == Who::kEngine;
        See(ActorSeen{Actor(i, who), std::string(NameOf(who)), com || server ? "com" : "linux",
                      "set" + std::to_string(i), "real"});
      }
    }
  }

  void Walk(std::size_t calls) {
    for (std::size_t i = 0; i + 1 < calls && !over_; ++i) Step(false);
    if (!over_) Step(true);
  }

 private:
  static std::string Actor(std::size_t set, Who who) {
    return std::string(NameOf(who)) + std::to_string(set);
  }
  std::optional<Opinion> See(const Seen& seen) { return oracle_.See(seen); }

  std::int64_t Begin(std::size_t set, const SimulatedCall& call) {
    CallSeen seen;
    seen.id = ++last_id_;
    seen.actor = Actor(set, call.who);
    seen.object = "set";
    seen.method = call.method;
    seen.arguments = call.arguments;
    seen.into = call.into;
    seen.concurrent = call.agent;
    (void)See(seen);
    return seen.id;
  }
  std::optional<Opinion> End(std::int64_t id, std::uint32_t code, const Json& out) {
    return See(ReturnSeen{id, 0, static_cast<std::int32_t>(code), out});
  }

  void Step(bool last) {
    const std::size_t set = random_() % kSets;
    SimulatedCall call = sets_[set].Next();
    const std::int64_t id = Begin(set, call);
    ++result_.calls;
    CellTally& tally = result_.cells[{call.side, call.method, call.state}];
    ++tally.calls;
    made_.emplace_back(set, call);
    if (call.agent) {
      agents_[set] = id;
    } else if (last) {
      return AnswerWrongly(call, id, &tally);
    } else {
      Judge(call, End(id, call.code, call.out), &tally);
    }
    if (sets_[set].TakeActivation()) {
      SimulatedCall told;
      told.who = Who::kEngine;
      told.side = Side::kServer;
      told.method = "WaitForActive";
      (void)End(Begin(set, told), 0, Json::object());
    }
    if (sets_[set].TakeAgentEnd() && agents_[set] != 0) {
      SimulatedCall agent;
      agent.who = Who::kEngine;
      agent.side = Side::kServer;
      agent.method = "ExecuteCompletionAgent";
      agent.state = State::kInitializing;
      Judge(agent, End(std::exchange(agents_[set], 0), 0, Json::object()),
            &result_.cells[{agent.side, agent.method, agent.state}]);
    }
  }

  void Judge(const SimulatedCall& call, const std::optional<Opinion>& opinion, CellTally* tally) {
    // What the documents' own table lacks, a reading must want.
    const Cell* const cell = rules_.FindCell(call.side, call.method, call.state);
    if (cell != nullptr && !Has(rules_, *cell, call.code)) {
      const WantedDifference* const wanted =
          FindAnswer(call.side, call.method, call.state, call.code);
      if (wanted == nullptr) return Disagree(call, "the documents' table has no such answer");
      ++result_.differences[Describe(*wanted)];
    }
    if (!opinion) return;
    ++tally->judged;
    ++result_.judged;
    if (!opinion->held) {
      std::string accepted;
      for (const std::string& one : opinion->accepted) accepted += " " + one;
      return Disagree(call, "the oracle, in " + opinion->state + ", takes:" + accepted + " (" +
                                opinion->clause + ")");
    }
    if (!opinion->visit) return;
    ++result_.placed;
    if (opinion->visit->state == call.state) return;
    const WantedDifference* const wanted = FindState(call.side, call.state, opinion->visit->state);
    if (wanted == nullptr) {
      return Disagree(call, "the oracle sees it in " + std::string(Name(opinion->visit->state)));
    }
    ++result_.differences[Describe(*wanted)];
  }

  // Another code than the table's; also none that the cell has for other arguments.
  void AnswerWrongly(const SimulatedCall& call, std::int64_t id, CellTally* tally) {
    const Cell* const cell = rules_.FindCell(call.side, call.method, call.state);
    if (cell == nullptr) return;
    std::vector<std::uint32_t> wrong;
    for (const vdisim::HResult one : kAlternatives) {
      const auto code = static_cast<std::uint32_t>(one.value());
      if (code != call.code && !Has(rules_, *cell, code)) wrong.push_back(code);
    }
    const std::optional<Opinion> opinion = End(id, wrong[random_() % wrong.size()], Json::object());
    ++tally->wrong;
    ++result_.wrong;
    if (!opinion || opinion->held) return;
    ++tally->refused;
    ++result_.refused;
  }

  std::string Show(std::size_t set, const SimulatedCall& call) const {
    return Actor(set, call.who) + ": " + call.method + call.arguments.dump() + " -> " +
           (call.agent ? "goes on" : rules_.CodeName(call.code)) + " in " +
           std::string(Name(call.state));
  }

  void Disagree(const SimulatedCall& call, const std::string& what) {
    std::string text = std::string(Name(call.side)) + "." + call.method + " in " +
                       std::string(Name(call.state)) + ": " + rules_.CodeName(call.code) + "; " +
                       what + "\n";
    const std::size_t from = made_.size() - std::min(made_.size(), kShownCalls);
    for (std::size_t i = from; i < made_.size(); ++i) {
      text += "  " + Show(made_[i].first, made_[i].second) + "\n";
    }
    result_.disagreements.push_back(std::move(text));
    over_ = true;
  }

  const Rules& rules_;
  AgreementResult& result_;
  std::mt19937_64 random_;
  Oracle oracle_;
  std::vector<SimulatedSet> sets_;
  std::vector<std::int64_t> agents_;  // the call of each set's agent; 0: none goes on
  std::int64_t last_id_ = 0;
  std::vector<std::pair<std::size_t, SimulatedCall>> made_;
  bool over_ = false;
};

}  // namespace

AgreementResult WalkSideBySide(const Rules& documents, const Rules& oracle_rules,
                               const AgreementOptions& options) {
  AgreementResult result;
  std::mt19937_64 random(options.seed);
  while (result.calls < options.calls && result.disagreements.size() < options.disagreements_max) {
    const std::uint64_t wanted = kHistoryMin + random() % (kHistoryMax - kHistoryMin);
    const std::size_t length = std::min<std::size_t>(wanted, options.calls - result.calls);
    History(documents, oracle_rules, random(), &result).Walk(length);
  }
  return result;
}

}  // namespace conform
