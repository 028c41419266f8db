#include "conformance/rules/rules_xml.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <sstream>

namespace conform {
namespace {

std::string OneBlank(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::isspace(static_cast<unsigned char>(c)) == 0) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

bool IsOneOf(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string Listed(std::initializer_list<std::string_view> names) {
  std::string out;
  for (const std::string_view name : names) {
    if (!out.empty()) out += ", ";
    out += name;
  }
  return out.empty() ? "none" : out;
}

}  // namespace

std::string RulesElement::Place() const { return file_->PlaceOf(node_.offset_debug()); }

void RulesElement::Complain(const std::string& what) const {
  throw RulesError(Place() + ": <" + name() + "> " + what);
}

void RulesElement::AllowAttributes(std::initializer_list<std::string_view> names) const {
  for (const pugi::xml_attribute one : node_.attributes()) {
    if (!IsOneOf(one.name(), names)) {
      Complain(std::string("has the attribute '") + one.name() + "'; expected " + Listed(names));
    }
  }
}

std::string RulesElement::Required(const char* attribute) const {
  std::string value = Optional(attribute);
  if (value.empty()) Complain(std::string("needs the attribute '") + attribute + "'");
  return value;
}

std::string RulesElement::Optional(const char* attribute) const {
  return OneBlank(node_.attribute(attribute).value());
}

bool RulesElement::Flag(const char* attribute, bool otherwise) const {
  const std::string value = Optional(attribute);
  if (value.empty()) return otherwise;
  if (value != "yes" && value != "no") {
    Complain(std::string("has ") + attribute + "='" + value + "'; expected yes or no");
  }
  return value == "yes";
}

std::vector<std::string> RulesElement::Words(const char* attribute) const {
  std::istringstream in(Optional(attribute));
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

std::vector<std::string> RulesElement::Pieces(const char* attribute) const {
  std::istringstream in(Optional(attribute));
  std::vector<std::string> pieces;
  for (std::string piece; std::getline(in, piece, ';');) {
    piece = OneBlank(piece);
    if (!piece.empty()) pieces.push_back(piece);
  }
  return pieces;
}

std::optional<std::uint32_t> RulesElement::Number(const char* attribute) const {
  const std::string value = Optional(attribute);
  if (value.empty()) return std::nullopt;
  const bool hex = value.starts_with("0x");
  const char* const begin = value.data() + (hex ? 2 : 0);
  const char* const end = value.data() + value.size();
  std::uint32_t number = 0;
  const auto [stop, error] = std::from_chars(begin, end, number, hex ? 16 : 10);
  if (error != std::errc() || stop != end) {
    Complain(std::string("has ") + attribute + "='" + value + "'; expected a 32-bit number");
  }
  return number;
}

std::string RulesElement::Text() const {
  std::string text;
  for (const pugi::xml_node child : node_.children()) {
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) {
      text += child.value();
      text += ' ';
    }
  }
  return OneBlank(text);
}

std::vector<RulesElement> RulesElement::Children(
    std::initializer_list<std::string_view> names) const {
  std::vector<RulesElement> children;
  for (const pugi::xml_node child : node_.children()) {
    if (child.type() != pugi::node_element) continue;
    const RulesElement element(file_, child);
    if (!IsOneOf(child.name(), names)) {
      element.Complain("is not foreseen in <" + name() + ">; expected " + Listed(names));
    }
    children.push_back(element);
  }
  return children;
}

RulesXml::RulesXml(std::string_view name, std::string_view text, std::string_view root)
    : name_(name), text_(text) {
  for (size_t i = text_.find('\n'); i != std::string::npos; i = text_.find('\n', i + 1)) {
    line_ends_.push_back(static_cast<std::ptrdiff_t>(i));
  }
  const pugi::xml_parse_result result =
      document_.load_buffer(text_.data(), text_.size(), pugi::parse_default, pugi::encoding_utf8);
  if (!result) throw RulesError(PlaceOf(result.offset) + ": " + result.description());
  if (document_.document_element().name() != root) {
    Root().Complain("is the root; expected <" + std::string(root) + ">");
  }
}

std::string RulesXml::PlaceOf(std::ptrdiff_t offset) const {
  const auto next = std::lower_bound(line_ends_.begin(), line_ends_.end(), offset);
  return name_ + ':' + std::to_string(1 + (next - line_ends_.begin()));
}

}  // namespace conform
