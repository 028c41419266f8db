#include "conformance/scenario/capability_file.h"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "conformance/scenario/element.h"

namespace conform {

Capabilities ReadCapabilities(const SourceText& source) {
  static const Environment kNone;
  const Document document(source);
  const Element root(document, document.root(), kNone);
  if (root.name() != "capabilities") {
    root.Fail(fmt::format("<{}>, expected <capabilities>", root.name()));
  }
  root.AllowOnly({"profile", "xmlns:xsi", "xsi:noNamespaceSchemaLocation"});
  Capabilities declared;
  if (root.Has("profile")) declared.profile = root.Required("profile");
  for (const pugi::xml_node node : document.root().children()) {
    if (node.type() != pugi::node_element) continue;
    const Element element(document, node, kNone);
    if (element.name() != "capability") {
      element.Fail(fmt::format("<{}>, expected <capability name=\"...\"/>", element.name()));
    }
    element.AllowOnly({"name"});
    const std::string name = element.Required("name");
    const std::optional<Capability> capability = ParseCapability(name);
    if (!capability) {
      element.Fail(
          fmt::format("unknown capability {}, expected one of: {}", name, CapabilityNames()));
    }
    if (!declared.has.insert(*capability).second) {
      element.Fail(fmt::format("the capability {} stands here twice", name));
    }
  }
  if (!declared.Has(Capability::kLinuxFace) && !declared.Has(Capability::kComFace)) {
    root.Fail(
        "neither linux-face nor com-face is declared, expected one at least: without a face "
        "there is nothing to judge");
  }
  return declared;
}

Capabilities ReadCapabilityFile(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream || !text) throw ScenarioError(fmt::format("{}: cannot be read", path));
  return ReadCapabilities({.name = path, .text = text.str()});
}

}  // namespace conform
