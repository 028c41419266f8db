#include "conformance/runner/case_actors.h"

#include <fmt/format.h>

#include <system_error>

#include "conformance/runner/case_values.h"

namespace conform {

bool CaseActors::IsSubject(const std::string& name) const {
  const Role role = case_.FindActor(name).role;
  return SideOf(role) == Side::kClient || (role == Role::kEngine && !bundled_engine_);
}

Driver& CaseActors::Get(const std::string& name) {
  const auto found = drivers_.find(name);
  if (found != drivers_.end()) return *found->second;
  const Role role = case_.FindActor(name).role;
  const ActorSettings settings{.com = case_.face == Face::kCom,
                               .virtual_clock = case_.virtual_clock,
                               .instance = case_.FindActor(name).instance};
  std::unique_ptr<Driver> started;
  try {
    started = role == Role::kEngine      ? fleet_.StartEngine(settings)
              : role == Role::kSqlServer ? fleet_.StartSql(settings)
                                         : fleet_.StartClient(settings);
  } catch (const std::system_error& error) {
    throw HarnessTrouble{
        fmt::format("the process of {} cannot be started: {}", name, error.what())};
  }
  Driver& driver = *(drivers_[name] = std::move(started));
  Greet(name, settings, driver);
  return driver;
}

void CaseActors::Greet(const std::string& name, const ActorSettings& settings, Driver& driver) {
  HostAnswer answer = driver.Ask(Hello(settings), timeout_);
  if (answer.trouble == HostTrouble::kNone && answer.body.contains("unusable")) {
    const Json& why = answer.body["unusable"];
    answer.trouble = HostTrouble::kGarbage;
    answer.what = fmt::format("cannot use its subject any more: {}",
                              why.is_string() ? why.get<std::string>() : why.dump());
  }
  if (answer.trouble == HostTrouble::kNone) return;
  if (IsSubject(name)) throw GreetingTrouble{std::move(answer)};
  throw HarnessTrouble{fmt::format("the process of {} {}", name, answer.what)};
}

void CaseActors::Kill(const std::string& name) {
  killed_ = true;
  const auto found = drivers_.find(name);
  if (found != drivers_.end()) found->second->Kill();
}

void CaseActors::KillAll() {
  killed_ = true;
  for (auto& [name, driver] : drivers_) driver->Kill();
}

void CaseActors::EndAll(
    const std::function<void(const std::string& name, const HostAnswer& answer)>& ended) {
  for (const Role role : {Role::kSecondary, Role::kPrimary, Role::kEngine, Role::kSqlServer}) {
    for (auto& [name, driver] : drivers_) {
      if (case_.FindActor(name).role != role) continue;
      if (driver->running()) ended(name, driver->End(timeout_));
      errors_ += driver->ErrorOutput();
    }
  }
}

void CaseActors::PurgeAfterKills() {
  drivers_.clear();
  if (!killed_) return;
  try {
    const std::unique_ptr<Driver> engine = fleet_.StartEngine({});
    (void)engine->Ask(Json{{"op", "purge"}}, timeout_);
    (void)engine->End(timeout_);
  } catch (const std::system_error&) {
    // Nothing more can be done here, and the verdict stands; `vdisim purge` does the same later.
  }
}

}  // namespace conform
