#include "conformance/cli/mutant_catalogue.h"

#include <filesystem>
#include <pugixml.hpp>
#include <stdexcept>

#include "conformance/cli/catalogue_file.h"

namespace conform {

std::string Mutant::Name() const {
  return library +
         (kind == "provider" ? ""
          : kind == "engine" ? "_engine"
                             : "_com") +
         (strict ? "_strict" : "");
}

std::string Mutant::File() const {
  return (kind == "provider" ? "broken/lib" : "broken-com/lib") + library + ".so";
}

std::string Mutant::Options() const {
  return "--" + kind + " '" BROKEN_LIBRARIES "/" + File() + "'";
}

std::string Mutant::Selectors() const {
  std::string selectors;
  for (const std::string& one : run) selectors += " '" + one + "'";
  for (const std::string& one : also) selectors += " '" + one + "'";
  return selectors;
}

void PrintTo(const Mutant& mutant, std::ostream* out) { *out << mutant.Name(); }

std::vector<Mutant> ReadMutants(const std::string& file) {
  pugi::xml_document document;
  Load(file, &document);
  std::vector<Mutant> mutants;
  for (const pugi::xml_node node : document.child("mutants").children("mutant")) {
    Mutant mutant{.library = node.attribute("library").value(),
                  .kind = node.attribute("kind").value(),
                  .says = node.attribute("says").value(),
                  .check = node.attribute("check").value(),
                  .run = Words(node.attribute("run").value()),
                  .also = Words(node.attribute("also").value()),
                  .strict = node.attribute("strict").as_bool(),
                  .hangs = node.attribute("hangs").as_bool()};
    const bool known_kind =
        mutant.kind == "provider" || mutant.kind == "provider-com" || mutant.kind == "engine";
    if (!known_kind || mutant.library.empty() || mutant.says.empty() || mutant.check.empty()) {
      throw std::runtime_error(file + ": mutant \"" + mutant.library +
                               "\" needs library, kind (provider, provider-com or engine), says "
                               "and check");
    }
    if (mutant.run.empty()) mutant.run = {mutant.check.substr(0, mutant.check.find('/'))};
    mutants.push_back(mutant);
  }
  return mutants;
}

std::map<std::string, std::string> ReadScenarios(const std::string& folder) {
  std::map<std::string, std::string> scenarios;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".xml") continue;
    pugi::xml_document document;
    Load(entry.path().string(), &document);
    for (const pugi::xml_node node : document.child("scenarios").children("scenario")) {
      scenarios[node.attribute("id").value()] = node.attribute("no-mutant").value();
    }
  }
  return scenarios;
}

std::string ScenarioOf(const std::map<std::string, std::string>& scenarios, const std::string& id) {
  for (std::string part = id; !part.empty();) {
    if (scenarios.count(part) > 0) return part;
    const size_t end = part.find_last_of("./@");
    part = end == std::string::npos ? "" : part.substr(0, end);
  }
  return "";
}

}  // namespace conform
