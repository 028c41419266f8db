// What is judged, and what it can do: the subject is asked once, before the first case. Its drivers
// say in their greetings what they found in it (the symbols of a library) or what it says of itself
// (an adapter); a file of its maker may declare it instead. One thread.
#ifndef CONFORMANCE_RUNNER_SUBJECT_H_
#define CONFORMANCE_RUNNER_SUBJECT_H_

#include <map>
#include <optional>
#include <string>

#include "conformance/drivers/driver_fleet.h"
#include "conformance/scenario/capabilities.h"

namespace conform {

// The ways to the subject that the command line opened.
struct SubjectDoors {
  enum class Com {
    kNone,
    kIfFound,  // the library of the Linux face may have a COM face, too
    kClaimed,  // a library was given for it
  };
  bool linux_face = true;  // a library for the Linux face was given, or an adapter
  Com com = Com::kClaimed;
  bool adapter = false;                  // one program for both faces, which says what it can do
  bool bundled_engine = true;            // the simulator's server interface plays the other side
  std::optional<Capabilities> declared;  // by a file
};

struct Subject {
  Capabilities capabilities = Capabilities::All();
  std::string unusable;                      // why no case can be run; empty if some can
  std::map<Capability, std::string> broken;  // declared but not there: why
  std::string engine_unusable;               // why the given server interface cannot be used

  // Those of `required` that the subject does not have, as "com-face, sql"; empty if it has all.
  std::string Lacks(const std::set<Capability>& required) const;
  // The first of `required` that is declared and not there.
  std::optional<Capability> Broken(const std::set<Capability>& required) const;
};

// timeout: of each greeting. Throws std::system_error when a driver cannot be started.
Subject FindSubject(const DriverFleet& fleet, const SubjectDoors& doors, vdisim::Timeout timeout);

}  // namespace conform

#endif  // CONFORMANCE_RUNNER_SUBJECT_H_
