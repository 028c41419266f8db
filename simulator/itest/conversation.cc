#include "simulator/itest/conversation.h"

#include <algorithm>

namespace vdisim::itest {

Conversation::Conversation(const ConversationPlan& plan, Server server)
    : plan_(plan),
      server_kind_(server),
      primary_(std::make_unique<TestProcess>(
          [plan](TestLine& parent) { return RunPrimary(plan, parent); })) {}

bool Conversation::StartOthers() {
  if (primary_->Hear() != kCreated) return false;
  if (server_kind_ == Server::kHere) {
    server_ = std::make_unique<TestProcess>(
        [this](TestLine& parent) { return RunServer(plan_, parent); });
  }
  if (primary_->Hear() != kConfigured) return false;
  for (uint32_t device = plan_.primary_serves ? 1 : 0; device < plan_.devices; ++device) {
    secondaries_.push_back(std::make_unique<TestProcess>(
        [this, device](TestLine& parent) { return RunSecondary(plan_, device, parent); }));
  }
  return true;
}

std::optional<Outcome> Conversation::OutcomeOf(TestProcess& process, bool close_when_served) {
  while (const std::optional<uint64_t> told = process.Hear()) {
    if (*told == kServed && close_when_served) process.Tell();
    if (*told <= static_cast<uint64_t>(Outcome::kWrong)) return static_cast<Outcome>(*told);
  }
  return std::nullopt;
}

Conversation::Ends Conversation::Finish() {
  Ends ends;
  for (const auto& secondary : secondaries_) {
    ends.secondaries.push_back(OutcomeOf(*secondary, /*close_when_served=*/false));
  }
  ends.primary = OutcomeOf(*primary_, /*close_when_served=*/true);
  if (server_ != nullptr) ends.server = OutcomeOf(*server_, /*close_when_served=*/false);
  return ends;
}

bool Conversation::Ends::AllNormal() const {
  return primary == Outcome::kNormal && server == Outcome::kNormal &&
         std::all_of(secondaries.begin(), secondaries.end(),
                     [](const auto& end) { return end == Outcome::kNormal; });
}

bool Conversation::Ends::HasWrong() const {
  return primary == Outcome::kWrong || server == Outcome::kWrong ||
         std::any_of(secondaries.begin(), secondaries.end(),
                     [](const auto& end) { return end == Outcome::kWrong; });
}

}  // namespace vdisim::itest
