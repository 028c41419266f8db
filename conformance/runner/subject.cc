#include "conformance/runner/subject.h"

#include <fmt/format.h>

namespace conform {
namespace {

// A driver's greeting, as far as it concerns the subject.
struct Greeting {
  std::string trouble;  // why the driver cannot be used
  std::set<Capability> capabilities;
  bool lists = false;  // it says what it has
};

Greeting ReadGreeting(const Json& hello) {
  Greeting greeting;
  if (hello.contains("error")) {
    greeting.trouble = "refuses the greeting: " + hello["error"].dump();
    return greeting;
  }
  if (const auto found = hello.find("unusable"); found != hello.end()) {
    greeting.trouble = found->is_string() ? found->get<std::string>() : found->dump();
    return greeting;
  }
  const auto version = hello.find("protocol");
  if (version != hello.end() && *version != kProtocolVersion) {
    greeting.trouble = fmt::format("speaks version {} of the driver protocol, expected {}",
                                   version->dump(), kProtocolVersion);
    return greeting;
  }
  const auto list = hello.find("capabilities");
  if (list == hello.end()) return greeting;
  greeting.lists = true;
  for (const Json& name : *list) {
    const auto capability =
        name.is_string() ? ParseCapability(name.get<std::string>()) : std::nullopt;
    if (!capability) {
      greeting.trouble = fmt::format("declares the unknown capability {}, expected some of: {}",
                                     name.dump(), CapabilityNames());
      return greeting;
    }
    greeting.capabilities.insert(*capability);
  }
  return greeting;
}

Greeting Ask(std::unique_ptr<Driver> driver, const ActorSettings& settings,
             vdisim::Timeout timeout) {
  const HostAnswer answer = driver->Ask(Hello(settings), timeout);
  if (answer.trouble != HostTrouble::kNone) {
    Greeting greeting;
    greeting.trouble = "the process that loads it " + answer.what;
    return greeting;
  }
  (void)driver->End(timeout);
  return ReadGreeting(answer.body);
}

class Finder {
 public:
  Finder(const DriverFleet& fleet, const SubjectDoors& doors, vdisim::Timeout timeout)
      : fleet_(fleet), doors_(doors), timeout_(timeout) {}

  Subject Find() {
    if (doors_.linux_face) AskFace(Capability::kLinuxFace, {.com = false});
    const bool com_found = found_.contains(Capability::kComFace);
    if (!doors_.adapter && (doors_.com == SubjectDoors::Com::kClaimed ||
                            (doors_.com == SubjectDoors::Com::kIfFound && com_found))) {
      AskFace(Capability::kComFace, {.com = true});
    }
    AskEngine();
    if (doors_.declared) {
      Compare(*doors_.declared);
    } else {
      subject_.capabilities.has = found_;
      subject_.broken = whys_;
      // What fails to load is judged, not skipped.
      for (const auto& [face, why] : whys_) subject_.capabilities.has.insert(face);
    }
    if (!found_.contains(Capability::kLinuxFace) && !found_.contains(Capability::kComFace)) {
      subject_.unusable =
          whys_.empty() ? "it has neither a Linux face nor a COM face" : whys_.begin()->second;
    }
    return std::move(subject_);
  }

 private:
  void AskFace(Capability face, const ActorSettings& settings) {
    Greeting greeting = Ask(fleet_.StartClient(settings), settings, timeout_);
    if (greeting.trouble.empty() && doors_.adapter && !greeting.lists) {
      greeting.trouble = "the adapter's greeting has no \"capabilities\"";
    }
    if (!greeting.trouble.empty()) {
      whys_[face] = greeting.trouble;
      found_.erase(face);
      return;
    }
    if (!greeting.lists) {
      greeting.capabilities = {face, Capability::kSecondaryClients, Capability::kBufferHandles};
    }
    if (!doors_.adapter) {
      // A library says nothing of these: they are the other side's.
      greeting.capabilities.insert(Capability::kVirtualClock);
      greeting.capabilities.insert(Capability::kSql);
    }
    found_.insert(greeting.capabilities.begin(), greeting.capabilities.end());
  }

  void AskEngine() {
    const Greeting greeting = Ask(fleet_.StartEngine({}), {}, timeout_);
    subject_.engine_unusable = greeting.trouble;
    if (greeting.lists && !greeting.capabilities.contains(Capability::kVirtualClock)) {
      found_.erase(Capability::kVirtualClock);
    }
    // The simulated SQL Server speaks to the bundled library's sets and to no others.
    if (!doors_.bundled_engine) found_.erase(Capability::kSql);
  }

  void Compare(const Capabilities& declared) {
    subject_.capabilities = declared;
    for (const Capability capability : declared.has) {
      if (found_.contains(capability)) continue;
      const auto why = whys_.find(capability);
      subject_.broken[capability] = why == whys_.end() ? "it is not there" : why->second;
    }
  }

  const DriverFleet& fleet_;
  const SubjectDoors& doors_;
  const vdisim::Timeout timeout_;
  Subject subject_;
  std::set<Capability> found_;
  std::map<Capability, std::string> whys_;  // faces that cannot be used
};

}  // namespace

std::string Subject::Lacks(const std::set<Capability>& required) const {
  std::string names;
  for (const Capability capability : capabilities.Missing(required)) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", Name(capability));
  }
  return names;
}

std::optional<Capability> Subject::Broken(const std::set<Capability>& required) const {
  for (const auto& [capability, why] : broken) {
    if (required.contains(capability)) return capability;
  }
  return std::nullopt;
}

Subject FindSubject(const DriverFleet& fleet, const SubjectDoors& doors, vdisim::Timeout timeout) {
  return Finder(fleet, doors, timeout).Find();
}

}  // namespace conform
