#include "simulator/abi/com_object.h"

#include "simulator/base/instance_name.h"
#include "simulator/base/utf16.h"

namespace vdisim {

std::optional<std::string> NameOfCom(LPCWSTR name) {
  if (name == nullptr) return std::nullopt;
  return Utf8FromUtf16(name);
}

TraceValue TraceName(LPCWSTR name) {
  const std::optional<std::string> text = NameOfCom(name);
  return TraceText(text ? text->c_str() : nullptr);
}

Result<std::string> InstanceOfCom(LPCWSTR name) {
  if (name == nullptr) return std::string();
  const std::optional<std::string> text = NameOfCom(name);
  if (!text) return kInstanceName;
  return InstanceOfName(*text);
}

}  // namespace vdisim
