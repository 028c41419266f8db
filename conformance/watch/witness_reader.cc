#include "conformance/watch/witness_reader.h"

#include <utility>

namespace conform {
namespace {

using Json = nlohmann::json;

WitnessEvent EventOf(const Json& object) {
  WitnessEvent event;
  event.t = Number(object, "t");
  event.duration_ns = NumberOr(object, "d", 0);
  event.pid = static_cast<uint32_t>(Number(object, "pid"));
  event.tid = static_cast<uint32_t>(NumberOr(object, "tid", 0));
  event.call = Text(object, "call");
  event.by = TextOr(object, "by", {});
  event.fd = static_cast<int>(NumberOr(object, "fd", -1));
  event.path = TextOr(object, "path", {});
  event.to = TextOr(object, "to", {});
  event.inode = static_cast<uint64_t>(NumberOr(object, "inode", 0));
  event.directory = FlagOr(object, "directory", false);
  event.flags = TextOr(object, "flags", TextOr(object, "mode", {}));
  event.bytes = NumberOr(object, "bytes", 0);
  event.pending = NumberOr(object, "pending", -1);
  event.result = NumberOr(object, "result", 0);
  event.error = static_cast<int>(NumberOr(object, "errno", 0));
  event.threads = static_cast<int>(NumberOr(object, "threads", -1));
  event.descriptors = static_cast<int>(NumberOr(object, "descriptors", -1));
  event.left = static_cast<int>(NumberOr(object, "left", -1));
  event.mappings = static_cast<int>(NumberOr(object, "mappings", -1));
  event.memory_kib = NumberOr(object, "memory", -1);
  event.peak_kib = NumberOr(object, "peak", -1);
  return event;
}

}  // namespace

Witnessed ReadWitness(std::istream& text, const std::string& file) {
  Witnessed witnessed;
  witnessed.damages = ReadJsonLines(
      text, file, [&](const Json& object) { witnessed.events.push_back(EventOf(object)); });
  return witnessed;
}

Witnessed ReadWitnessFile(const std::string& path) {
  Witnessed witnessed;
  witnessed.damages = ReadJsonLinesFile(
      path, [&](const Json& object) { witnessed.events.push_back(EventOf(object)); });
  return witnessed;
}

}  // namespace conform
