#include "conformance/cli/catalogue_file.h"

#include <sstream>
#include <stdexcept>

namespace conform {

std::vector<std::string> Words(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

void Load(const std::string& file, pugi::xml_document* document) {
  const pugi::xml_parse_result result = document->load_file(file.c_str());
  if (!result) throw std::runtime_error(file + ": " + result.description());
}

}  // namespace conform
