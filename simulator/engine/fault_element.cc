#include "simulator/engine/fault_element.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

namespace vdisim {

std::string ListedWords(const FaultElement::Words& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

void FaultElement::Fail(const std::string& message) const {
  throw FaultPlanError{node_.offset_debug(), message};
}

void FaultElement::AllowOnly(Words attributes) const {
  for (const char* common : {"statement", "illegal"}) attributes.emplace_back(common);
  for (const pugi::xml_attribute one : node_.attributes()) {
    if (std::find(attributes.begin(), attributes.end(), one.name()) != attributes.end()) continue;
    Fail(fmt::format("<{}> has no attribute '{}', expected one of: {}", name(), one.name(),
                     ListedWords(attributes)));
  }
}

uint64_t FaultElement::Number(const char* attribute, uint64_t least, uint64_t most,
                              std::optional<uint64_t> otherwise) const {
  if (!Has(attribute) && otherwise) return *otherwise;
  return ParseNumber(attribute, Text(attribute), least, most);
}

size_t FaultElement::Word(const char* attribute, const Words& words, const char* otherwise) const {
  const bool given = Has(attribute) || otherwise != nullptr;
  const std::string text = Text(attribute, otherwise == nullptr ? "" : otherwise);
  const auto found = std::find(words.begin(), words.end(), text);
  if (found != words.end()) return static_cast<size_t>(found - words.begin());
  if (!given) {
    Fail(fmt::format("<{}> needs the attribute '{}', one of: {}", name(), attribute,
                     ListedWords(words)));
  }
  Fail(fmt::format("<{}> has {}=\"{}\", expected one of: {}", name(), attribute, text,
                   ListedWords(words)));
}

bool FaultElement::Yes(const char* attribute, bool otherwise) const {
  return Word(attribute, {"no", "yes"}, otherwise ? "yes" : "no") == 1;
}

std::vector<uint32_t> FaultElement::Numbers(const char* attribute, uint32_t least,
                                            uint32_t most) const {
  std::vector<uint32_t> numbers;
  std::istringstream parts(Text(attribute));
  for (std::string part; std::getline(parts, part, ',');) {
    part.erase(0, part.find_first_not_of(' '));
    part.erase(part.find_last_not_of(' ') + 1);
    numbers.push_back(static_cast<uint32_t>(ParseNumber(attribute, part, least, most)));
  }
  if (numbers.empty()) ParseNumber(attribute, "", least, most);
  return numbers;
}

void FaultElement::NeedIllegal(bool unreal, const std::string& why) const {
  if (!unreal || illegal()) return;
  Fail(fmt::format("<{}>: {}; illegal=\"yes\" asks for it all the same", name(), why));
}

uint64_t FaultElement::ParseNumber(const char* attribute, const std::string& number, uint64_t least,
                                   uint64_t most) const {
  constexpr size_t kDigitsMost = 18;
  const bool digits = !number.empty() && number.size() <= kDigitsMost &&
                      number.find_first_not_of("0123456789") == std::string::npos;
  const uint64_t value = digits ? std::stoull(number) : 0;
  if (digits && value >= least && value <= most) return value;
  if (!Has(attribute)) {
    Fail(fmt::format("<{}> needs the attribute '{}', a whole number from {} to {}", name(),
                     attribute, least, most));
  }
  Fail(fmt::format("<{}> has {}=\"{}\", expected a whole number from {} to {}", name(), attribute,
                   Text(attribute), least, most));
}

}  // namespace vdisim
