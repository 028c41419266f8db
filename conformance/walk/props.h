// What moves can be made with: which devices were opened, which commands, buffers and handles have
// names, which calls go on. Taken from returns alone, so that equal returns give equal moves. What
// the returns mean is the oracle's business. Values; one thread.
#ifndef CONFORMANCE_WALK_PROPS_H_
#define CONFORMANCE_WALK_PROPS_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "conformance/drivers/driver.h"
#include "conformance/scenario/scenario.h"

namespace conform {

struct DeviceProps {
  bool server_open = false;
  bool server_closed = false;
  std::string opener;      // the client actor that has it open; empty: none
  bool saw_close = false;  // it reported VD_E_CLOSE
  int queued = 0;          // commands sent and not fetched
};

// Since the last Create of the set.
struct SetProps {
  bool created = false;
  int devices = 0;  // as many as the configuration says
  bool buffers_requested = false;
  bool ended_configuration = false;
  bool agent_asked = false;
  std::map<int, DeviceProps> of;             // by number
  std::map<std::int64_t, std::string> sent;  // by position, which is different in each command
  std::set<std::string> deaths;              // actors whose death nobody has noticed
  bool AllOpen() const;
};

struct CommandProps {
  std::string name;
  int device = 0;
  std::string sent;  // the engine's name of it; empty if it is not known
  bool has_bytes = false;
};

struct ActorProps {
  bool gone = false;
  std::set<int> devices;                        // that can be named, open or not
  std::vector<CommandProps> held;               // fetched and not completed
  std::vector<CommandProps> stale;              // completed, or of a set that is gone
  std::vector<std::string> mapped;              // addresses that MapBufferHandle gave
  std::map<std::string, std::int64_t> buffers;  // of an engine: allocated, with their sizes
  std::vector<std::string> freed;

  void LoseBuffers();
};

struct HandleProps {
  std::string name;  // under which the number is saved
  std::string set;
};

struct PendingProps {
  Step step;
  bool timed = false;  // it waits on the clock of its set
};

// A command that was completed, and the agent did not say so yet.
struct UnreportedProps {
  std::string engine;
  std::string sent;        // the engine's name of it
  std::string completion;  // the code, as the client's step gave it
};

struct Props {
  std::map<std::string, SetProps> sets;
  std::map<std::string, ActorProps> actors;
  std::vector<HandleProps> handles;
  std::map<std::string, PendingProps> pending;  // by the name of the call
  std::vector<UnreportedProps> unreported;

  explicit Props(const Case& cast);

  // A call returned; `engine`: the actor that has the other half of its set.
  void Returned(const Step& step, const std::string& set, const std::string& engine,
                std::uint32_t code, const Json& out);
  void Started(const Step& step, const std::string& set, bool timed);
  void Gone(const std::string& actor, Role role, const std::string& set);

 private:
  void ClientReturned(const Step& step, SetProps* set, const std::string& engine, bool ok,
                      std::uint32_t code, const Json& out);
  void ServerReturned(const Step& step, SetProps* set);
};

// Of a call that names a device.
int DeviceNumber(const Step& step);

}  // namespace conform

#endif  // CONFORMANCE_WALK_PROPS_H_
