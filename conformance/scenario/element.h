// One XML element of a scenario file, with what its texts may refer to. Every mistake becomes a
// ScenarioError that names file, line, and what was expected. Used by the loader alone.
#ifndef CONFORMANCE_SCENARIO_ELEMENT_H_
#define CONFORMANCE_SCENARIO_ELEMENT_H_

#include <map>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/scenario/loader.h"

namespace conform {

// A parsed file, which knows the line of each element.
class Document {
 public:
  // Throws ScenarioError when the text is not well-formed.
  explicit Document(const SourceText& source);

  pugi::xml_node root() const { return document_.document_element(); }
  Place PlaceOf(pugi::xml_node node) const;

 private:
  Place PlaceAt(ptrdiff_t offset) const;

  std::string name_;
  std::vector<ptrdiff_t> line_starts_;
  pugi::xml_document document_;
};

// Values of parameters: ${devices} becomes "2". "face" is that of the case.
using Environment = std::map<std::string, std::string, std::less<>>;
inline constexpr const char* kFaceParameter = "face";

[[noreturn]] void FailAt(const Place& place, const std::string& message);

class Element {
 public:
  Element(const Document& document, pugi::xml_node node, const Environment& environment)
      : document_(&document), node_(node), environment_(&environment) {}

  std::string_view name() const { return node_.name(); }
  Place place() const { return document_->PlaceOf(node_); }
  pugi::xml_node node() const { return node_; }
  const Document& document() const { return *document_; }
  const Environment& environment() const { return *environment_; }

  // Attributes by their names without a face: "expect-com" is "expect" on that face, where it takes
  // the place of a plain one, and is not there on the other.
  bool Has(const char* attribute) const { return !Find(attribute).empty(); }
  std::vector<std::string> Attributes() const;
  // The attribute's text with parameters put in. An attribute that is missing or empty is a
  // mistake.
  std::string Required(const char* attribute) const;
  std::string Optional(const char* attribute, std::string_view otherwise = {}) const;
  int64_t Number(const char* attribute) const;
  // Every attribute must be one of these.
  void AllowOnly(const std::vector<std::string>& attributes) const;
  // The element's own text, its white space evened out, with parameters put in.
  std::string Content() const;

  [[noreturn]] void Fail(const std::string& message) const { FailAt(place(), message); }

 private:
  pugi::xml_attribute Find(const char* attribute) const;

  const Document* document_;
  pugi::xml_node node_;
  const Environment* environment_;
};

// `text` with parameters put in; names that are no parameters stay for the run.
std::string PutIn(std::string_view text, const Environment& environment);

// "; did you mean A or B?" for words that resemble it; otherwise empty.
std::string DidYouMean(std::string_view word, const std::vector<std::string>& words);

// Words between blanks.
std::vector<std::string> Words(std::string_view text);

// Dotted names of small letters, digits and hyphens.
bool IsId(std::string_view text);

}  // namespace conform

#endif  // CONFORMANCE_SCENARIO_ELEMENT_H_
