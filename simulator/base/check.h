// VDI_CHECK stops the process when we made a mistake. Values that another process wrote are never
// checked with it: they are judged, and answered with a code.
#ifndef SIMULATOR_BASE_CHECK_H_
#define SIMULATOR_BASE_CHECK_H_

namespace vdisim {

// Prints the broken condition with its place on standard error and aborts.
[[noreturn]] void CheckFailed(const char* file, int line, const char* condition,
                              const char* message);

}  // namespace vdisim

#define VDI_CHECK(condition, message)                                                 \
  do {                                                                                \
    if (!(condition)) ::vdisim::CheckFailed(__FILE__, __LINE__, #condition, message); \
  } while (false)

#endif  // SIMULATOR_BASE_CHECK_H_
