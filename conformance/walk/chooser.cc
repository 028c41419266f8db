#include "conformance/walk/chooser.h"

#include <algorithm>

namespace conform {
namespace {

constexpr int kDueMost = 16;
constexpr std::uint64_t kNovelty = 3000;  // weight of a move never made in its state

Step CallOf(const Actor& actor, std::string_view method) {
  Step step;
  step.kind = StepKind::kCall;
  step.actor = actor.name;
  step.object = "set";
  step.method = FindMethodSpec(SideOf(actor.role), method);
  return step;
}

Step AwaitOf(const std::string& call) {
  Step step;
  step.kind = StepKind::kAwait;
  step.arguments["call"] = call;
  return step;
}

const Actor* FindRole(const Case& cast, Role role, const std::string& set) {
  for (const Actor& actor : cast.actors) {
    if (actor.role == role && actor.set == set) return &actor;
  }
  return nullptr;
}

bool Lives(const StageView& stage, const Actor* actor) {
  return actor != nullptr && !stage.props().actors.at(actor->name).gone;
}

std::optional<State> StateOf(const StageView& stage, const Actor* actor) {
  if (!Lives(stage, actor)) return std::nullopt;
  return stage.Foresee(CallOf(*actor, "SignalAbort")).state;
}

bool AgentGoesOn(const StageView& stage, const std::string& set) {
  for (const auto& [name, pending] : stage.props().pending) {
    const bool agent = pending.step.method->name == "ExecuteCompletionAgent";
    if (agent && stage.cast().FindActor(pending.step.actor).set == set) return true;
  }
  return false;
}

std::string Argument(const Step& step, const char* key) {
  const auto found = step.arguments.find(key);
  return found == step.arguments.end() ? std::string() : found->second;
}

}  // namespace

Case DrawCast(const std::vector<Face>& faces, const Capabilities& capabilities, Random* random) {
  Case cast;
  cast.face = faces[random->Below(faces.size())];
  cast.virtual_clock = capabilities.Has(Capability::kVirtualClock);
  cast.sets = {"main"};
  cast.actors = {{.name = "primary", .role = Role::kPrimary, .set = "main"},
                 {.name = "engine", .role = Role::kEngine, .set = "main"}};
  const bool secondary = random->Chance(60);
  if (secondary && capabilities.Has(Capability::kSecondaryClients)) {
    cast.actors.push_back({.name = "secondary", .role = Role::kSecondary, .set = "main"});
  }
  if (random->Chance(25)) {
    cast.sets.emplace_back("other");
    cast.actors.push_back({.name = "other", .role = Role::kPrimary, .set = "other"});
    cast.actors.push_back({.name = "other-engine", .role = Role::kEngine, .set = "other"});
  }
  return cast;
}

Chooser::Chooser(Random* random, Tally* tally)
    : random_(*random), tally_(*tally), left_(random->Between(10, 60)), progress_(0) {
  constexpr unsigned kShares[] = {85, 65, 40};
  progress_ = kShares[random->Below(3)];
}

std::optional<Step> Chooser::Next(const StageView& stage) {
  // A subject that does not answer as it should may leave something due for ever.
  if (due_in_a_row_ < kDueMost) {
    if (std::optional<Step> due = Due(stage)) {
      ++due_in_a_row_;
      return due;
    }
  }
  due_in_a_row_ = 0;
  if (left_ > 0) {
    --left_;
    if (std::optional<Step> step = Choose(stage)) return step;
    left_ = 0;
  }
  return Finish(stage);
}

// What has to come now, or the order of what processes do would be chance.
std::optional<Step> Chooser::Due(const StageView& stage) const {
  const Props& props = stage.props();
  for (const auto& [name, pending] : props.pending) {
    if (stage.MustReturn(name)) return AwaitOf(name);
  }
  for (const auto& [set, known] : props.sets) {
    const Actor* engine = FindRole(stage.cast(), Role::kEngine, set);
    const Actor* primary = FindRole(stage.cast(), Role::kPrimary, set);
    const std::optional<State> server = StateOf(stage, engine);
    // Somebody died: what asks for the configuration looks for it.
    if (!known.deaths.empty()) {
      for (const Actor* survivor : {engine, primary}) {
        const std::optional<State> state = StateOf(stage, survivor);
        if (!Lives(stage, survivor) || state == State::kDoesNotExist || state == State::kAbort ||
            state == State::kNormallyTerminated) {
          continue;
        }
        Step ask = CallOf(*survivor, "GetConfiguration");
        if (ask.method->side == Side::kClient) ask.arguments["timeout"] = "0";
        return ask;
      }
    }
    if (server == State::kActive && Lives(stage, engine)) {
      for (const UnreportedProps& one : props.unreported) {
        if (one.engine != engine->name) continue;
        Step completed;
        completed.kind = StepKind::kCompleted;
        completed.actor = one.engine;
        completed.arguments["command"] = one.sent;
        return completed;
      }
    }
    // Every device is open and the agent starts: when it has, nobody knows without asking.
    if (AgentGoesOn(stage, set) && known.AllOpen() && !server) {
      return CallOf(*engine, "WaitForActive");
    }
  }
  return std::nullopt;
}

std::map<std::string, SetLook> Chooser::Look(const StageView& stage) const {
  std::map<std::string, SetLook> looks;
  for (const std::string& set : stage.cast().sets) {
    looks[set] = {.client = StateOf(stage, FindRole(stage.cast(), Role::kPrimary, set)),
                  .server = StateOf(stage, FindRole(stage.cast(), Role::kEngine, set))};
  }
  return looks;
}

std::uint64_t Chooser::WeightOf(const Move& move, const StageView& stage, State state) const {
  if (move.kind == MoveKind::kKill) return 60;
  const Role role = stage.cast().FindActor(move.step.actor).role;
  const std::string method = move.step.method == nullptr ? "" : std::string(move.step.method->name);
  const auto seen = tally_.find({role, method, move.variant, state, stage.cast().face});
  const std::uint64_t times = seen == tally_.end() ? 0 : seen->second;
  const std::uint64_t novelty = kNovelty / (1 + times);
  return move.kind == MoveKind::kEnding ? novelty / 4 + 10 : novelty + 50;
}

// Whether what comes of it is certain enough.
bool Chooser::IsFair(const StageView& stage, const Move& move) const {
  const Actor& actor = stage.cast().FindActor(move.step.actor);
  const Props& props = stage.props();
  const bool ends = move.kind == MoveKind::kEnding || move.kind == MoveKind::kKill ||
                    (move.step.method != nullptr && move.step.method->name == "Close");
  if (ends && AgentGoesOn(stage, actor.set)) {
    // An agent on its way may meet the end, or not.
    const std::optional<State> server =
        StateOf(stage, FindRole(stage.cast(), Role::kEngine, actor.set));
    if (server == State::kInitializing || !server) return false;
  }
  for (const auto& [name, pending] : props.pending) {
    const bool same_set = stage.cast().FindActor(pending.step.actor).set == actor.set;
    if (!same_set) continue;
    const bool opening = pending.step.method->name == "OpenDevice";
    // Who waits for a name of a device gives up on a clock of his own.
    if (opening && move.step.kind == StepKind::kAdvance) return false;
    if (move.step.kind != StepKind::kCall) continue;
    const std::string method(move.step.method->name);
    // What waits on an object is ended by its Close, or by the abort that the Close begins with.
    if (method == "Close" && pending.step.actor == move.step.actor &&
        move.step.method->side == Side::kClient) {
      return false;
    }
    // Two that wait for the same.
    if (method == pending.step.method->name && method == "GetCommand" &&
        Argument(move.step, "device") == Argument(pending.step, "device")) {
      return false;
    }
    if (opening && method == "OpenDevice" && move.step.method->side == Side::kClient) return false;
  }
  return true;
}

std::optional<Step> Chooser::Choose(const StageView& stage) {
  const std::map<std::string, SetLook> looks = Look(stage);
  std::vector<Move> all = Moves(stage, &random_).All(looks);
  const auto state_of = [&](const Move& move) {
    const Actor& actor = stage.cast().FindActor(move.step.actor);
    const SetLook& look = looks.at(actor.set);
    return (actor.role == Role::kEngine ? look.server : look.client).value_or(State::kDoesNotExist);
  };
  const bool lead_on = random_.Chance(progress_);
  std::vector<std::uint64_t> weights;
  std::uint64_t sum = 0;
  for (const Move& move : all) {
    std::uint64_t weight = 0;
    if (move.kind == MoveKind::kProgress && lead_on) weight = move.weight;
    if (!lead_on) weight = WeightOf(move, stage, state_of(move));
    weights.push_back(weight);
    sum += weight;
  }
  if (sum == 0) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      sum += weights[i] = WeightOf(all[i], stage, state_of(all[i]));
    }
  }
  while (sum > 0) {
    const std::size_t index = random_.Pick(weights);
    sum -= weights[index];
    weights[index] = 0;
    Move& move = all[index];
    if (!IsFair(stage, move)) continue;
    Step step = move.step;
    Name(&step);
    if (step.kind == StepKind::kCall) {
      const Outlook outlook = stage.Foresee(step);
      if (outlook.silent) continue;
      if (outlook.may_wait) step.start = "call-" + std::to_string(++numbers_);
      const Role role = stage.cast().FindActor(step.actor).role;
      const State state = outlook.state.value_or(state_of(move));
      ++tally_[{role, std::string(step.method->name), move.variant, state, stage.cast().face}];
    }
    return step;
  }
  return std::nullopt;
}

void Chooser::Name(Step* step) {
  if (!step->into.empty()) step->into += std::to_string(++numbers_);
  if (!step->save.empty()) step->save += std::to_string(++numbers_);
  if (step->method != nullptr && step->method->name == "SendCommand") {
    step->arguments["position"] = std::to_string(++position_);
  }
}

// An agent that was started before every device was open has begun, or not. When the set is Active,
// it has.
std::optional<Step> Chooser::OpenTheRest(const StageView& stage, const std::string& set) {
  const Actor* engine = FindRole(stage.cast(), Role::kEngine, set);
  const Actor* primary = FindRole(stage.cast(), Role::kPrimary, set);
  if (!AgentGoesOn(stage, set) || !Lives(stage, primary)) return std::nullopt;
  const SetProps& known = stage.props().sets.at(set);
  for (int number = 0; number < known.devices; ++number) {
    const auto found = known.of.find(number);
    const DeviceProps device = found == known.of.end() ? DeviceProps() : found->second;
    if (device.server_open && !device.opener.empty()) continue;
    Step open = CallOf(device.server_open ? *primary : *engine, "OpenDevice");
    open.arguments["set"] = set;
    open.arguments["device"] = std::to_string(number);
    if (stage.CanDo(open)) return open;
  }
  return std::nullopt;
}

// Calls that go on return when their sets are aborted.
std::optional<Step> Chooser::Finish(const StageView& stage) {
  for (const std::string& set : stage.cast().sets) {
    if (opens_left_ <= 0) break;
    std::optional<Step> open = OpenTheRest(stage, set);
    if (!open) continue;
    --opens_left_;
    return open;
  }
  for (const auto& [name, pending] : stage.props().pending) {
    if (aborts_left_-- <= 0) return std::nullopt;
    const Actor& actor = stage.cast().FindActor(pending.step.actor);
    return CallOf(actor, "SignalAbort");
  }
  return std::nullopt;
}

}  // namespace conform
