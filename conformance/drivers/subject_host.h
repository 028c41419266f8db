// What the mains of the hosts have in common: the greeting, and a host that could not be made.
#ifndef CONFORMANCE_DRIVERS_SUBJECT_HOST_H_
#define CONFORMANCE_DRIVERS_SUBJECT_HOST_H_

#include <string>
#include <vector>

#include "conformance/drivers/host_loop.h"

namespace conform {

struct Greeting {
  std::string driver;   // "vdi-engine-host"
  std::string subject;  // the library
  std::vector<std::string> capabilities;
  std::string unusable;  // why the subject cannot be used; empty if it can
};

// As ServeRequests, with a host that has Handle and LetGo. Without one, everything but the greeting
// is answered with what makes the subject unusable.
template <typename Host>
void ServeSubject(const Greeting& greeting, Host* host) {
  ServeRequests(
      [&](const Json& request) {
        if (request.value("op", "") == "hello") {
          Json answer = {{"protocol", kProtocolVersion},
                         {"driver", greeting.driver},
                         {"subject", greeting.subject},
                         {"capabilities", greeting.capabilities}};
          if (!greeting.unusable.empty()) answer["unusable"] = greeting.unusable;
          return answer;
        }
        if (host == nullptr) throw RequestError(greeting.unusable);
        return host->Handle(request);
      },
      [&] {
        if (host != nullptr) host->LetGo();
      });
}

}  // namespace conform

#endif  // CONFORMANCE_DRIVERS_SUBJECT_HOST_H_
