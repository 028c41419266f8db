// The completion agent: the loop that takes completions out of all rings and runs the callbacks on
// the thread that called ExecuteCompletionAgent. Answers for S-EXE, S-CLO-22, AB-09, AB-11, T-05.
#include <array>

#include "simulator/device_set/server_opening.h"
#include "simulator/device_set/set_transitions.h"

namespace vdisim {
namespace {

// How many completions of one device are taken before the next has its turn.
constexpr int kBatch = 16;
// How often a busy agent, which never sleeps, still looks for deaths: each so many rounds.
constexpr uint32_t kRoundsPerLook = 1024;

}  // namespace

// Returns  VD_E_PROTOCOL  not Initializing, or an agent runs already   S-EXE-02
//          VD_E_ABORT     aborted before it began                      S-EXE-03
//          NOERROR        it ran, and Close or an abort ended it       S-EXE-01, G-32
HResult ServerOpening::ExecuteCompletionAgent() {
  const CallGate::Pass pass(gate_);
  if (!pass) return ServerAnswer(ServerCall::kExecuteCompletionAgent, ServerView::kDoesNotExist);
  control_->CountCall();
  watch_.LookNow();
  if (HResult answer = Answer(ServerCall::kExecuteCompletionAgent); !answer.ok()) return answer;
  std::thread::id nobody{};
  if (!agent_.compare_exchange_strong(nobody, std::this_thread::get_id())) return kProtocol;

  control_->server().agent_runs.store(1, std::memory_order_seq_cst);
  control_->events().active.Signal();  // for WaitForAgent
  control_->AdvanceIfReady();
  RunAgent();
  control_->server().agent_runs.store(0, std::memory_order_seq_cst);
  // Nothing is outstanding any more, and nothing can be sent.
  const uint32_t count = device_count_.load(std::memory_order_acquire);
  for (uint32_t i = 0; i < count; ++i) devices_[i]->EndOutstanding();
  if (closed_by_agent_.load(std::memory_order_acquire)) Release();
  return kOk;
}

void ServerOpening::RunAgent() {
  shm::SpinBudget spin;
  uint32_t rounds = 0;
  while (!gate_.IsShut() && control_->state() != SetState::kAborted) {
    if (TakeCompletions()) {
      if (++rounds % kRoundsPerLook == 0) LookAround();
      continue;
    }
    shm::WaitUntil(
        control_->events().agent, control_->clock(), Deadline::Never(), spin,
        [this] { return HasWork(); }, [this] { LookAround(); });
  }
}

bool ServerOpening::TakeCompletions() {
  bool took = false;
  const uint32_t count = device_count_.load(std::memory_order_acquire);
  for (uint32_t i = 0; i < count; ++i) {
    for (int n = 0; n < kBatch && devices_[i]->TakeCompletion(); ++n) {
      took = true;
      // C-CMP-23, S-ABT-20: completions after an abort are ignored; a callback may have aborted.
      if (control_->state() == SetState::kAborted || gate_.IsShut()) return true;
    }
  }
  return took;
}

bool ServerOpening::HasWork() const {
  const uint32_t count = device_count_.load(std::memory_order_acquire);
  for (uint32_t i = 0; i < count; ++i) {
    if (devices_[i]->HasCompletion()) return true;
  }
  return gate_.IsShut() || control_->state() == SetState::kAborted;
}

void ServerOpening::LookAround() {
  watch_.Look();
  const uint32_t count = device_count_.load(std::memory_order_acquire);
  for (uint32_t i = 0; i < count; ++i) devices_[i]->LookForDamage();
  if (progress_.IsOverdue()) control_->Abort(VdiSimServerTimeOut);  // AB-16
}

}  // namespace vdisim
