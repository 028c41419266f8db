// What the catalogues of broken libraries and of broken client programs are read with.
#ifndef CONFORMANCE_CLI_CATALOGUE_FILE_H_
#define CONFORMANCE_CLI_CATALOGUE_FILE_H_

#include <pugixml.hpp>
#include <string>
#include <vector>

namespace conform {

// The words between blanks and line ends.
std::vector<std::string> Words(const std::string& text);

// Throws std::runtime_error that names the file and what is wrong with it.
void Load(const std::string& file, pugi::xml_document* document);

}  // namespace conform

#endif  // CONFORMANCE_CLI_CATALOGUE_FILE_H_
