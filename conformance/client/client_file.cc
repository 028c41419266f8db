#include "conformance/client/client_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

#include "conformance/client/client_items.h"
#include "conformance/rules/wrap_text.h"
#include "conformance/scenario/element.h"

namespace conform {
namespace {

std::string_view Plain(std::string_view text) { return text; }

// The items of one element.
std::vector<const ClientItem*> ItemsOf(std::string_view element) {
  std::vector<const ClientItem*> items;
  for (const ClientItem& item : ClientItems()) {
    if (Plain(item.element) == element) items.push_back(&item);
  }
  return items;
}

std::vector<std::string> ElementNames() {
  std::vector<std::string> names;
  for (const ClientItem& item : ClientItems()) {
    const std::string name = item.element;
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) {
      names.push_back(name);
    }
  }
  return names;
}

void Take(const Element& element, const ClientItem& item, const std::string& value,
          ClientDescription* client) {
  try {
    item.set(client, value);
  } catch (const std::invalid_argument& error) {
    const bool is_text = Plain(item.attribute).empty();
    element.Fail(fmt::format(
        "{}: {}", is_text ? fmt::format("<{}>", item.element) : fmt::format("{}=", item.attribute),
        error.what()));
  }
}

// An attribute's text as it stands there: a brace is a placeholder, not a parameter of the loader.
void TakeAttributes(const Element& element, const std::vector<const ClientItem*>& items,
                    ClientDescription* client) {
  for (const pugi::xml_attribute attribute : element.node().attributes()) {
    const std::string name = attribute.name();
    if (name.starts_with("xmlns") || name.starts_with("xsi:")) continue;
    const auto found = std::find_if(items.begin(), items.end(), [&](const ClientItem* item) {
      return Plain(item->attribute) == name;
    });
    if (name.empty() || found == items.end()) {
      std::string known;
      for (const ClientItem* item : items) {
        if (!Plain(item->attribute).empty()) known += fmt::format(" {}", item->attribute);
      }
      element.Fail(fmt::format("<{}> has no attribute {}, expected{}", element.name(), name,
                               known.empty() ? " none" : " one of:" + known));
    }
    Take(element, **found, attribute.value(), client);
  }
}

std::string Trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin));
}

void TakeElement(const Element& element, std::set<std::string>* seen, ClientDescription* client) {
  const std::string name(element.name());
  const std::vector<const ClientItem*> items = ItemsOf(name);
  if (items.empty()) {
    const std::vector<std::string> names = ElementNames();
    std::string known;
    for (const std::string& one : names) known += fmt::format(" <{}>", one);
    element.Fail(fmt::format("unknown element <{}>{}, expected one of:{}", name,
                             DidYouMean(name, names), known));
  }
  const bool many = items.front()->many;
  if (!seen->insert(name).second && !many) {
    element.Fail(fmt::format("<{}> stands here twice, expected it once", name));
  }
  for (const pugi::xml_node child : element.node().children()) {
    if (child.type() == pugi::node_element) {
      element.Fail(fmt::format("<{}> has a <{}>, expected none", name, child.name()));
    }
  }
  TakeAttributes(element, items, client);
  const std::string text = Trimmed(element.node().text().get());
  const auto of_text = std::find_if(items.begin(), items.end(), [](const ClientItem* item) {
    return Plain(item->attribute).empty();
  });
  if (of_text != items.end()) {
    if (text.empty()) element.Fail(fmt::format("<{}> is empty, expected a text", name));
    Take(element, **of_text, text, client);
  } else if (!text.empty()) {
    element.Fail(fmt::format("<{}> has a text, expected attributes alone", name));
  }
}

std::string Escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '&') {
      result += "&amp;";
    } else if (c == '<') {
      result += "&lt;";
    } else if (c == '"') {
      result += "&quot;";
    } else {
      result += c;
    }
  }
  return result;
}

std::string ElementText(const std::string& name, bool with_examples) {
  std::string attributes;
  std::string text;
  const ClientDescription defaults;
  for (const ClientItem* item : ItemsOf(name)) {
    const std::vector<std::string> now = item->get(defaults);
    const std::string value = with_examples ? item->example : now.empty() ? "" : now.front();
    if (Plain(item->attribute).empty()) {
      text = Escaped(value);
    } else {
      attributes += fmt::format(" {}=\"{}\"", item->attribute, Escaped(value));
    }
  }
  return text.empty() ? fmt::format("<{}{}/>", name, attributes)
                      : fmt::format("<{0}{1}>{2}</{0}>", name, attributes, text);
}

// What an element is for: its items' sentences, each behind its attribute's name. Options stand
// there without their hyphens, two of which would end the comment.
std::string Comment(const std::string& name) {
  std::string text;
  for (const ClientItem* item : ItemsOf(name)) {
    const bool is_text = Plain(item->attribute).empty();
    text += WrapText(
        fmt::format("{}{} (option {}).", is_text ? "" : fmt::format("{}: ", item->attribute),
                    item->help, Plain(item->option).substr(2)),
        "    ", is_text ? "    " : "      ");
  }
  return text;
}

}  // namespace

ClientDescription ParseClientFile(const SourceText& source) {
  static const Environment kNone;
  const Document document(source);
  const Element root(document, document.root(), kNone);
  if (root.name() != "client") {
    root.Fail(fmt::format("<{}>, expected <client>; `vdi-conform init` writes a file to fill in",
                          root.name()));
  }
  ClientDescription client;
  TakeAttributes(root, ItemsOf(""), &client);
  std::set<std::string> seen;
  for (const pugi::xml_node node : document.root().children()) {
    if (node.type() == pugi::node_element) {
      TakeElement(Element(document, node, kNone), &seen, &client);
    } else if (node.type() == pugi::node_pcdata && !Trimmed(node.value()).empty()) {
      root.Fail(fmt::format("<client> has the text \"{}\", expected elements alone",
                            Trimmed(node.value())));
    }
  }
  return client;
}

ClientDescription ReadClientFile(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream || !text) {
    throw ScenarioError(
        fmt::format("{}: cannot be read; `vdi-conform init {}` writes one to fill in",
                    file.string(), file.string()));
  }
  return ParseClientFile({.name = file.string(), .text = text.str()});
}

std::string StarterText() {
  std::string text = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<!-- How vdi-conform starts your backup program. Fill in the command, and of the rest what\n"
      "     differs from the values shown, or is commented out; each can also be given as an "
      "option\n"
      "     of `vdi-conform run`, which wins over this file.\n\n{}-->\n"
      "<client name=\"\">\n",
      Comment(""));
  for (const std::string& name : ElementNames()) {
    const bool needed = name == "command" || name == "operation";
    const std::string element = ElementText(name, name != "operation");
    text += fmt::format("\n  <!--\n{}  -->\n", Comment(name));
    text += needed ? fmt::format("  {}\n", element) : fmt::format("  <!-- {} -->\n", element);
  }
  return text + "</client>\n";
}

void WriteStarterFile(const std::filesystem::path& file) {
  const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0 && errno == EEXIST) {
    throw std::runtime_error(
        fmt::format("{} exists already and is left as it is; name another file", file.string()));
  }
  if (descriptor < 0) {
    throw std::runtime_error(fmt::format("{} cannot be made: {}", file.string(),
                                         std::generic_category().message(errno)));
  }
  const std::string text = StarterText();
  const bool written =
      write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (close(descriptor) != 0 || !written) {
    throw std::runtime_error(fmt::format("{} cannot be written", file.string()));
  }
}

}  // namespace conform
