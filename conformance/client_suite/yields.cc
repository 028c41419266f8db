#include <fmt/format.h>

#include <cmath>
#include <sstream>

#include "conformance/client_suite/budget.h"
#include "conformance/scenario/element.h"

namespace conform {

std::vector<SourceText> EmbeddedYieldFiles();  // generated

Yields ReadYields(const SourceText& source) {
  static const Environment kNone;
  const Document document(source);
  const Element root(document, document.root(), kNone);
  if (root.name() != "yields") root.Fail(fmt::format("<{}>, expected <yields>", root.name()));
  Yields yields;
  for (const pugi::xml_node node : document.root().children()) {
    if (node.type() != pugi::node_element) continue;
    const Element one(document, node, kNone);
    if (one.name() != "case") one.Fail(fmt::format("<{}>, expected <case>", one.name()));
    one.AllowOnly({"id", "seconds", "bugs"});
    CaseYield yield;
    const std::string text = one.Required("seconds");
    std::istringstream stream(text);
    stream.imbue(std::locale::classic());
    if (!(stream >> yield.seconds) || !stream.eof() || yield.seconds < 0) {
      one.Fail(fmt::format("seconds=\"{}\", expected a number that is not negative", text));
    }
    for (const std::string& bug : Words(one.Optional("bugs"))) yield.bugs.insert(bug);
    const std::string id = one.Required("id");
    if (!yields.emplace(id, std::move(yield)).second) {
      one.Fail(fmt::format("the case {} stands here twice", id));
    }
  }
  return yields;
}

std::string WriteYields(const Yields& yields) {
  std::string text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<!-- What each case for client programs takes, in seconds, and which programs with a bug "
      "it\n"
      "     catches; a run with a budget chooses by it. Written by\n"
      "     vdi-client-kill-matrix. -->\n"
      "<yields>\n";
  for (const auto& [id, yield] : yields) {
    text += fmt::format("  <case id=\"{}\" seconds=\"{:.2f}\" bugs=\"{}\"/>\n", id, yield.seconds,
                        fmt::join(yield.bugs, " "));
  }
  return text + "</yields>\n";
}

Yields EmbeddedYields() {
  Yields yields;
  for (const SourceText& file : EmbeddedYieldFiles()) yields.merge(ReadYields(file));
  return yields;
}

}  // namespace conform
