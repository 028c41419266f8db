#include "conformance/monitor/situation.h"

#include <algorithm>
#include <map>

namespace conform {
namespace {

using Rule = Truth (*)(const Scene&);

// A finite time-out of the real clock may pass at any moment; the virtual one only moves on demand.
bool MayTimeOut(const Scene& scene) {
  const std::int64_t timeout = scene.call.Number("timeout", -1);
  if (timeout < 0 || timeout >= 0xFFFFFFFFLL) return false;
  if (timeout == 0 || !scene.call.virtual_clock) return true;
  return scene.now_ms - scene.call.began_ms >= timeout;
}

const DeviceWorld* Named(const Scene& scene) { return scene.world.Find(scene.call.device); }

bool AllOpen(const World& world, const SetFacts& facts) {
  std::size_t open = 0;
  for (const DeviceWorld& one : world.devices) open += one.server_open && one.client_open ? 1 : 0;
  return open >= facts.devices;
}

bool IsFirstDevice(const Scene& scene) { return scene.call.device == scene.facts.name; }

// Whether this OpenDevice can succeed now, and whether the set is Active then.
Truth Openable(const Scene& scene, bool last) {
  World after = scene.world;
  DeviceWorld* device = after.Find(scene.call.device);
  if (device == nullptr) {
    after.devices.emplace_back().name = scene.call.device;
    device = &after.devices.back();
  }
  const bool server = scene.call.side == Side::kServer;
  if (server ? device->server_open : device->client_open) return Truth::kNo;
  // The server names the devices; before that a client waits. The first one has the name of the
  // set, which is known from the beginning (C-ODV-10).
  if (!server && !device->server_open && !IsFirstDevice(scene)) return Truth::kNo;
  (server ? device->server_open : device->client_open) = true;
  return TruthOf((AllOpen(after, scene.facts) && after.agent) == last);
}

Truth EveryDeviceOpen(const Scene& scene) {
  const bool server = scene.call.side == Side::kServer;
  std::size_t open = 0;
  for (const DeviceWorld& one : scene.world.devices) {
    open += (server ? one.server_open : one.client_open) ? 1U : 0U;
  }
  return TruthOf(open >= scene.facts.devices);
}

Truth UnknownDevice(const Scene& scene) {
  if (IsFirstDevice(scene)) return Truth::kNo;
  const DeviceWorld* device = Named(scene);
  if (device != nullptr && device->server_open) return Truth::kNo;
  std::size_t named = 0;
  for (const DeviceWorld& one : scene.world.devices) named += one.server_open ? 1U : 0U;
  return named >= scene.facts.devices ? Truth::kYes : Truth::kMaybe;
}

Truth CommandThere(const Scene& scene) {
  const DeviceWorld* device = Named(scene);
  if (device == nullptr || device->queued == 0) return Truth::kNo;
  return device->saw_error || device->server_closed ? Truth::kMaybe : Truth::kYes;
}

Truth Closed(const Scene& scene, bool last) {
  const DeviceWorld* device = Named(scene);
  if (device == nullptr || !device->server_closed) return Truth::kNo;
  bool others = scene.world.devices.size() < scene.facts.devices;
  for (const DeviceWorld& one : scene.world.devices) {
    others |= one.name != device->name && !one.saw_close;
  }
  if (others == last) return Truth::kNo;
  return device->queued > 0 ? Truth::kMaybe : Truth::kYes;
}

Truth NothingInTime(const Scene& scene) {
  const DeviceWorld* device = Named(scene);
  if (!MayTimeOut(scene) || device == nullptr || device->server_closed) return Truth::kNo;
  return CommandThere(scene) == Truth::kYes ? Truth::kNo : Truth::kMaybe;
}

bool IsHeld(const Scene& scene) {
  const DeviceWorld* device = Named(scene);
  return device != nullptr &&
         device->held.count(scene.call.seen.actor + "/" + scene.call.Text("command")) > 0;
}

// Of a client: a device that has not reported VD_E_CLOSE. A primary answers for every process.
Truth DeviceOpen(const Scene& scene) {
  if (scene.call.side == Side::kServer) {
    for (const DeviceWorld& one : scene.world.devices) {
      if (one.server_open && !one.server_closed) return Truth::kYes;
    }
    return Truth::kNo;
  }
  const bool primary = scene.call.object == scene.facts.primary;
  for (const DeviceWorld& one : scene.world.devices) {
    if (!one.client_open || one.saw_close) continue;
    if (one.opener == scene.call.object) return primary ? Truth::kYes : Truth::kMaybe;
    if (primary) return Truth::kYes;
  }
  return Truth::kNo;
}

Truth Not(Truth truth) {
  if (truth == Truth::kMaybe) return Truth::kMaybe;
  return truth == Truth::kYes ? Truth::kNo : Truth::kYes;
}

Truth OtherDevicesOpen(const Scene& scene) {
  for (const DeviceWorld& one : scene.world.devices) {
    if (one.name != scene.call.device && one.server_open && !one.server_closed) return Truth::kYes;
  }
  return Truth::kNo;
}

bool ClosedByServer(const Scene& scene) {
  const DeviceWorld* device = Named(scene);
  return device != nullptr && device->server_closed;
}

Truth FitsNoBuffer(const Scene& scene) {
  const auto found =
      scene.facts.buffers.find(scene.call.seen.actor + "/" + scene.call.Text("buffer"));
  if (found == scene.facts.buffers.end() || scene.call.Number("offset", 0) != 0 ||
      found->second != scene.call.Number("size", found->second)) {
    return Truth::kYes;
  }
  // Nowhere written: whether a buffer can be freed that a command on its way still uses.
  const auto on_its_way = [](const DeviceWorld& one) { return one.outstanding > 0; };
  const auto& devices = scene.world.devices;
  return std::any_of(devices.begin(), devices.end(), on_its_way) ? Truth::kMaybe : Truth::kNo;
}

bool IsPowerOf2(std::int64_t number) { return number > 0 && (number & (number - 1)) == 0; }

Truth BadParameter(const Scene& scene) {
  const std::int64_t alignment = scene.call.Number("alignment", 0);
  if (alignment != 0 && !IsPowerOf2(alignment)) return Truth::kYes;
  return scene.call.Number("size", 1) > 0 ? Truth::kNo : Truth::kMaybe;
}

Truth BadInstance(const Scene& scene) {
  return scene.call.Text("instance").empty() ? Truth::kNo : Truth::kMaybe;
}

const std::map<std::string_view, Rule>& Situations() {
  constexpr Rule kPossible = [](const Scene&) { return Truth::kMaybe; };
  constexpr Rule kElsewhere = [](const Scene&) { return Truth::kNo; };
  static const std::map<std::string_view, Rule> kSituations = {
      {"a field of the VDConfig is invalid or not supported",
       [](const Scene& s) { return BadConfiguration(s.call); }},
      {"CreateEx: the instance name is not usable", BadInstance},
      // Who has the name is known where sets are told apart, not within one.
      {"Linux Create: another process has a set of that name", kPossible},
      {"the server has completed configuration",
       [](const Scene& s) { return TruthOf(s.world.configured); }},
      {"the time-out elapsed first",
       [](const Scene& s) { return TruthOf(!s.world.configured && MayTimeOut(s)); }},
      // An abort is a state of its own here.
      {"SignalAbort came before or during the wait", kElsewhere},
      {"SignalAbort came during the wait", kElsewhere},
      {"other devices are still unopened, or the completion agent does not run yet",
       [](const Scene& s) { return Openable(s, false); }},
      {"it was the last device, and the completion agent runs",
       [](const Scene& s) { return Openable(s, true); }},
      {"every device is open, and the completion agent does not run yet", EveryDeviceOpen},
      {"this device is open already, and others are not",
       [](const Scene& s) {
         const DeviceWorld* device = Named(s);
         return TruthOf(device != nullptr && device->client_open &&
                        EveryDeviceOpen(s) == Truth::kNo);
       }},
      {"no device of the set has that name", UnknownDevice},
      {"a command is there", CommandThere},
      {"the server closed this device, and others are open",
       [](const Scene& s) { return Closed(s, false); }},
      {"the server closed this device, and it was the last",
       [](const Scene& s) { return Closed(s, true); }},
      {"no command came in time", NothingInTime},
      {"the command is held by the client", [](const Scene& s) { return TruthOf(IsHeld(s)); }},
      {"the command is not held by the client",
       [](const Scene& s) {
         const DeviceWorld* device = Named(s);
         return TruthOf(!IsHeld(s) && (device == nullptr || !device->saw_close));
       }},
      {"this device is closed",
       [](const Scene& s) {
         const DeviceWorld* device = Named(s);
         if (s.call.side == Side::kServer) return TruthOf(ClosedByServer(s));
         return TruthOf(device != nullptr && device->saw_close);
       }},
      {"no device is open", [](const Scene& s) { return Not(DeviceOpen(s)); }},
      {"no device is open any more", [](const Scene& s) { return Not(DeviceOpen(s)); }},
      {"a device is open", DeviceOpen},
      {"a device is still open", DeviceOpen},
      {"the set is there", kPossible},
      {"there is no such set", kPossible},
      {"the memory could not be obtained", kPossible},
      {"the memory requested could not be obtained", kPossible},
      {"a device is still unopened",
       [](const Scene& s) { return TruthOf(!AllOpen(s.world, s.facts)); }},
      {"every device is open", [](const Scene& s) { return TruthOf(AllOpen(s.world, s.facts)); }},
      {"no requested buffer space is left", kPossible},
      {"a parameter is invalid", BadParameter},
      {"address or size fit no buffer", FitsNoBuffer},
      {"the command was queued",
       [](const Scene& s) { return ClosedByServer(s) ? Truth::kNo : Truth::kMaybe; }},
      // G-59: at least four commands fit.
      {"the queue of the device is full",
       [](const Scene& s) {
         const DeviceWorld* device = Named(s);
         return device != nullptr && device->outstanding >= 4 ? Truth::kMaybe : Truth::kNo;
       }},
      {"the device is in the IO-ERROR state",
       [](const Scene& s) {
         const DeviceWorld* device = Named(s);
         return device != nullptr && device->saw_error ? Truth::kMaybe : Truth::kNo;
       }},
      {"other devices are still open", OtherDevicesOpen},
      {"it was the last device", [](const Scene& s) { return Not(OtherDevicesOpen(s)); }},
      {"this device is closed already", [](const Scene& s) { return TruthOf(ClosedByServer(s)); }},
  };
  return kSituations;
}

Truth Both(bool first, Truth second) { return first ? second : Truth::kNo; }

bool ReportedClose(const Scene& scene) {
  const DeviceWorld* device = Named(scene);
  return device != nullptr && device->saw_close;
}

using RulingRule = Truth (*)(State, const Scene&);

const std::map<std::string_view, RulingRule>& RulingSituations() {
  static const std::map<std::string_view, RulingRule> kSituations = {
      {"a pointer is NULL", [](State, const Scene& s) { return TruthOf(s.call.HasNull()); }},
      {"the set does not exist",
       [](State state, const Scene&) { return TruthOf(state == State::kDoesNotExist); }},
      {"the server is Connected",
       [](State state, const Scene&) { return TruthOf(state == State::kConnected); }},
      {"the set is in Abort",
       [](State state, const Scene&) { return TruthOf(state == State::kAbort); }},
      {"the set is Normally Terminated",
       [](State state, const Scene&) { return TruthOf(state == State::kNormallyTerminated); }},
      {"configuration is complete, and GetConfiguration was never called",
       [](State, const Scene& s) {
         return Both(s.world.configured, Not(TruthOf(s.world.primary_configured)));
       }},
      {"configuration is not complete",
       [](State, const Scene& s) { return TruthOf(!s.world.configured); }},
      {"the time-out is 0, and configuration is not complete",
       [](State, const Scene& s) {
         return TruthOf(!s.world.configured && s.call.Number("timeout", -1) == 0);
       }},
      {"every device of the set is open",
       [](State state, const Scene& s) {
         return state == State::kActive ? Truth::kYes : EveryDeviceOpen(s);
       }},
      {"this device is open, and others are not",
       [](State, const Scene& s) {
         return Holds("this device is open already, and others are not", s);
       }},
      {"no device has that name, and not every device is open",
       [](State, const Scene& s) {
         return EveryDeviceOpen(s) == Truth::kYes ? Truth::kNo : UnknownDevice(s);
       }},
      {"this device is open, another is not, and the time-out elapses",
       [](State, const Scene& s) { return MayTimeOut(s) ? Truth::kMaybe : Truth::kNo; }},
      {"this device reported VD_E_CLOSE, and the set is Active",
       [](State state, const Scene& s) {
         return TruthOf(state == State::kActive && ReportedClose(s));
       }},
      {"this device reported VD_E_CLOSE, and the set is Normally Terminated",
       [](State state, const Scene& s) {
         return TruthOf(state == State::kNormallyTerminated && ReportedClose(s));
       }},
      {"this device is closed, and the set is Active",
       [](State state, const Scene& s) {
         return TruthOf(state == State::kActive && ClosedByServer(s));
       }},
      {"this device is closed, and the set is Normally Terminated",
       [](State state, const Scene& s) {
         return TruthOf(state == State::kNormallyTerminated && ClosedByServer(s));
       }},
      {"a device is open and did not report VD_E_CLOSE, and the set is not in Abort",
       [](State state, const Scene& s) { return Both(state != State::kAbort, DeviceOpen(s)); }},
      {"a device is open, and the set is not in Abort",
       [](State state, const Scene& s) { return Both(state != State::kAbort, DeviceOpen(s)); }},
      {"in a secondary, after VD_E_CLOSE of its devices",
       [](State, const Scene& s) { return TruthOf(s.call.object != s.facts.primary); }},
      {"in a secondary whose own devices are open",
       [](State, const Scene& s) { return TruthOf(s.call.object != s.facts.primary); }},
      {"the pointer is a copy of a command",
       [](State, const Scene& s) {
         return TruthOf(s.call.Text("command").rfind("copy:", 0) == 0);
       }},
  };
  return kSituations;
}

}  // namespace

Truth RulingHolds(std::string_view when, State state, const Scene& scene) {
  const auto found = RulingSituations().find(when);
  if (found != RulingSituations().end()) return found->second(state, scene);
  return IsSituation(when) ? Holds(when, scene) : Truth::kMaybe;
}

bool IsRulingSituation(std::string_view when) {
  return RulingSituations().count(when) > 0 || IsSituation(when);
}

bool IsBeyondTables(std::string_view when) {
  return when == "this device reported VD_E_CLOSE, and the set is Active" ||
         when == "this device is closed, and the set is Active";
}

bool IsSituation(std::string_view when) { return Situations().count(when) > 0; }

Truth Holds(std::string_view when, const Scene& scene) {
  const auto found = Situations().find(when);
  if (found == Situations().end()) {
    throw RulesError("transitions.xml: no situation is called \"" + std::string(when) + "\"");
  }
  // A closed device answers nothing but that it is closed.
  if (scene.call.side == Side::kServer && scene.call.seen.method == "CloseDevice" &&
      when != "this device is closed already" && ClosedByServer(scene)) {
    return Truth::kNo;
  }
  return found->second(scene);
}

Truth BadConfiguration(const OracleCall& call) {
  const std::int64_t devices = call.Number("devices", 1);
  if (devices < 1 || devices > 64) return Truth::kYes;
  for (const char* const key :
       {"features", "prefix", "alignment", "softFileMarkBlockSize", "EOMWarningSize", "blockSize",
        "maxIODepth", "maxTransferSize", "bufferAreaSize"}) {
    if (call.Number(key, 0) != 0) return Truth::kMaybe;
  }
  return Truth::kNo;
}

}  // namespace conform
