#include "conformance/scenario/element.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "conformance/scenario/expression.h"

namespace conform {

void FailAt(const Place& place, const std::string& message) {
  throw ScenarioError(fmt::format("{}:{}: {}", place.file, place.line, message));
}

Document::Document(const SourceText& source) : name_(source.name) {
  line_starts_.push_back(0);
  for (size_t i = 0; i < source.text.size(); ++i) {
    if (source.text[i] == '\n') line_starts_.push_back(static_cast<ptrdiff_t>(i) + 1);
  }
  const pugi::xml_parse_result result =
      document_.load_buffer(source.text.data(), source.text.size());
  if (!result) FailAt(PlaceAt(result.offset), fmt::format("not XML: {}", result.description()));
}

Place Document::PlaceAt(ptrdiff_t offset) const {
  const auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  return {.file = name_, .line = static_cast<int>(next - line_starts_.begin())};
}

Place Document::PlaceOf(pugi::xml_node node) const { return PlaceAt(node.offset_debug()); }

std::string PutIn(std::string_view text, const Environment& environment) {
  return Replace(text, [&](std::string_view name) -> std::optional<std::string> {
    const auto found = environment.find(name);
    if (found == environment.end()) return std::nullopt;
    return found->second;
  });
}

std::string Element::Required(const char* attribute) const {
  const std::string text = Optional(attribute);
  if (text.empty()) Fail(fmt::format("<{}> needs the attribute {}", name(), attribute));
  return text;
}

std::string Element::Optional(const char* attribute, std::string_view otherwise) const {
  const pugi::xml_attribute found = node_.attribute(attribute);
  return PutIn(found.empty() ? otherwise : std::string_view(found.value()), *environment_);
}

int64_t Element::Number(const char* attribute) const {
  const std::string text = Required(attribute);
  const std::optional<int64_t> value = Evaluate(text);
  if (!value) Fail(fmt::format("{}=\"{}\", expected a whole number", attribute, text));
  return *value;
}

void Element::AllowOnly(const std::vector<std::string>& attributes) const {
  for (const pugi::xml_attribute attribute : node_.attributes()) {
    if (std::find(attributes.begin(), attributes.end(), attribute.name()) != attributes.end()) {
      continue;
    }
    Fail(fmt::format("<{}> has no attribute {}, expected one of: {}", name(), attribute.name(),
                     fmt::join(attributes, ", ")));
  }
}

std::string Element::Content() const {
  return PutIn(fmt::format("{}", fmt::join(Words(node_.child_value()), " ")), *environment_);
}

std::vector<std::string> Words(std::string_view text) {
  std::istringstream stream{std::string(text)};
  std::vector<std::string> words;
  std::string word;
  while (stream >> word) words.push_back(word);
  return words;
}

bool IsId(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), allowed) && text.front() != '.' &&
         text.back() != '.' && text.find("..") == std::string_view::npos;
}

}  // namespace conform
