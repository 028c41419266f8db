#include "conformance/monitor/oracle.h"

#include <deque>
#include <map>

#include "conformance/monitor/oracle_set.h"

namespace conform {
namespace {

bool IsServerRole(const std::string& role) { return role == "engine" || role == "sql-server"; }

bool IsJoin(const std::string& method) {
  return method == "OpenInSecondary" || method == "OpenInSecondaryEx";
}
bool IsCreate(const std::string& method) { return method == "Create" || method == "CreateEx"; }

}  // namespace

class Oracle::Model {
 public:
  explicit Model(const Rules& rules) : rules_(rules) {}

  void See(const ActorSeen& seen) {
    actors_[seen.actor] = seen;
    // What a whole SQL Server does is not seen call by call.
    if (seen.role == "sql-server") silent_labels_.insert(seen.set);
  }
  void See(const CallSeen& seen);
  std::optional<Opinion> See(const ReturnSeen& seen);
  Outlook Foresee(const CallSeen& seen) const;
  bool MustReturn(std::int64_t id) const;
  void See(const GoneSeen& seen);
  void See(const AdvanceSeen& seen) {
    now_ms_ += seen.by_ms;
    for (OracleSet& set : sets_) {
      if (server_time_out_ && set.Outstanding()) set.MayAbort();
    }
  }
  void See(const StepSeen& seen) {
    if (seen.kind == "serve" || seen.kind == "sql") {
      for (OracleSet& set : sets_) set.Silence();
      all_silent_ = true;
    }
  }

 private:
  struct Attached {
    int set = -1;
  };
  OracleSet* SetOf(int index) {
    return index < 0 ? nullptr : &sets_[static_cast<std::size_t>(index)];
  }
  const OracleSet* SetOf(int index) const {
    return index < 0 ? nullptr : &sets_[static_cast<std::size_t>(index)];
  }
  // The call as it begins now: who makes it, on which set and device.
  OracleCall Meet(const CallSeen& seen) const;
  int LivingSet(const std::string& name) const;
  std::optional<Opinion> Attach(const OracleCall& call, std::uint32_t code);
  std::optional<Opinion> Untabled(const OracleCall& call, std::uint32_t code);
  std::optional<Opinion> Refused(const OracleCall& call, std::uint32_t code, State state);
  State StateOfOldDevice(const OracleCall& call);
  Opinion About(const OracleCall& call, std::uint32_t code, State state) const;
  std::optional<Opinion> Judge(const OracleCall& call, std::uint32_t code);
  void Note(const OracleCall& call, std::uint32_t code, const Json& out);
  void Leave(const std::string& object);

  const Rules& rules_;
  std::map<std::string, ActorSeen> actors_;
  std::map<std::string, int> attached_;                         // object -> its set
  std::map<std::string, std::pair<int, std::string>> devices_;  // "actor/set/0" -> set, name
  std::map<std::string, int> client_buffers_;                   // "actor/name" -> set
  std::deque<OracleSet> sets_;
  std::map<std::int64_t, OracleCall> calls_;
  std::set<std::string> silent_labels_;
  bool all_silent_ = false;
  bool server_time_out_ = false;
  std::int64_t now_ms_ = 0;
};

int Oracle::Model::LivingSet(const std::string& name) const {
  for (std::size_t i = sets_.size(); i > 0; --i) {
    OracleSet& set = const_cast<OracleSet&>(sets_[i - 1]);
    if (set.facts().name == name) return static_cast<int>(i - 1);
  }
  return -1;
}

OracleCall Oracle::Model::Meet(const CallSeen& seen) const {
  OracleCall call;
  call.seen = seen;
  const auto known = actors_.find(seen.actor);
  const ActorSeen actor = known == actors_.end() ? ActorSeen() : known->second;
  call.side = IsServerRole(actor.role) ? Side::kServer : Side::kClient;
  call.platform =
      actor.face == "com" || call.side == Side::kServer ? Platform::kWindows : Platform::kLinux;
  call.object = seen.actor + "/" + seen.object;
  call.virtual_clock = actor.clock == "virtual";
  call.began_ms = now_ms_;
  const auto attached = attached_.find(call.object);
  if (attached != attached_.end()) call.set = attached->second;
  if (seen.method == "OpenDevice") {
    call.device = call.Text("name");
  } else if (call.Has("device")) {
    const auto device = devices_.find(seen.actor + "/" + call.Text("device"));
    if (device != devices_.end()) {
      call.device = device->second.second;
      call.device_known = device->second.first == call.set;
      // A device stays with the set it was opened in, whatever its object stands for now.
      if (!call.device_known) {
        call.object_set = call.set;
        call.set = -1;
      }
    }
  }
  return call;
}

void Oracle::Model::See(const CallSeen& seen) {
  OracleCall call = Meet(seen);
  if (OracleSet* set = SetOf(call.set); set != nullptr) set->Begin(call, now_ms_);
  calls_[seen.id] = std::move(call);
}

Outlook Oracle::Model::Foresee(const CallSeen& seen) const {
  const OracleCall call = Meet(seen);
  const OracleSet* set = SetOf(call.set);
  if (set != nullptr) return set->Foresee(call, now_ms_);
  return {.state = State::kDoesNotExist, .may_wait = false, .silent = all_silent_};
}

bool Oracle::Model::MustReturn(std::int64_t id) const {
  const auto call = calls_.find(id);
  if (call == calls_.end()) return false;
  const OracleSet* set = SetOf(call->second.set);
  return set == nullptr || set->MustReturn(call->second, now_ms_);
}

Opinion Oracle::Model::About(const OracleCall& call, std::uint32_t code, State state) const {
  Opinion opinion;
  opinion.call = call.seen.id;
  opinion.actor = call.seen.actor;
  opinion.side = call.side;
  opinion.method = call.seen.method;
  opinion.platform = call.platform;
  opinion.code = code;
  opinion.state = Name(state);
  opinion.visit = Visit{call.side, call.seen.method, state, code, call.platform};
  return opinion;
}

// A device that outlived its set finds none (C-CLO-21). Where its object has made another one,
// which is Configurable, this is the only way to call a device's methods in that state.
State Oracle::Model::StateOfOldDevice(const OracleCall& call) {
  OracleSet* set = SetOf(call.object_set);
  if (set == nullptr || set->silent() || call.side != Side::kClient) return State::kDoesNotExist;
  set->Close(now_ms_);
  for (const World& world : set->worlds()) {
    if (world.client != State::kConfigurable) return State::kDoesNotExist;
  }
  return State::kConfigurable;
}

// A call that finds no set, or none that knows it: most often the column Does Not Exist.
std::optional<Opinion> Oracle::Model::Refused(const OracleCall& call, std::uint32_t code,
                                              State state) {
  const Cell* cell = rules_.FindCell(call.side, call.seen.method, state);
  if (cell == nullptr || call.HasNull()) return std::nullopt;
  Opinion opinion = About(call, code, state);
  opinion.held = false;
  for (const Answer& answer : cell->answers) {
    if (!rules_.IsOnPage(call.side, call.seen.method, answer.code, call.platform)) continue;
    opinion.accepted.push_back(answer.code);
    opinion.held |= rules_.CodeValue(answer.code) == code;
  }
  for (const Transition& row : rules_.transitions()) {
    if (row.side == call.side &&
        std::find(row.methods.begin(), row.methods.end(), call.seen.method) != row.methods.end()) {
      opinion.clause = row.clause;
    }
  }
  // G-03: VD_E_NOTOPEN is judged where its warning stands.
  if (!opinion.held && rules_.CodeValue("VD_E_NOTOPEN") == code) return std::nullopt;
  return opinion;
}

// Create, Open and OpenInSecondary give an object its set.
std::optional<Opinion> Oracle::Model::Attach(const OracleCall& call, std::uint32_t code) {
  const std::string name = call.Text("name");
  const std::string& method = call.seen.method;
  const int living = LivingSet(name);
  const bool instance = !call.Text("instance").empty();
  if (code == 0 && IsCreate(method)) {
    SetFacts facts;
    facts.name = name;
    facts.primary = call.object;
    facts.devices = static_cast<std::size_t>(std::max<std::int64_t>(0, call.Number("devices", 1)));
    server_time_out_ |= call.Number("serverTimeOut", 0) != 0;
    sets_.emplace_back(rules_, std::move(facts));
    if (all_silent_ || silent_labels_.count(actors_[call.seen.actor].set) > 0) {
      sets_.back().Silence();
    }
    if (call.Number("serverTimeOut", 0) != 0 && !call.virtual_clock) sets_.back().MayAbort();
    attached_[call.object] = static_cast<int>(sets_.size() - 1);
  } else if (code == 0 && living >= 0) {
    attached_[call.object] = living;
    OracleSet& set = sets_[static_cast<std::size_t>(living)];
    if (call.side == Side::kServer) {
      if (!set.facts().server.empty()) set.Silence();
      set.facts().server = call.object;
      for (World& world : *set.mutable_worlds()) {
        world.server = world.client == State::kAbort ? State::kAbort : State::kConnected;
      }
    } else {
      for (World& world : *set.mutable_worlds()) world.closed_objects.erase(call.object);
    }
  }
  if (call.HasNull()) return std::nullopt;
  std::optional<Opinion> opinion = Refused(call, code, State::kDoesNotExist);
  if (!opinion) return opinion;
  if (IsCreate(method)) {
    const bool unusable = rules_.CodeValue("VD_E_INSTANCE_NAME") == code;
    if (instance && !unusable) return std::nullopt;
    if (unusable && !instance) opinion->held = false;
    const Truth bad = BadConfiguration(call);
    const std::uint32_t unsupported = rules_.CodeValue("VD_E_NOTSUPPORTED").value_or(0);
    const bool taken = living >= 0 && sets_[static_cast<std::size_t>(living)].facts().primary_there;
    if (code == 0 && bad == Truth::kYes) opinion->held = false;
    if (code == unsupported && bad == Truth::kNo) opinion->held = false;
    if (code == rules_.CodeValue("VD_E_PROTOCOL") && living < 0) opinion->held = false;
    // A name that no set can have (C-CRE-11) has no code of its own.
    if (code != 0 && (name.empty() || name.find('\\') != std::string::npos)) return std::nullopt;
    // G-40: who else has the name may be gone; on Windows nothing is documented.
    if (taken && (code == 0 || call.platform == Platform::kWindows)) return std::nullopt;
    if (!opinion->held && bad == Truth::kMaybe) opinion->clause = "G-18";
    if (!opinion->held && rules_.IsEnvironmentCode(code)) opinion->clause = "G-04";
    return opinion;
  }
  if (instance || IsJoin(method)) return std::nullopt;
  // A set that was there may have ended by itself, so that VD_E_INVALID is always possible.
  if (living < 0 && code == 0) opinion->held = false;
  if (rules_.CodeValue("0x80070002") == code) return std::nullopt;  // G-17
  return opinion;
}

// OpenInSecondary and the handles, which are in no table: the rows of their pages decide.
std::optional<Opinion> Oracle::Model::Untabled(const OracleCall& call, std::uint32_t code) {
  const bool server = call.side == Side::kServer;
  const std::string& method = call.seen.method;
  const int join = IsJoin(method) && call.set < 0 ? LivingSet(call.Text("name")) : call.set;
  OracleSet* set = SetOf(join);
  if (all_silent_ || (set != nullptr && set->silent()) || call.HasNull()) return std::nullopt;
  if (set != nullptr) set->Close(now_ms_);
  State state = State::kDoesNotExist;
  if (set != nullptr && !set->silent() && !(IsJoin(method) && call.set < 0)) {
    const World& world = set->worlds().front();
    state = server ? world.server : world.client;
    for (const World& other : set->worlds()) {
      if ((server ? other.server : other.client) != state) return std::nullopt;
    }
  }
  std::map<std::string, Truth> truths;  // by the code's name
  const std::string buffer = call.seen.actor + "/" + call.Text("buffer");
  if (method == "IsSharedBuffer") {
    const bool known = set != nullptr && set->facts().buffers.count(buffer) > 0;
    const bool foreign = call.Text("buffer") == "foreign";
    truths["TRUE"] = known ? Truth::kYes : foreign ? Truth::kNo : Truth::kMaybe;
    truths["FALSE"] = known ? Truth::kNo : Truth::kMaybe;
    if (state == State::kAbort || state == State::kDoesNotExist) truths["TRUE"] = Truth::kMaybe;
    if (state == State::kAbort || state == State::kDoesNotExist) truths["FALSE"] = Truth::kMaybe;
    if (call.Number("offset", 0) != 0) truths = {{"TRUE", Truth::kMaybe}, {"FALSE", Truth::kMaybe}};
  } else if (IsJoin(method)) {
    if (call.set >= 0) {
      truths["VD_E_PROTOCOL"] = Truth::kYes;
      if (state == State::kAbort) truths["VD_E_ABORT"] = Truth::kMaybe;
    } else if (!call.Text("instance").empty() || set == nullptr || !set->facts().primary_there) {
      if (set != nullptr || !call.Text("instance").empty()) return std::nullopt;
      truths["VD_E_PROTOCOL"] = Truth::kYes;
    } else {
      for (const World& world : set->worlds()) {
        const bool aborted = world.client == State::kAbort;
        truths[aborted                    ? "VD_E_ABORT"
               : world.primary_configured ? "NOERROR"
                                          : "VD_E_PROTOCOL"] = Truth::kYes;
      }
    }
    if (rules_.CodeValue("0x80070002") == code) return std::nullopt;  // G-41
  } else if (call.set < 0) {
    truths["VD_E_PROTOCOL"] = Truth::kYes;
  } else if (state == State::kAbort || state == State::kDoesNotExist) {
    return std::nullopt;  // G-16
  } else if (method == "GetBufferHandle") {
    const bool foreign = call.Text("buffer") == "foreign";
    const bool given = client_buffers_.count(buffer) > 0 && client_buffers_[buffer] == call.set;
    const bool stale = set->facts().stale.count(buffer) > 0;
    const bool inner = call.Number("offset", 0) != 0;
    const bool sure = given && !stale && !inner;
    truths["NOERROR"] = foreign ? Truth::kNo : Truth::kMaybe;
    truths["VD_E_INVALID"] = sure ? Truth::kNo : Truth::kMaybe;
  } else {
    const auto handle = set->facts().handles.find(call.Number("handle", 0));
    const bool given = handle != set->facts().handles.end();
    const bool stale = given && set->facts().stale.count(handle->second) > 0;
    truths["NOERROR"] = TruthOf(given);
    truths["VD_E_INVALID"] = !given || stale ? Truth::kYes : Truth::kNo;
  }
  const std::vector<const ReturnCode*> rows = rules_.CodesOf(call.side, method, call.platform);
  if (rows.empty()) return std::nullopt;  // of no page: the deprecated OpenInSecondary
  Opinion opinion = About(call, code, state);
  opinion.held = false;
  for (const ReturnCode* row : rows) {
    const auto found = truths.find(row->code);
    if (found == truths.end() || found->second == Truth::kNo) continue;
    opinion.accepted.push_back(row->code);
    const bool same = row->value == code;
    if (same || opinion.clause.empty()) opinion.clause = row->clause;
    opinion.held |= same;
  }
  if (!opinion.held && rules_.CodeValue("VD_E_NOTOPEN") == code) return std::nullopt;
  if (!opinion.held && rules_.IsEnvironmentCode(code)) opinion.clause = "G-04";
  return opinion;
}

// What a return tells about buffers, handles and devices.
void Oracle::Model::Note(const OracleCall& call, std::uint32_t code, const Json& out) {
  OracleSet* set = SetOf(call.set);
  if (set == nullptr) return;
  const std::string& method = call.seen.method;
  const std::string into = call.seen.actor + "/" + call.seen.into;
  if (method == "CompleteCommand") {
    set->facts().stale.insert(call.seen.actor + "/" + call.Text("command"));
  }
  if (code != 0) return;
  if (method == "OpenDevice") {
    devices_[call.seen.actor + "/" + call.Text("device")] = {call.set, call.device};
  } else if (method == "AllocateBuffer") {
    set->facts().buffers[into] = call.Number("size", 0);
  } else if (method == "FreeBuffer") {
    set->facts().buffers.erase(call.seen.actor + "/" + call.Text("buffer"));
  } else if (method == "GetCommand" || method == "MapBufferHandle") {
    set->facts().stale.erase(into);
    client_buffers_[into] = call.set;
    const bool bare = method == "GetCommand" && out.is_object() && out.value("size", 0) == 0;
    if (bare || method == "MapBufferHandle") set->facts().stale.insert(into);
  } else if (method == "GetBufferHandle" && out.is_object() && out.contains("handle")) {
    set->facts().handles[out["handle"].get<std::int64_t>()] =
        call.seen.actor + "/" + call.Text("buffer");
  }
}

void Oracle::Model::Leave(const std::string& object) {
  const auto found = attached_.find(object);
  if (found == attached_.end()) return;
  OracleSet& set = sets_[static_cast<std::size_t>(found->second)];
  if (set.facts().primary == object) set.facts().primary_there = false;
  if (set.facts().primary == object || set.facts().server == object) set.MayAbort();
  attached_.erase(found);
}

std::optional<Opinion> Oracle::Model::See(const ReturnSeen& seen) {
  const auto found = calls_.find(seen.id);
  if (found == calls_.end()) return std::nullopt;
  const OracleCall call = found->second;
  calls_.erase(found);
  const auto code = static_cast<std::uint32_t>(seen.code);
  std::optional<Opinion> opinion = Judge(call, code);
  Note(call, code, seen.out);
  return opinion;
}

std::optional<Opinion> Oracle::Model::Judge(const OracleCall& call, std::uint32_t code) {
  const std::string& method = call.seen.method;
  OracleSet* set = SetOf(call.set);
  if (method == "Release") {
    if (set != nullptr) set->Forget(call, now_ms_);
    if (!call.Has("device")) Leave(call.object);  // the end of the object closes its set
    return std::nullopt;
  }
  if (method == "WaitForActive" || method == "WaitForAgent") {
    if (set != nullptr) set->Forget(call, now_ms_);
    const bool active = method == "WaitForActive" && code == 0;
    if (set != nullptr && active) set->BecameActive(now_ms_);
    return std::nullopt;
  }
  const bool untabled = rules_.FindCell(call.side, method, State::kDoesNotExist) == nullptr;
  if (untabled) {
    std::optional<Opinion> opinion = Untabled(call, code);
    if (IsJoin(method) && call.set < 0 && code == 0) (void)Attach(call, code);
    return opinion;
  }
  if (set == nullptr) {
    if (all_silent_) {
      (void)Attach(call, code);
      return std::nullopt;
    }
    if (IsCreate(method) || method == "Open") return Attach(call, code);
    return Refused(call, code, StateOfOldDevice(call));
  }
  bool closes = false;
  std::optional<Opinion> opinion = set->Return(call, code, now_ms_, &closes);
  if (closes) {
    if (set->facts().primary == call.object) set->facts().primary_there = false;
    attached_.erase(call.object);
  }
  return opinion;
}

void Oracle::Model::See(const GoneSeen& seen) {
  for (auto one = calls_.begin(); one != calls_.end();) {
    if (one->second.seen.actor != seen.actor) {
      ++one;
      continue;
    }
    if (OracleSet* set = SetOf(one->second.set); set != nullptr) set->Forget(one->second, now_ms_);
    one = calls_.erase(one);
  }
  std::vector<std::string> objects;
  for (const auto& [object, set] : attached_) {
    if (object.compare(0, seen.actor.size() + 1, seen.actor + "/") == 0) objects.push_back(object);
  }
  for (const std::string& object : objects) Leave(object);
}

Oracle::Oracle(const Rules& rules) : model_(std::make_unique<Model>(rules)) {}
Oracle::~Oracle() = default;

std::optional<Opinion> Oracle::See(const Seen& seen) {
  return std::visit(
      [&](const auto& one) -> std::optional<Opinion> {
        if constexpr (std::is_same_v<std::decay_t<decltype(one)>, ReturnSeen>) {
          return model_->See(one);
        } else {
          model_->See(one);
          return std::nullopt;
        }
      },
      seen);
}

Outlook Oracle::Foresee(const CallSeen& call) const { return model_->Foresee(call); }

bool Oracle::MustReturn(std::int64_t call) const { return model_->MustReturn(call); }

std::vector<Opinion> JudgeObservations(const Rules& rules, const std::vector<Seen>& seen) {
  Oracle oracle(rules);
  std::vector<Opinion> opinions;
  for (const Seen& one : seen) {
    if (std::optional<Opinion> opinion = oracle.See(one)) opinions.push_back(std::move(*opinion));
  }
  return opinions;
}

}  // namespace conform
