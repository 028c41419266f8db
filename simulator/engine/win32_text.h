// What Windows says to the completion codes that VDI uses, in the form of the messages' inserts:
// "112(There is not enough space on the disk.)" (M-70). Values; any thread.
#ifndef SIMULATOR_ENGINE_WIN32_TEXT_H_
#define SIMULATOR_ENGINE_WIN32_TEXT_H_

#include <cstdint>
#include <string>

#include "simulator/base/hresult.h"

namespace vdisim {

// `code`: a completion code, section 16.2. Numbers without a text of their own say
// "error not found", as the product does.
std::string OsErrorText(uint32_t code);

// For an HRESULT: "0x80070002(The system cannot find the file specified.)" (M-60), and the name for
// codes of VDI: "0x8077000a(VD_E_MEMORY)".
std::string OsErrorText(HResult hr);

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_WIN32_TEXT_H_
