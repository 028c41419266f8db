// One rules file as XML. Every complaint about it names the file and the line.
#ifndef CONFORMANCE_RULES_RULES_XML_H_
#define CONFORMANCE_RULES_RULES_XML_H_

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/rules/rules.h"

namespace conform {

class RulesXml;

// An element of the file. Valid as long as its file.
class RulesElement {
 public:
  RulesElement(const RulesXml* file, pugi::xml_node node) : file_(file), node_(node) {}

  std::string name() const { return node_.name(); }
  // "clauses.xml:12"
  std::string Place() const;
  // Throws RulesError: "clauses.xml:12: <clause> ...".
  [[noreturn]] void Complain(const std::string& what) const;

  // Throws when there is an attribute of another name.
  void AllowAttributes(std::initializer_list<std::string_view> names) const;
  std::string Required(const char* attribute) const;       // throws when missing or empty
  std::string Optional(const char* attribute) const;       // empty when missing
  bool Flag(const char* attribute, bool otherwise) const;  // "yes" or "no"
  // Words between blanks, or pieces between semicolons.
  std::vector<std::string> Words(const char* attribute) const;
  std::vector<std::string> Pieces(const char* attribute) const;
  // "0x8077000C" or "38"; none when missing.
  std::optional<std::uint32_t> Number(const char* attribute) const;

  // Its own text, each run of white space as one blank.
  std::string Text() const;
  // Its children; throws when one is neither text nor an element of these names.
  std::vector<RulesElement> Children(std::initializer_list<std::string_view> names) const;

 private:
  const RulesXml* file_;
  pugi::xml_node node_;
};

class RulesXml {
 public:
  // Throws RulesError when it is no XML or its root is not `root`.
  RulesXml(std::string_view name, std::string_view text, std::string_view root);
  RulesXml(const RulesXml&) = delete;
  RulesXml& operator=(const RulesXml&) = delete;

  RulesElement Root() const { return {this, document_.document_element()}; }
  std::string PlaceOf(std::ptrdiff_t offset) const;

 private:
  const std::string name_;
  const std::string text_;
  std::vector<std::ptrdiff_t> line_ends_;
  pugi::xml_document document_;
};

}  // namespace conform

#endif  // CONFORMANCE_RULES_RULES_XML_H_
