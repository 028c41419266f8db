// Carries out the steps of one client actor against a client library: set objects, devices,
// commands and buffers by name. Its answers hold what the library returned and nothing else: the
// judging is the runner's. Any thread may call Handle.
#ifndef CONFORMANCE_DRIVERS_PROVIDER_HOST_H_
#define CONFORMANCE_DRIVERS_PROVIDER_HOST_H_

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "conformance/drivers/host_buffers.h"
#include "conformance/drivers/host_loop.h"
#include "conformance/drivers/provider_library.h"

namespace conform {

class ProviderHost {
 public:
  explicit ProviderHost(const ProviderFunctions& functions);
  // Destroys the set objects, which closes what is open.
  ~ProviderHost();
  ProviderHost(const ProviderHost&) = delete;
  ProviderHost& operator=(const ProviderHost&) = delete;

  // One request of the protocol. Throws RequestError.
  Json Handle(const Json& request);
  // Makes waiting calls return: closes every set.
  void LetGo();

 private:
  Json Call(const Json& request);
  ProviderObject* Set(const Json& request);
  ProviderObject* Device(const Json& request);

  Json CreateSet(const Json& request);
  Json GetConfiguration(const Json& request);
  Json OpenInSecondary(const Json& request);
  Json OpenDevice(const Json& request);
  Json GetCommand(const Json& request);
  Json CompleteCommand(const Json& request);
  Json GetBufferHandle(const Json& request);
  Json MapBufferHandle(const Json& request);

  const ProviderFunctions functions_;
  HostBuffers buffers_;
  std::mutex mutex_;  // of the tables below, never held during a call of the library
  std::map<std::string, std::unique_ptr<ProviderObject>> sets_;
  std::map<std::string, ProviderObject*> devices_;
  std::map<std::string, VDC_Command*> commands_;
  std::map<std::string, std::function<Json(const Json&)>> methods_;
};

// The members of a VDConfig, and the request in the arguments of a Create call.
Json ToJson(const VDConfig& configuration);

}  // namespace conform

#endif  // CONFORMANCE_DRIVERS_PROVIDER_HOST_H_
