// The processes of one case, a driver for each actor. A process starts with its actor's first step:
// until then it has not opened anything. One thread.
#ifndef CONFORMANCE_RUNNER_CASE_ACTORS_H_
#define CONFORMANCE_RUNNER_CASE_ACTORS_H_

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "conformance/drivers/driver_fleet.h"
#include "conformance/scenario/scenario.h"

namespace conform {

// A driver of the subject that did not greet as it should: a verdict at the step that started it.
struct GreetingTrouble {
  HostAnswer answer;
};

class CaseActors {
 public:
  // timeout: how long an actor may take for one step. bundled_engine: as in CaseOptions.
  CaseActors(const Case& one, const DriverFleet& fleet, vdisim::Timeout timeout,
             bool bundled_engine)
      : case_(one), fleet_(fleet), timeout_(timeout), bundled_engine_(bundled_engine) {}

  // Whether an actor is played by what is judged, and not by the simulator.
  bool IsSubject(const std::string& name) const;
  // The driver of an actor, started if it is not. Throws HarnessTrouble when it cannot be started;
  // when it does not greet or says that it cannot use its subject, GreetingTrouble if that is what
  // is judged, otherwise HarnessTrouble.
  Driver& Get(const std::string& name);
  // Kills an actor, if it was started. What it left behind is purged later.
  void Kill(const std::string& name);
  void KillAll();
  // Ends the actors that still run, clients before the engine and secondaries before primaries, as
  // in a normal run. `ended` is told how each of them ended.
  void EndAll(const std::function<void(const std::string& name, const HostAnswer& answer)>& ended);
  // What killed actors left in shared memory is of no use to anybody: an engine host removes it.
  void PurgeAfterKills();
  // What all of them printed on standard error; complete after EndAll.
  const std::string& error_output() const { return errors_; }

 private:
  void Greet(const std::string& name, const ActorSettings& settings, Driver& driver);

  const Case& case_;
  const DriverFleet& fleet_;
  const vdisim::Timeout timeout_;
  const bool bundled_engine_;
  std::map<std::string, std::unique_ptr<Driver>> drivers_;
  std::string errors_;
  bool killed_ = false;
};

}  // namespace conform

#endif  // CONFORMANCE_RUNNER_CASE_ACTORS_H_
