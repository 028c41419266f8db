// How client actors reach the library: by its C++ classes or by its COM interfaces.
#ifndef CONFORMANCE_SCENARIO_FACE_H_
#define CONFORMANCE_SCENARIO_FACE_H_

#include <string_view>

#include "conformance/rules/rules.h"

namespace conform {

enum class Face { kLinux, kCom };
constexpr std::string_view Name(Face face) { return face == Face::kCom ? "com" : "linux"; }

// Whose documents hold for that face.
constexpr Platform PlatformOf(Face face) {
  return face == Face::kCom ? Platform::kWindows : Platform::kLinux;
}

}  // namespace conform

#endif  // CONFORMANCE_SCENARIO_FACE_H_
