#include "simulator/engine/media_set_check.h"

namespace vdisim {

std::optional<Message> CheckMediaSet(const std::vector<MediaDescriptor>& descriptors,
                                     const std::vector<std::string>& devices) {
  const MediaDescriptor& first = descriptors.front();
  const size_t families = first.plan.stripes;
  for (size_t i = 1; i < descriptors.size(); ++i) {
    if (!SameMediaSet(first, descriptors[i])) return MakeMessage(3258, devices[i]);
  }
  for (size_t i = 1; i < descriptors.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (descriptors[i].family != descriptors[j].family) continue;
      return MakeMessage(3227, devices[i], descriptors[i].family, devices[j]);
    }
  }
  if (descriptors.size() < families) return MakeMessage(3132, families, descriptors.size());
  if (descriptors.size() > families) {
    return MakeMessage(3231, devices.front(), families, descriptors.size());
  }
  return std::nullopt;
}

}  // namespace vdisim
