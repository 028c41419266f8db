// Device sets that answer by the simulator's transition table (simulator/device_set/
// set_transitions.h), without its processes, memory and clocks: what the state alone decides comes
// from that table, what arguments decide from the little model here. Three actors, "primary",
// "secondary" and "engine", each with one set object, share the sets that they make, one after the
// other, under one name. Every call returns at once, but for the completion agent. One thread.
#ifndef CONFORMANCE_AGREEMENT_SIMULATED_SET_H_
#define CONFORMANCE_AGREEMENT_SIMULATED_SET_H_

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "conformance/monitor/observation.h"
#include "conformance/rules/rules.h"
#include "simulator/device_set/set_transitions.h"

namespace conform {

enum class Who { kPrimary, kSecondary, kEngine };
inline constexpr int kWhos = 3;

// A call that somebody could make, and what the table answers.
struct SimulatedCall {
  Who who = Who::kPrimary;
  Side side = Side::kClient;
  std::string method;
  Json arguments = Json::object();
  std::string into;
  State state = State::kDoesNotExist;  // as that side sees it when it calls
  std::uint32_t code = 0;
  Json out = Json::object();
  bool agent = false;  // it goes on until TakeAgentEnd
};

class SimulatedSet {
 public:
  // com: on which face the clients call.
  SimulatedSet(std::string name, bool com, std::uint64_t seed);

  // Draws a call and lets it happen.
  SimulatedCall Next();
  // Whether the completion agent that was started has ended since: its call returns NOERROR.
  bool TakeAgentEnd();
  // Whether the set has become Active since; the server was told, then (L-14).
  bool TakeActivation();

 private:
  struct Device {
    std::string name;
    bool server_open = false;
    bool server_closed = false;
    bool client_open = false;
    bool saw_close = false;  // its client was told VD_E_CLOSE
    Who opener = Who::kPrimary;
    int queued = 0;
    int outstanding = 0;
    std::map<std::string, Who> held;
  };
  struct Set {
    vdisim::SetState state = vdisim::SetState::kCreated;
    bool primary_configured = false;
    bool told = false;  // some client has left Configurable with it
    bool agent = false;
    bool has_server = false;
    std::vector<Device> devices;
    std::set<std::string> buffers;
    std::map<std::string, std::string> handles;
  };
  // An actor's set object. Devices are nameable from their opening on, whatever follows.
  struct Object {
    std::shared_ptr<Set> set;
    std::map<std::size_t, std::shared_ptr<Set>> devices;
  };

  using Call = SimulatedCall;
  std::uint64_t Draw(std::uint64_t below) { return random_() % below; }
  bool Chance(std::uint64_t of) { return Draw(of) == 0; }
  Object& ObjectOf(Who who) { return objects_[static_cast<std::size_t>(who)]; }
  vdisim::ClientView ClientViewOf(const std::shared_ptr<Set>& set) const;
  // A call on a device of an earlier set than its object's is refused. The documents have one
  // column in which that can be seen: the set is Configurable and has no devices yet.
  State StateOfOldDevice(const std::shared_ptr<Set>& set) const;
  vdisim::ServerView ServerViewOf(const std::shared_ptr<Set>& set) const;
  void Happens(Set* set, vdisim::SetEvent event);
  void MaybeReady(Set* set);

  // What leads on towards the end of a set's life, so that walks see every state.
  std::string UsefulMethod(Who who);
  bool DrawCall(Call* call);
  // Each says what the arguments decide, once the table lets the call go on.
  void Client(Call* call);
  void Server(Call* call);
  void OpenDevice(Call* call, Set* set);
  void GetCommand(Call* call, Set* set, Device* device);
  void CompleteCommand(Call* call, Set* set, Device* device);
  void CloseClient(Call* call, Object* object);
  void CloseServer(Call* call, Object* object);
  void Join(Call* call, Object* object);
  void Handles(Call* call, Set* set);
  void SendCommand(Call* call, Device* device);
  void CloseDevice(Call* call, Set* set, Device* device);
  void Buffers(Call* call, Set* set);

  const std::string name_;
  const bool com_;
  bool hurries_ = false;  // towards the end of the set
  std::mt19937_64 random_;
  std::shared_ptr<Set> named_;  // what Open and OpenInSecondary find
  std::array<Object, kWhos> objects_;
  std::size_t device_count_ = 1;
  std::shared_ptr<Set> agent_of_;
  bool agent_ended_ = false;
  bool activated_ = false;
  int last_name_ = 0;
};

}  // namespace conform

#endif  // CONFORMANCE_AGREEMENT_SIMULATED_SET_H_
