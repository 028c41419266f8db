// One element of a fault plan's file, with its attributes read as what they should be: every
// mistake is a FaultPlanError. Used by fault_plan_reader.cc alone.
#ifndef SIMULATOR_ENGINE_FAULT_ELEMENT_H_
#define SIMULATOR_ENGINE_FAULT_ELEMENT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <vector>

namespace vdisim {

// What is wrong, and at which byte of the file; the reader makes a line of it.
struct FaultPlanError {
  ptrdiff_t offset = 0;
  std::string message;
};

class FaultElement {
 public:
  using Words = std::vector<std::string>;

  explicit FaultElement(pugi::xml_node node) : node_(node) {}

  const char* name() const { return node_.name(); }
  [[noreturn]] void Fail(const std::string& message) const;

  // Every attribute must be one of these, or statement or illegal.
  void AllowOnly(Words attributes) const;

  bool Has(const char* attribute) const { return !node_.attribute(attribute).empty(); }
  std::string Text(const char* attribute, const char* otherwise = "") const {
    return node_.attribute(attribute).as_string(otherwise);
  }

  uint64_t Number(const char* attribute, uint64_t least, uint64_t most,
                  std::optional<uint64_t> otherwise = std::nullopt) const;
  // One of the words, as its index. otherwise: the word that is meant where the attribute is
  // missing; NULL: it must not be.
  size_t Word(const char* attribute, const Words& words, const char* otherwise = nullptr) const;
  // "yes" or "no".
  bool Yes(const char* attribute, bool otherwise) const;
  // Whole numbers between commas, at least one.
  std::vector<uint32_t> Numbers(const char* attribute, uint32_t least, uint32_t most) const;

  bool illegal() const { return Yes("illegal", false); }
  // Refuses what a real server does not do, unless the element is illegal. why: half a sentence.
  void NeedIllegal(bool unreal, const std::string& why) const;

 private:
  uint64_t ParseNumber(const char* attribute, const std::string& number, uint64_t least,
                       uint64_t most) const;

  const pugi::xml_node node_;
};

// "a, b, c".
std::string ListedWords(const FaultElement::Words& words);

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_FAULT_ELEMENT_H_
