// A library that makes COM objects by VdiCreateInstance, loaded from a file, and texts as COM takes
// them. The library stays loaded until the process ends. Any thread.
#ifndef CONFORMANCE_DRIVERS_COM_LIBRARY_H_
#define CONFORMANCE_DRIVERS_COM_LIBRARY_H_

#include <optional>
#include <string>

#include "simulator/include/vdi_com.h"

namespace conform {

using ComFactory = HRESULT (*)(REFCLSID, REFIID, void**);

// Whether the library has a VdiCreateInstance, and has it itself.
bool ExportsComFactory(const std::string& path);

// Loads it with every symbol bound now and none given to others. Makes one object of the class and
// lets it go again, so that a library without it is known as such from the start. Throws
// ProviderError.
ComFactory LoadComFactory(const std::string& path, REFCLSID clsid, REFIID iid);

// A text in 16-bit units; none is a NULL pointer. What is no UTF-8 goes byte by byte.
class WideName {
 public:
  explicit WideName(const std::optional<std::string>& text);
  LPCWSTR get() const { return text_ ? text_->c_str() : nullptr; }

 private:
  std::optional<std::u16string> text_;
};

}  // namespace conform

#endif  // CONFORMANCE_DRIVERS_COM_LIBRARY_H_
