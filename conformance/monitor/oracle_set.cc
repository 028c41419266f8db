#include "conformance/monitor/oracle_set.h"

namespace conform {
namespace {

constexpr std::size_t kMostWorlds = 256;

bool Contains(const std::vector<World>& worlds, const World& one) {
  return std::find(worlds.begin(), worlds.end(), one) != worlds.end();
}

bool IsClose(const OracleCall& call) { return call.seen.method == "Close"; }

bool HasAnswer(const Cell& cell, const std::string& code) {
  return std::any_of(cell.answers.begin(), cell.answers.end(),
                     [&](const Answer& answer) { return answer.code == code; });
}

// The table and the page of a method must both have a code before it is taken.
bool IsOnPage(const Rules& rules, const OracleCall& call, std::string_view code) {
  return rules.IsOnPage(call.side, call.seen.method, code, call.platform);
}

// QueryAvailableBuffers, for one, stands in the state table alone.
bool HasPage(const Rules& rules, const OracleCall& call) {
  const auto rows = rules.CodesOf(call.side, call.seen.method, call.platform);
  return std::any_of(rows.begin(), rows.end(), [](const ReturnCode* row) {
    return row->provenance == Provenance::kDocumented;
  });
}

// A ruling decides between sources, so it speaks only where the cell gives one of its codes.
bool Decides(const Ruling& ruling, const std::vector<std::string>& given) {
  return std::any_of(given.begin(), given.end(), [&](const std::string& code) {
    return std::find(ruling.accept.begin(), ruling.accept.end(), code) != ruling.accept.end();
  });
}

// Whether the ruling is about an answer of the cell whose code nobody gave a number (G-02).
bool StandsForUnnumbered(const Rules& rules, const OracleCall& call, const Cell& cell,
                         const Ruling& ruling) {
  return std::any_of(cell.answers.begin(), cell.answers.end(), [&](const Answer& answer) {
    return answer.when == ruling.when && !rules.CodeValue(answer.code) &&
           IsOnPage(rules, call, answer.code);
  });
}

bool LeavesDevices(const World& world, const std::string& object) {
  return std::any_of(world.devices.begin(), world.devices.end(), [&](const DeviceWorld& one) {
    return one.client_open && !one.saw_close && one.opener == object;
  });
}

// The state that the other side sees when this side leaves before the end (L-17).
void LeaveEarly(World* world, Side side) {
  if (side == Side::kClient) {
    world->client = State::kAbort;
    if (world->server != State::kDoesNotExist && world->server != State::kNormallyTerminated) {
      world->server = State::kAbort;
    }
  } else if (world->client != State::kNormallyTerminated) {
    world->client = State::kAbort;
  }
}

}  // namespace

OracleSet::OracleSet(const Rules& rules, SetFacts facts)
    : rules_(rules), facts_(std::move(facts)), worlds_(1) {}

void OracleSet::Silence() {
  silent_ = true;
  in_flight_.clear();
  worlds_.assign(1, World());
}

void OracleSet::Begin(const OracleCall& call, std::int64_t now_ms) {
  if (silent_) return;
  Close(now_ms);
  OracleCall& begun = in_flight_.emplace(call.seen.id, call).first->second;
  const State state = StateFor(worlds_.front(), call);
  if (std::all_of(worlds_.begin(), worlds_.end(),
                  [&](const World& world) { return StateFor(world, call) == state; })) {
    begun.began_in = state;
  }
}

// A call that the abort meets on its way is answered by the cell in which it began, if that
// foresees an abort: "SignalAbort came before or during the wait".
std::vector<Answer> OracleSet::AnswersOnAbort(const OracleCall& call) const {
  std::vector<Answer> found;
  if (!call.began_in || *call.began_in == State::kAbort) return found;
  const Cell* const cell = rules_.FindCell(call.side, call.seen.method, *call.began_in);
  if (cell == nullptr) return found;
  for (const Answer& answer : cell->answers) {
    if (answer.next != State::kAbort) continue;
    found.push_back(answer);
    found.back().when.clear();
  }
  return found;
}

void OracleSet::MayAbort() {
  for (World& world : worlds_) world.may_abort = true;
}

bool OracleSet::Outstanding() const {
  for (const World& world : worlds_) {
    for (const DeviceWorld& one : world.devices) {
      if (one.outstanding > 0) return true;
    }
  }
  return false;
}

void OracleSet::Close(std::int64_t now_ms) {
  std::vector<World> found;
  for (const World& world : worlds_) {
    if (!Contains(found, world)) found.push_back(world);
  }
  for (std::size_t i = 0; i < found.size() && found.size() < kMostWorlds; ++i) {
    const World world = found[i];
    Expand(world, now_ms, &found);
  }
  // More than this is no knowledge any more.
  if (found.size() >= kMostWorlds) return Silence();
  worlds_ = std::move(found);
}

void OracleSet::Expand(const World& world, std::int64_t now_ms, std::vector<World>* found) const {
  if (world.may_abort && world.client != State::kAbort) {
    World aborted = world;
    aborted.Abort();
    if (!Contains(*found, aborted)) found->push_back(std::move(aborted));
  }
  for (const auto& [id, call] : in_flight_) {
    if (world.applied.count(id) > 0) continue;
    Apply(world, call, now_ms, found);
  }
}

State OracleSet::StateFor(const World& world, const OracleCall& call) const {
  if (call.side == Side::kServer) {
    return facts_.server == call.object ? world.server : State::kDoesNotExist;
  }
  if (world.closed_objects.count(call.object) > 0) return State::kDoesNotExist;
  return world.client;
}

void OracleSet::Apply(const World& world, const OracleCall& call, std::int64_t now_ms,
                      std::vector<World>* found) const {
  const std::int64_t id = call.seen.id;
  const State state = StateFor(world, call);
  const auto add = [&](World after) {
    if (!Contains(*found, after)) found->push_back(std::move(after));
  };
  // G-07: whoever did not ask for the configuration may open devices once it is complete.
  if (call.side == Side::kClient && call.seen.method == "OpenDevice" && world.configured &&
      state == State::kConfigurable) {
    World told = world;
    told.client = State::kInitializing;
    Apply(told, call, now_ms, found);
  }
  if (world.agents.count(id) > 0) {
    // The agent runs until the set has ended, one way or another (S-EXE-22, G-32).
    if (state == State::kNormallyTerminated || state == State::kAbort ||
        state == State::kDoesNotExist) {
      World after = world;
      after.applied[id] = {0, State::kInitializing, "S-EXE-01", false, {}};
      add(std::move(after));
    }
    return;
  }
  // L-17: a Close before the end goes through Abort, and so may what waited on the closed object.
  if (call.side == Side::kClient && state == State::kDoesNotExist && !IsClose(call) &&
      world.client == State::kAbort) {
    const Cell* aborted = rules_.FindCell(call.side, call.seen.method, State::kAbort);
    if (aborted != nullptr && HasAnswer(*aborted, "VD_E_ABORT")) {
      World after = world;
      after.applied[id] = {
          rules_.CodeValue("VD_E_ABORT").value_or(0), State::kAbort, "L-17", false, {}};
      add(std::move(after));
    }
  }
  const Cell* cell = rules_.FindCell(call.side, call.seen.method, state);
  if (cell == nullptr) return;
  const Scene scene{world, facts_, call, now_ms};
  const std::vector<CellRuling> rulings = RulingsHere(*cell, state, scene);
  std::string rests_on;
  for (const CellRuling& one : rulings) {
    if (rests_on.empty() && one.decides) rests_on = one.reading->id;
  }
  std::vector<Answer> answers;
  if (state == State::kAbort) answers = AnswersOnAbort(call);
  if (answers.empty()) answers = cell->answers;
  bool certain = false;
  for (const Answer& answer : answers) {
    certain |= !answer.when.empty() && Holds(answer.when, scene) == Truth::kYes;
  }
  std::vector<std::string> given;
  for (const Answer& answer : answers) {
    // An answer without a condition is what remains when no other one is certain.
    const bool allowed = answer.when.empty() ? !certain : Holds(answer.when, scene) != Truth::kNo;
    if (!allowed) continue;
    given.push_back(answer.code);
    // What has no number cannot be told from another failure: see LeftOpen.
    if (!rules_.CodeValue(answer.code) || !IsOnPage(rules_, call, answer.code)) continue;
    World after = world;
    if (TakeEffect(&after, call, answer, state)) {
      after.applied[id] = {*rules_.CodeValue(answer.code), state,
                           answer.from.empty() ? std::string() : answer.from.front(),
                           IsClose(call) && answer.next == State::kDoesNotExist, rests_on};
    }
    add(std::move(after));
  }
  // What a reading of the cell takes as well: a refusal, which changes nothing.
  for (const CellRuling& one : rulings) {
    if (!Decides(*one.ruling, given)) continue;
    for (const std::string& name : one.ruling->accept) {
      const std::uint32_t code = rules_.CodeValue(name).value_or(0);
      // The conditions of the cell's own answers are better than the words of a reading.
      if (code == 0 || HasAnswer(*cell, name)) continue;
      if (!IsOnPage(rules_, call, name) && HasPage(rules_, call)) continue;
      World after = world;
      after.applied[id] = {code, state, one.reading->id, false, rests_on};
      add(std::move(after));
    }
  }
}

// The readings that the cell names and that have to do with this situation.
std::vector<OracleSet::CellRuling> OracleSet::RulingsHere(const Cell& cell, State state,
                                                          const Scene& scene) const {
  std::vector<CellRuling> here;
  for (const Rules::RulingOf& of : rules_.RulingsOf(scene.call.side, scene.call.seen.method)) {
    if (!of.ruling->asserted || of.ruling->as_warning ||
        !AppliesTo(of.ruling->platform, scene.call.platform) ||
        std::find(cell.readings.begin(), cell.readings.end(), of.reading->id) ==
            cell.readings.end()) {
      continue;
    }
    const Truth holds = RulingHolds(of.ruling->when, state, scene);
    if (holds == Truth::kNo) continue;
    const bool adds = std::any_of(of.ruling->accept.begin(), of.ruling->accept.end(),
                                  [&](const std::string& name) { return !HasAnswer(cell, name); });
    const bool beyond = holds == Truth::kYes && IsBeyondTables(of.ruling->when);
    here.push_back({of.reading, of.ruling, adds || beyond});
  }
  return here;
}

// Returns whether the call returns at once.
bool OracleSet::TakeEffect(World* world, const OracleCall& call, const Answer& answer,
                           State state) const {
  const std::string& method = call.seen.method;
  const bool ok = answer.code == "NOERROR";
  const bool client = call.side == Side::kClient;
  if (IsClose(call)) {
    if (answer.next != State::kDoesNotExist) return true;
    world->closed_objects.insert(call.object);
    const bool done = state == State::kNormallyTerminated || state == State::kAbort;
    if (!client) {
      if (!done) LeaveEarly(world, Side::kServer);
      world->server = State::kDoesNotExist;
    } else if (call.object == facts_.primary) {
      // C-CLO-03: SignalAbort is triggered internally, whatever the server has ended already.
      if (answer.code == "VD_E_OPEN") {
        world->Abort();
      } else if (!done) {
        LeaveEarly(world, Side::kClient);
      }
    } else if (answer.code == "VD_E_OPEN" || LeavesDevices(*world, call.object)) {
      world->may_abort = true;  // G-19: not asserted
    }
    return true;
  }
  DeviceWorld* device = call.device.empty() ? nullptr : world->Find(call.device);
  if (ok && method == "OpenDevice") {
    if (device == nullptr) {
      world->devices.emplace_back().name = call.device;
      device = &world->devices.back();
    }
    (client ? device->client_open : device->server_open) = true;
    if (client) device->opener = call.object;
  }
  if (ok && method == "GetConfiguration" && client && call.object == facts_.primary) {
    world->primary_configured = true;
  }
  if (ok && method == "EndConfiguration") world->configured = true;
  if (device != nullptr) {
    const std::string command =
        call.seen.actor + "/" + (method == "GetCommand" ? call.seen.into : call.Text("command"));
    if (ok && method == "SendCommand") {
      ++device->queued;
      ++device->outstanding;
    } else if (ok && method == "GetCommand") {
      --device->queued;
      device->held.insert(command);
    } else if (answer.code == "VD_E_CLOSE" && method == "GetCommand") {
      device->saw_close = true;
    } else if (ok && method == "CompleteCommand") {
      device->held.erase(command);
      --device->outstanding;
      if (call.Number("completion", 0) != 0) device->saw_error = true;
    } else if (ok && method == "CloseDevice") {
      device->server_closed = true;
    }
  }
  const bool agent = ok && method == "ExecuteCompletionAgent";
  if (agent) {
    world->agent = true;
    world->agents.insert(call.seen.id);
  }
  if (answer.next == State::kActive) {
    world->client = world->server = State::kActive;
  } else if (answer.next == State::kAbort) {
    world->Abort();
  } else if (answer.next) {
    (client ? world->client : world->server) = *answer.next;
  }
  return !agent;
}

// A reading that holds nobody to anything there, or takes the code as well.
bool OracleSet::LeftOpen(const World& world, const OracleCall& call, State state,
                         std::uint32_t code, std::int64_t now_ms) const {
  const Scene scene{world, facts_, call, now_ms};
  for (const Rules::RulingOf& of : rules_.RulingsOf(call.side, call.seen.method)) {
    for (const std::string& name : of.ruling->accept) {
      if (rules_.CodeValue(name) == code && AppliesTo(of.ruling->platform, call.platform)) {
        const Cell* cell = rules_.FindCell(call.side, call.seen.method, state);
        if (cell != nullptr && HasAnswer(*cell, name)) continue;
        if (of.ruling->asserted && !of.ruling->as_warning) continue;
        const bool in_tables = cell != nullptr && IsSituation(of.ruling->when);
        if (in_tables && !StandsForUnnumbered(rules_, call, *cell, *of.ruling)) continue;
        if (RulingHolds(of.ruling->when, state, scene) != Truth::kNo) return true;
      }
    }
  }
  if (rules_.IsEnvironmentCode(code) && code != 0x8077000BU) return false;
  // Values that no table speaks of: VD_E_INVALID of those of the server's calls whose page does not
  // know the code (G-62).
  return call.side == Side::kServer && rules_.CodeValue("VD_E_INVALID") == code &&
         !IsOnPage(rules_, call, "VD_E_INVALID");
}

std::optional<Opinion> OracleSet::Return(const OracleCall& call, std::uint32_t code,
                                         std::int64_t now_ms, bool* closes) {
  *closes = false;
  const std::int64_t id = call.seen.id;
  if (silent_) {
    *closes = IsClose(call);
    return std::nullopt;
  }
  const std::vector<World> before = worlds_;
  Close(now_ms);
  in_flight_.erase(id);
  if (silent_) {
    *closes = IsClose(call);
    return std::nullopt;
  }
  Opinion opinion;
  opinion.call = id;
  opinion.actor = call.seen.actor;
  opinion.side = call.side;
  opinion.method = call.seen.method;
  opinion.platform = call.platform;
  opinion.code = code;
  std::vector<World> kept;
  std::vector<World> without;  // where the call has not taken effect
  std::set<State> states;
  std::string rests_on;
  for (World& world : worlds_) {
    const auto found = world.applied.find(id);
    if (found == world.applied.end()) {
      without.push_back(world);
      continue;
    }
    const Applied applied = found->second;
    if (rests_on.empty()) rests_on = applied.rests_on;
    const std::string name = rules_.FindStatusCode(applied.code) == nullptr
                                 ? rules_.CodeName(applied.code)
                                 : rules_.FindStatusCode(applied.code)->name;
    if (std::find(opinion.accepted.begin(), opinion.accepted.end(), name) ==
        opinion.accepted.end()) {
      opinion.accepted.push_back(name);
    }
    if (applied.code != code) continue;
    opinion.clause = applied.clause;
    *closes = applied.closes;
    states.insert(applied.state);
    world.applied.erase(id);
    world.agents.erase(id);
    if (!Contains(kept, world)) kept.push_back(std::move(world));
  }
  const State state = StateFor(before.front(), call);
  opinion.state = std::string(Name(states.size() == 1 ? *states.begin() : state));
  for (const Transition& row : rules_.transitions()) {
    if (opinion.clause.empty() && row.side == call.side &&
        std::find(row.methods.begin(), row.methods.end(), call.seen.method) != row.methods.end()) {
      opinion.clause = row.clause;
    }
  }
  if (!kept.empty()) {
    worlds_ = std::move(kept);
    if (states.size() == 1) {
      opinion.visit = Visit{call.side, call.seen.method, *states.begin(), code, call.platform};
    }
    return opinion;
  }
  if (call.HasNull() || LeftOpen(before.front(), call, state, code, now_ms)) {
    opinion.visit = Visit{call.side, call.seen.method, state, code, call.platform};
    // What such a success did is not known; a refusal did nothing.
    if (code == 0 || without.empty() || IsClose(call)) {
      *closes = IsClose(call);
      Silence();
    } else {
      worlds_ = std::move(without);
    }
    return std::nullopt;
  }
  opinion.held = false;
  // Where a reading decides, a wrong code breaks the reading and not the table.
  if (!rests_on.empty()) opinion.clause = rests_on;
  if (rules_.IsEnvironmentCode(code)) opinion.clause = "G-04";
  *closes = IsClose(call);
  Silence();
  return opinion;
}

void OracleSet::BecameActive(std::int64_t now_ms) {
  if (silent_) return;
  Close(now_ms);
  const auto before = [](const World& world) {
    return world.server == State::kConnected || world.server == State::kConfigurable ||
           world.server == State::kInitializing;
  };
  if (std::all_of(worlds_.begin(), worlds_.end(), before)) return;
  worlds_.erase(std::remove_if(worlds_.begin(), worlds_.end(), before), worlds_.end());
}

void OracleSet::Forget(const OracleCall& call, std::int64_t now_ms) {
  if (silent_) return;
  Close(now_ms);
  in_flight_.erase(call.seen.id);
  for (World& world : worlds_) {
    world.applied.erase(call.seen.id);
    world.agents.erase(call.seen.id);
  }
}

// The calls that wait, and what ends it: an answer that is certain, or a time-out that has passed.
bool OracleSet::HasReasonToWait(const World& world, const OracleCall& call,
                                std::int64_t now_ms) const {
  const std::string& method = call.seen.method;
  State state = StateFor(world, call);
  if (call.side == Side::kServer) {
    if (method != "ExecuteCompletionAgent") return false;
    if (world.agents.count(call.seen.id) == 0) return state == State::kInitializing;
    // G-32: the end of the last device need not end it.
    return state != State::kAbort && state != State::kDoesNotExist;
  }
  const bool opens = method == "OpenDevice";
  if (method != "GetConfiguration" && method != "GetCommand" && !opens) return false;
  const std::int64_t timeout = call.Number("timeout", -1);
  const bool endless = opens || timeout < 0 || timeout >= 0xFFFFFFFFLL;
  if (!endless && (!call.virtual_clock || now_ms - call.began_ms >= timeout)) return false;
  // G-07: whoever did not ask for the configuration may open devices once it is complete.
  if (opens && world.configured && state == State::kConfigurable) state = State::kInitializing;
  // G-09: an open device may wait until the others are.
  if (method == "GetCommand" && state == State::kInitializing) return true;
  const Cell* cell = rules_.FindCell(call.side, method, state);
  if (cell == nullptr) return false;
  const Scene scene{world, facts_, call, now_ms};
  for (const Answer& answer : cell->answers) {
    if (answer.when.empty() || Holds(answer.when, scene) == Truth::kYes) return false;
  }
  // G-07: the table refuses what may be served all the same; and what it does not refuse waits.
  return true;
}

Outlook OracleSet::Foresee(const OracleCall& call, std::int64_t now_ms) const {
  Outlook outlook;
  outlook.silent = silent_;
  if (silent_) return outlook;
  OracleSet copy = *this;
  copy.Close(now_ms);
  outlook.silent = copy.silent_;
  std::set<State> states;
  for (const World& world : copy.worlds_) {
    states.insert(StateFor(world, call));
    outlook.may_wait |= HasReasonToWait(world, call, now_ms);
  }
  if (states.size() == 1) outlook.state = *states.begin();
  return outlook;
}

bool OracleSet::MustReturn(const OracleCall& call, std::int64_t now_ms) const {
  if (silent_) return false;
  OracleSet copy = *this;
  copy.Close(now_ms);
  for (const World& world : copy.worlds_) {
    if (world.applied.count(call.seen.id) > 0) continue;
    if (HasReasonToWait(world, call, now_ms)) return false;
  }
  return true;
}

}  // namespace conform
