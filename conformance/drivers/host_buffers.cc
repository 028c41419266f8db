#include "conformance/drivers/host_buffers.h"

#include <span>

#include "conformance/drivers/pattern.h"

namespace conform {
namespace {

constexpr size_t kForeignBytes = 65536;

}  // namespace

HostBuffers::HostBuffers() : foreign_(kForeignBytes) {
  addresses_["null"] = nullptr;
  addresses_["foreign"] = foreign_.data();
}

void HostBuffers::Name(const std::string& name, uint8_t* address) {
  const std::lock_guard lock(mutex_);
  addresses_[name] = address;
}

uint8_t* HostBuffers::Find(const Json& arguments) const {
  const std::string name = Text(arguments, "buffer");
  const int64_t offset = IntegerOr(arguments, "offset", 0);
  const std::lock_guard lock(mutex_);
  const auto found = addresses_.find(name);
  if (found == addresses_.end()) throw RequestError("no buffer is called \"" + name + "\" here");
  // Through an integer: the address may lie before or behind the object, and that is the point.
  const uint64_t address =
      reinterpret_cast<uint64_t>(found->second) + static_cast<uint64_t>(offset);
  return reinterpret_cast<uint8_t*>(address);  // NOLINT(performance-no-int-to-ptr): see above
}

bool HostBuffers::Handle(const std::string& op, const Json& request, Json* answer) const {
  if (op != "fill" && op != "bytes" && op != "address") return false;
  const Json& arguments = Arguments(request);
  uint8_t* address = Find(arguments);
  Json out = Json::object();
  if (op == "address") {
    out["address"] = reinterpret_cast<uint64_t>(address);
  } else {
    const std::span<uint8_t> bytes(address, static_cast<size_t>(Integer(arguments, "size")));
    const auto pattern = static_cast<uint32_t>(Integer(arguments, "pattern"));
    if (op == "fill") {
      FillPattern(bytes, pattern);
    } else if (const auto mismatch = FindMismatch(bytes, pattern)) {
      out["mismatch"] = mismatch->offset;
      out["expected"] = mismatch->expected;
      out["actual"] = mismatch->actual;
    }
  }
  *answer = Json::object();
  (*answer)["out"] = std::move(out);
  return true;
}

}  // namespace conform
