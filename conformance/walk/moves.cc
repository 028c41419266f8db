#include "conformance/walk/moves.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace conform {
namespace {

constexpr MoveKind kProbe = MoveKind::kProbe;
constexpr MoveKind kProgress = MoveKind::kProgress;
constexpr MoveKind kWrong = MoveKind::kWrong;
constexpr MoveKind kEnding = MoveKind::kEnding;

// The codes of vdi.h: what they make a client do does not matter here.
constexpr std::string_view kWrite = "VDC_Write";
constexpr std::string_view kFlush = "VDC_Flush";
constexpr std::string_view kClearError = "VDC_ClearError";

}  // namespace

void Moves::Add(Step step, MoveKind kind, std::string variant, unsigned weight) {
  moves_.push_back(
      {.step = std::move(step), .kind = kind, .variant = std::move(variant), .weight = weight});
}

Step Moves::Call(const Who& who, std::string_view method,
                 std::map<std::string, std::string> arguments) const {
  Step step;
  step.kind = StepKind::kCall;
  step.actor = who.actor.name;
  step.object = "set";
  step.method = FindMethodSpec(SideOf(who.actor.role), method);
  for (const ArgumentSpec& spec : step.method->arguments) {
    const std::string name(spec.name);
    if (spec.kind == ArgumentKind::kSet && arguments.count(name) == 0) {
      arguments[name] = who.actor.set;
    }
  }
  step.arguments = std::move(arguments);
  return step;
}

// Polls mostly; a wait goes on while others act.
std::string Moves::Timeout() {
  switch (random_.Below(4)) {
    case 0:
      return "INFINITE";
    case 1:
      return stage_.cast().virtual_clock ? std::to_string(100 * random_.Between(1, 30)) : "1";
    default:
      return "0";
  }
}

std::vector<Move> Moves::All(const std::map<std::string, SetLook>& looks) {
  moves_.clear();
  for (const Actor& actor : stage_.cast().actors) {
    const ActorProps& props = stage_.props().actors.at(actor.name);
    if (props.gone) continue;
    const bool engine = actor.role == Role::kEngine;
    const Side side = engine ? Side::kServer : Side::kClient;
    Who who{.actor = actor,
            .props = props,
            .set = stage_.props().sets.at(actor.set),
            .look = looks.at(actor.set),
            .state = State::kDoesNotExist};
    Step abort = Call(who, "SignalAbort");
    if (const Outlook outlook = stage_.Foresee(abort); outlook.state) who.state = *outlook.state;
    Add(std::move(abort), kEnding);
    Add(Call(who, "Close"), who.state == State::kAbort || who.state == State::kNormallyTerminated
                                ? kProgress
                                : kEnding);
    if (side == Side::kClient) {
      Client(who);
    } else {
      Engine(who);
    }
    Step kill;
    kill.kind = StepKind::kKill;
    kill.actor = actor.name;
    if (who.state != State::kDoesNotExist) Add(std::move(kill), MoveKind::kKill);
  }
  return std::move(moves_);
}

void Moves::Client(const Who& who) {
  const bool com = stage_.cast().face == Face::kCom;
  const bool primary = who.actor.role == Role::kPrimary;
  const bool free = who.state == State::kDoesNotExist;
  const char* create = com ? "CreateEx" : "Create";
  const std::string devices = std::to_string(random_.Between(1, 2));
  // A secondary never takes the name: what the set's primary may do then is nowhere written.
  if (primary || !free) {
    Add(Call(who, create, {{"devices", devices}}), primary && free ? kProgress : kProbe);
    if (com) Add(Call(who, "Create", {{"devices", devices}}), kProbe);
    Add(Call(who, create, {{"devices", random_.Chance(50) ? "0" : "65"}}), kWrong, "devices");
  }
  const char* join = com ? "OpenInSecondaryEx" : "OpenInSecondary";
  const bool configured = who.look.client && *who.look.client != State::kDoesNotExist &&
                          *who.look.client != State::kConfigurable;
  Add(Call(who, join), !primary && free && configured ? kProgress : kProbe);
  if (com) Add(Call(who, "OpenInSecondary"), kProbe);
  Add(Call(who, join, {{"name", "${set:" + who.actor.set + "}-nowhere"}}), kWrong, "name");

  Step configuration = Call(who, "GetConfiguration", {{"timeout", Timeout()}});
  const bool can_learn = primary && who.set.ended_configuration;
  Add(std::move(configuration), can_learn && who.state == State::kConfigurable ? kProgress : kProbe,
      {}, 3);
  ClientDevices(who);
  ClientBuffers(who);
}

void Moves::ClientDevices(const Who& who) {
  for (int number = 0; number < who.set.devices; ++number) {
    const std::string device = std::to_string(number);
    const auto found = who.set.of.find(number);
    const DeviceProps known = found == who.set.of.end() ? DeviceProps() : found->second;
    const bool next =
        who.state == State::kInitializing && known.server_open && known.opener.empty();
    Add(Call(who, "OpenDevice", {{"device", device}}), next ? kProgress : kProbe, {}, 3);
  }
  if (who.set.devices == 0) Add(Call(who, "OpenDevice", {{"device", "0"}}), kProbe);
  Add(Call(who, "OpenDevice", {{"device", "7"}, {"name", "${set:" + who.actor.set + "}-unknown"}}),
      kWrong, "name");

  for (const int number : who.props.devices) {
    const std::string device = std::to_string(number);
    const auto found = who.set.of.find(number);
    const bool mine = found != who.set.of.end() && found->second.opener == who.actor.name;
    const bool active = who.state == State::kActive && mine;
    const bool awaited = active && (found->second.queued > 0 ||
                                    (found->second.server_closed && !found->second.saw_close));
    Step get = Call(who, "GetCommand", {{"device", device}, {"timeout", Timeout()}});
    get.into = "c";
    Add(std::move(get), awaited ? kProgress : kProbe, {}, 3);

    const auto complete = [&](const std::string& command, MoveKind kind, const char* variant) {
      std::map<std::string, std::string> arguments = {{"device", device}, {"command", command}};
      if (random_.Chance(15)) arguments["completion"] = "ERROR_DISK_FULL";
      if (random_.Chance(30)) arguments["bytes"] = "512";
      Add(Call(who, "CompleteCommand", std::move(arguments)), kind, variant, 3);
    };
    complete("foreign", kWrong, "foreign");
    if (!who.props.stale.empty()) complete(Any(who.props.stale).name, kWrong, "stale");
    for (const CommandProps& held : who.props.held) {
      if (held.device == number) {
        complete(held.name, active ? kProgress : kProbe, "");
        complete("copy:" + held.name, kWrong, "copy");
      } else {
        complete(held.name, kWrong, "other-device");
      }
    }
  }
}

void Moves::ClientBuffers(const Who& who) {
  const auto handle_of = [&](const std::string& buffer, MoveKind kind, const char* variant) {
    Step step = Call(who, "GetBufferHandle", {{"buffer", buffer}});
    step.save = "h";
    Add(std::move(step), kind, variant);
  };
  handle_of("foreign", kWrong, "foreign");
  for (const CommandProps& held : who.props.held) {
    if (held.has_bytes) handle_of(held.name, kProbe, "held");
  }
  const auto map = [&](const std::string& handle, MoveKind kind, const char* variant) {
    Step step = Call(who, "MapBufferHandle", {{"handle", handle}});
    step.into = "m";
    Add(std::move(step), kind, variant);
  };
  map(random_.Chance(50) ? "0" : "0x7fffffff", kWrong, "number");
  for (const HandleProps& handle : stage_.props().handles) {
    const bool own = handle.set == who.actor.set;
    map("${" + handle.name + "}", own ? kProbe : kWrong, own ? "given" : "foreign-set");
  }
}

void Moves::Engine(const Who& who) {
  const State state = who.state;
  const auto add = [&](const char* method, State at, std::map<std::string, std::string> arguments) {
    Add(Call(who, method, std::move(arguments)), state == at ? kProgress : kProbe);
  };
  const bool there = who.look.client && *who.look.client != State::kDoesNotExist;
  Add(Call(who, "Open"), there && state == State::kDoesNotExist ? kProgress : kProbe);
  Add(Call(who, "Open", {{"name", "${set:" + who.actor.set + "}-nowhere"}}), kWrong, "name");
  Add(Call(who, "GetConfiguration"), kProbe);
  add("BeginConfiguration", State::kConnected, {});
  add("EndConfiguration", State::kConfigurable, {});
  const bool request = state == State::kConfigurable && !who.set.buffers_requested;
  Add(Call(who, "RequestBuffers", {{"size", "65536"}, {"count", "4"}}),
      request ? kProgress : kProbe, {}, 3);
  Add(Call(who, "QueryAvailableBuffers", {{"size", "65536"}}), kProbe);
  // Whoever runs it twice finds the documents silent.
  if (!(who.set.agent_asked && state == State::kInitializing)) {
    add("ExecuteCompletionAgent", State::kInitializing, {});
  }
  EngineDevices(who);
  EngineBuffers(who);

  if (!stage_.cast().virtual_clock) return;
  Step advance;
  advance.kind = StepKind::kAdvance;
  advance.actor = who.actor.name;
  advance.arguments["ms"] = std::to_string(100 * random_.Between(1, 30));
  if (stage_.CanDo(advance)) Add(std::move(advance), kProgress, "advance");
}

void Moves::EngineDevices(const Who& who) {
  const State state = who.state;
  for (int number = 0; number < std::max(1, who.set.devices); ++number) {
    const auto found = who.set.of.find(number);
    const bool open = found != who.set.of.end() && found->second.server_open;
    Add(Call(who, "OpenDevice", {{"device", std::to_string(number)}}),
        state == State::kInitializing && !open ? kProgress : kProbe, {}, 3);
  }
  for (const int number : who.props.devices) {
    const std::string device = std::to_string(number);
    const auto found = who.set.of.find(number);
    const DeviceProps known = found == who.set.of.end() ? DeviceProps() : found->second;
    const bool active = state == State::kActive && known.server_open && !known.server_closed;
    const auto send = [&](std::string_view command, MoveKind kind, const char* variant) {
      std::map<std::string, std::string> arguments = {{"device", device},
                                                      {"command", std::string(command)}};
      if (!who.props.buffers.empty() && command == kWrite) {
        const auto& buffer = Any(who.props.buffers);
        arguments["buffer"] = buffer.first;
        arguments["size"] = std::to_string(buffer.second);
      }
      Step step = Call(who, "SendCommand", std::move(arguments));
      step.into = "s";
      Add(std::move(step), kind, variant, 2);
    };
    const bool room = active && known.queued < 4;
    send(who.props.buffers.empty() ? kFlush : kWrite, room ? kProgress : kProbe, "");
    send(random_.Chance(50) ? kFlush : kClearError, kProbe, "other");
    Add(Call(who, "CloseDevice", {{"device", device}}), active ? kProgress : kProbe);
  }
}

void Moves::EngineBuffers(const Who& who) {
  Step allocate = Call(who, "AllocateBuffer", {{"size", "65536"}});
  allocate.into = "b";
  const bool active = who.state == State::kActive && who.props.buffers.empty();
  Add(std::move(allocate), active ? kProgress : kProbe, {}, 4);
  for (const auto& [name, size] : who.props.buffers) {
    Add(Call(who, "FreeBuffer", {{"buffer", name}, {"size", std::to_string(size)}}), kProbe);
    Add(Call(who, "IsSharedBuffer", {{"buffer", name}}), kProbe);
  }
  Add(Call(who, "FreeBuffer", {{"buffer", "foreign"}, {"size", "65536"}}), kWrong, "foreign");
  Add(Call(who, "IsSharedBuffer", {{"buffer", "foreign"}}), kWrong, "foreign");
  // While others are allocated, one of them may lie where the freed one lay.
  if (!who.props.freed.empty() && who.props.buffers.empty()) {
    Add(Call(who, "FreeBuffer", {{"buffer", Any(who.props.freed)}, {"size", "65536"}}), kWrong,
        "freed");
  }
}

}  // namespace conform
