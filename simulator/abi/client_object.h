// What stands behind a client's set object, whichever face it shows: the client set, and who it is
// in records. Its methods add to ClientSet what a C interface needs: arguments may be missing, and
// the state is judged before the arguments (G-62, G-63). Any thread, as ClientSet.
#ifndef SIMULATOR_ABI_CLIENT_OBJECT_H_
#define SIMULATOR_ABI_CLIENT_OBJECT_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "simulator/abi/call_subject.h"
#include "simulator/base/hresult.h"
#include "simulator/base/result.h"
#include "simulator/device_set/client_set.h"

namespace vdisim {

class ClientObject {
 public:
  // face: of CallRecord. end: the call that the end of the object is recorded as.
  ClientObject(std::string_view face, const char* end);
  // Closes what is still open, as a call of its own.
  ~ClientObject();
  ClientObject(const ClientObject&) = delete;
  ClientObject& operator=(const ClientObject&) = delete;

  ClientSet& set() { return set_; }
  const CallSubject& subject() const { return subject_; }

  // Nothing instead of a name: it was NULL or no valid text.
  // Returns what ClientSet::Create does, and VD_E_INSTANCE_NAME (C-CRE-04), VD_E_INVALID (G-62).
  HResult Create(const Result<std::string>& instance, std::optional<std::string_view> name,
                 const VDConfig* request);
  HResult OpenInSecondary(const Result<std::string>& instance,
                          std::optional<std::string_view> name);
  HResult OpenDevice(std::optional<std::string_view> name, std::shared_ptr<ClientDevice>* device);

 private:
  // Why a call with an unusable argument is refused: the state of the set comes first.
  HResult Refuse(HResult argument_error);

  const char* const end_;
  ClientSet set_;
  CallSubject subject_;
};

}  // namespace vdisim

#endif  // SIMULATOR_ABI_CLIENT_OBJECT_H_
