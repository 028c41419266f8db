// A Conversation is a whole backup between processes that run freely: a primary with the first
// device or none, a secondary for each of the others, and a server that keeps four writes in flight
// on each device. Each process ends by itself, normally or because the set was aborted, and judges
// every call it makes (caller.h). For one thread.
#ifndef SIMULATOR_ITEST_CONVERSATION_H_
#define SIMULATOR_ITEST_CONVERSATION_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "simulator/base/test_process.h"

namespace vdisim::itest {

struct ConversationPlan {
  std::string name;
  uint32_t devices = 2;
  uint32_t commands = 32;  // on each device
  bool primary_serves = true;
  bool check_data = true;  // every byte of every write, and that they come in order
  // How long calls may wait: bounded where somebody spoils the memory, and what was sent may be
  // lost.
  int64_t timeout_ms = -1;
  // Clients tell when they have completed so many commands, and wait for no answer. 0 = never.
  uint64_t tells_at = 0;
  // The k-th call of a process is its last (caller.h). 0 = none.
  uint64_t primary_dies_at = 0;
  uint64_t secondary_dies_at = 0;  // of the first secondary
  uint64_t server_dies_at = 0;
};

// How a process ended, as it tells at its end.
enum class Outcome : uint64_t {
  kNormal = 1,   // the set ended normally
  kAborted = 2,  // by an abort, a refusal or a time-out, each a documented one
  kWrong = 3     // an undocumented code, a call that hung, wrong data: standard error says which
};

// What a process tells its parent along the way; at its end it tells an Outcome.
inline constexpr uint64_t kCreated = 99;      // a primary: the server may come
inline constexpr uint64_t kConfigured = 100;  // a primary: secondaries may come
inline constexpr uint64_t kCounted = 101;     // a client: tells_at commands are completed
inline constexpr uint64_t kServed = 102;      // a primary: it closes when it hears an answer
int RunPrimary(const ConversationPlan& plan, TestLine& parent);
int RunSecondary(const ConversationPlan& plan, uint32_t device, TestLine& parent);
int RunServer(const ConversationPlan& plan, TestLine& parent);

// The processes of one conversation. The constructor starts the primary.
class Conversation {
 public:
  enum class Server { kHere, kElsewhere };
  // kElsewhere: somebody else serves the set.
  explicit Conversation(const ConversationPlan& plan, Server server = Server::kHere);

  // Starts the server when the set is created, and the secondaries when it is configured. False if
  // the primary ended before.
  bool StartOthers();
  TestProcess& primary() { return *primary_; }
  TestProcess& server() { return *server_; }
  TestProcess& secondary(uint32_t device) {
    return *secondaries_[device - (plan_.primary_serves ? 1 : 0)];
  }

  struct Ends {
    std::optional<Outcome> primary;  // nothing: killed, or silent for 30 s
    std::optional<Outcome> server;
    std::vector<std::optional<Outcome>> secondaries;
    bool AllNormal() const;
    bool HasWrong() const;
  };
  // Waits for the end of all of them.
  Ends Finish();

 private:
  std::optional<Outcome> OutcomeOf(TestProcess& process, bool close_when_served);

  const ConversationPlan plan_;
  const Server server_kind_;
  std::unique_ptr<TestProcess> primary_;
  std::unique_ptr<TestProcess> server_;
  std::vector<std::unique_ptr<TestProcess>> secondaries_;
};

}  // namespace vdisim::itest

#endif  // SIMULATOR_ITEST_CONVERSATION_H_
