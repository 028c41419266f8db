// Whether the streams that a RESTORE found on its devices are one whole media set, in any order.
// Pure; any thread.
#ifndef SIMULATOR_ENGINE_MEDIA_SET_CHECK_H_
#define SIMULATOR_ENGINE_MEDIA_SET_CHECK_H_

#include <optional>
#include <string>
#include <vector>

#include "simulator/engine/media_format.h"
#include "simulator/sql/messages.h"

namespace vdisim {

// devices[i] is the name of the device that gave descriptors[i]. The message to fail with, or
// nothing:  3258  a device holds a stream of another media set
//           3132  fewer devices than families
//           3231  more devices than families
//           3227  a family is there twice
std::optional<Message> CheckMediaSet(const std::vector<MediaDescriptor>& descriptors,
                                     const std::vector<std::string>& devices);

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_MEDIA_SET_CHECK_H_
