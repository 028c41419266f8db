// Carries out the steps of one client actor against a face of a client library: set objects,
// devices, commands and buffers by name. Its answers hold what the library returned and nothing
// else: the judging is the runner's. Any thread may call Handle.
#ifndef CONFORMANCE_DRIVERS_PROVIDER_HOST_H_
#define CONFORMANCE_DRIVERS_PROVIDER_HOST_H_

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "conformance/drivers/client_face.h"
#include "conformance/drivers/command_server.h"
#include "conformance/drivers/host_buffers.h"
#include "conformance/drivers/host_loop.h"

namespace conform {

class ProviderHost {
 public:
  explicit ProviderHost(std::unique_ptr<ClientFace> face);
  // Lets go of the set objects, which closes what is open.
  ~ProviderHost();
  ProviderHost(const ProviderHost&) = delete;
  ProviderHost& operator=(const ProviderHost&) = delete;

  // One request of the protocol. Throws RequestError.
  Json Handle(const Json& request);
  // Makes waiting calls return: closes every set.
  void LetGo();

 private:
  Json Call(const Json& request);
  Json Release(const Json& request);
  Json Serve(const Json& request);
  std::shared_ptr<ClientSetFace> Set(const Json& request);
  std::shared_ptr<ClientDeviceFace> Device(const Json& request);
  VDC_Command* Command(const Json& arguments);

  Json CreateSet(const Json& request, bool with_instance);
  Json GetConfiguration(const Json& request);
  Json OpenDevice(const Json& request);
  Json GetCommand(const Json& request);
  Json CompleteCommand(const Json& request);
  Json GetBufferHandle(const Json& request);
  Json MapBufferHandle(const Json& request);

  const std::unique_ptr<ClientFace> face_;
  HostBuffers buffers_;
  std::mutex mutex_;  // of the tables below, never held during a call of the library
  std::map<std::string, std::shared_ptr<ClientSetFace>> sets_;
  std::map<std::string, std::shared_ptr<ClientDeviceFace>> devices_;  // "object/number"
  // Counted devices whose place another one took.
  std::vector<std::shared_ptr<ClientDeviceFace>> replaced_;
  std::map<std::string, VDC_Command*> commands_;
  std::map<std::string, std::shared_ptr<const Medium>> media_;
  std::deque<VDC_Command> copies_;  // of commands, for calls that take a copy; never moved
  std::map<std::string, std::function<Json(const Json&)>> methods_;
};

// The members of a VDConfig.
Json ToJson(const VDConfig& configuration);

}  // namespace conform

#endif  // CONFORMANCE_DRIVERS_PROVIDER_HOST_H_
