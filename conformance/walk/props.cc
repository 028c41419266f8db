#include "conformance/walk/props.h"

#include <algorithm>

#include "simulator/base/hresult.h"

namespace conform {
namespace {

bool Is(const Step& step, std::string_view method) { return step.method->name == method; }

std::int64_t NumberOr(const Step& step, const char* key, std::int64_t otherwise) {
  const auto found = step.arguments.find(key);
  return found == step.arguments.end() ? otherwise : std::stoll(found->second);
}

}  // namespace

int DeviceNumber(const Step& step) { return static_cast<int>(NumberOr(step, "device", 0)); }

bool SetProps::AllOpen() const {
  const auto open = std::count_if(of.begin(), of.end(), [](const auto& one) {
    return one.second.server_open && !one.second.opener.empty();
  });
  return devices > 0 && open >= devices;
}

void ActorProps::LoseBuffers() {
  for (const auto& [name, size] : buffers) freed.push_back(name);
  buffers.clear();
}

Props::Props(const Case& cast) {
  for (const std::string& set : cast.sets) sets[set];
  for (const Actor& actor : cast.actors) actors[actor.name];
}

void Props::Started(const Step& step, const std::string& set, bool timed) {
  pending[step.start] = {.step = step, .timed = timed};
  if (Is(step, "ExecuteCompletionAgent")) sets[set].agent_asked = true;
}

void Props::Gone(const std::string& actor, Role role, const std::string& set) {
  actors[actor].gone = true;
  std::erase_if(pending, [&](const auto& one) { return one.second.step.actor == actor; });
  std::erase_if(unreported, [&](const auto& one) { return one.engine == actor; });
  if (role != Role::kSecondary) sets[set].deaths.insert(actor);
}

void Props::Returned(const Step& step, const std::string& set_name, const std::string& engine,
                     std::uint32_t code, const Json& out) {
  SetProps& set = sets[set_name];
  const bool ok = code == 0;
  if (Is(step, "GetConfiguration")) set.deaths.clear();  // it looked
  if (step.method->side == Side::kClient) {
    if (Is(step, "GetBufferHandle") && ok && !step.save.empty()) {
      handles.push_back({.name = step.save, .set = set_name});
    }
    return ClientReturned(step, &set, engine, ok, code, out);
  }
  if (ok) ServerReturned(step, &set);
}

void Props::ClientReturned(const Step& step, SetProps* set, const std::string& engine, bool ok,
                           std::uint32_t code, const Json& out) {
  ActorProps& actor = actors[step.actor];
  const int number = DeviceNumber(step);
  if (ok && (Is(step, "Create") || Is(step, "CreateEx"))) {
    *set = SetProps();
    set->created = true;
    set->devices = static_cast<int>(NumberOr(step, "devices", 0));
    std::erase_if(unreported, [&](const auto& one) { return one.engine == engine; });
    if (!engine.empty()) actors[engine].LoseBuffers();
  } else if (ok && Is(step, "OpenDevice")) {
    // A name stands for the device that the process opened last under this number.
    set->of[number].opener = step.actor;
    actor.devices.insert(number);
    for (CommandProps& one : actor.held) {
      if (one.device == number) actor.stale.push_back(one);
    }
    std::erase_if(actor.held, [&](const CommandProps& one) { return one.device == number; });
  } else if (ok && Is(step, "GetCommand")) {
    CommandProps command{.name = step.into, .device = number, .sent = {}, .has_bytes = false};
    const auto sent = set->sent.find(out.value("position", std::int64_t{-1}));
    if (sent != set->sent.end()) command.sent = sent->second;
    command.has_bytes = out.value("size", 0) != 0;
    actor.held.push_back(command);
    if (set->of[number].queued > 0) --set->of[number].queued;
  } else if (Is(step, "GetCommand") && static_cast<std::int32_t>(code) == vdisim::kClose.value()) {
    set->of[number].saw_close = true;
  } else if (ok && Is(step, "CompleteCommand")) {
    const std::string name = step.arguments.at("command");
    for (const CommandProps& one : actor.held) {
      if (one.name != name) continue;
      actor.stale.push_back(one);
      if (one.sent.empty() || actors[engine].gone) continue;
      const auto completion = step.arguments.find("completion");
      unreported.push_back(
          {.engine = engine,
           .sent = one.sent,
           .completion = completion == step.arguments.end() ? "0" : completion->second});
    }
    std::erase_if(actor.held, [&](const CommandProps& one) { return one.name == name; });
  } else if (ok && Is(step, "MapBufferHandle")) {
    actor.mapped.push_back(step.into);
  } else if (Is(step, "Close")) {
    for (const CommandProps& one : actor.held) actor.stale.push_back(one);
    actor.held.clear();
  }
}

void Props::ServerReturned(const Step& step, SetProps* set) {
  ActorProps& actor = actors[step.actor];
  const int number = DeviceNumber(step);
  if (Is(step, "RequestBuffers")) {
    set->buffers_requested = true;
  } else if (Is(step, "EndConfiguration")) {
    set->ended_configuration = true;
  } else if (Is(step, "OpenDevice")) {
    set->of[number].server_open = true;
    actor.devices.insert(number);
  } else if (Is(step, "CloseDevice")) {
    set->of[number].server_closed = true;
  } else if (Is(step, "SendCommand")) {
    ++set->of[number].queued;
    set->sent[NumberOr(step, "position", 0)] = step.into;
  } else if (Is(step, "AllocateBuffer")) {
    actor.buffers[step.into] = NumberOr(step, "size", 0);
  } else if (Is(step, "Close")) {
    actor.LoseBuffers();
  } else if (Is(step, "FreeBuffer")) {
    const std::string name = step.arguments.at("buffer");
    if (actor.buffers.erase(name) > 0) actor.freed.push_back(name);
  }
}

}  // namespace conform
