#include "conformance/scenario/element.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "conformance/rules/nearest_words.h"
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

namespace {

constexpr std::string_view kFaceSuffixes[] = {"-linux", "-com"};

// An attribute's name without its face; `face` receives the face, or nothing.
std::string_view WithoutFace(std::string_view attribute, std::string_view* face) {
  *face = {};
  for (const std::string_view suffix : kFaceSuffixes) {
    if (!attribute.ends_with(suffix) || attribute.size() == suffix.size()) continue;
    *face = suffix.substr(1);
    return attribute.substr(0, attribute.size() - suffix.size());
  }
  return attribute;
}

}  // namespace

pugi::xml_attribute Element::Find(const char* attribute) const {
  const std::string_view wanted = attribute;
  pugi::xml_attribute plain;
  for (const pugi::xml_attribute one : node_.attributes()) {
    const std::string_view name = one.name();
    if (name.front() != wanted.front() || !name.starts_with(wanted)) continue;
    if (name.size() == wanted.size()) {
      if (plain.empty()) plain = one;
      continue;
    }
    if (name[wanted.size()] != '-') continue;
    const auto face = environment_->find(kFaceParameter);
    if (face != environment_->end() && name.substr(wanted.size() + 1) == face->second) return one;
  }
  return plain;
}

std::vector<std::string> Element::Attributes() const {
  std::vector<std::string> names;
  for (const pugi::xml_attribute attribute : node_.attributes()) {
    std::string_view face;
    const std::string name(WithoutFace(attribute.name(), &face));
    if (!Has(name.c_str()) || std::find(names.begin(), names.end(), name) != names.end()) continue;
    names.push_back(name);
  }
  return names;
}

std::string Element::Required(const char* attribute) const {
  const std::string text = Optional(attribute);
  if (text.empty()) Fail(fmt::format("<{}> needs the attribute {}", name(), attribute));
  return text;
}

std::string Element::Optional(const char* attribute, std::string_view otherwise) const {
  const pugi::xml_attribute found = Find(attribute);
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
    std::string_view face;
    const std::string_view plain = WithoutFace(attribute.name(), &face);
    const auto known = [&](std::string_view one) {
      return std::find(attributes.begin(), attributes.end(), one) != attributes.end();
    };
    // What stands here for the other face is read there.
    const auto ours = environment_->find(kFaceParameter);
    const bool elsewhere = !face.empty() && ours != environment_->end() && ours->second != face;
    if (elsewhere || known(attribute.name()) || known(plain)) continue;
    Fail(fmt::format("<{}> has no attribute {}, expected one of: {}{}", name(), plain,
                     fmt::join(attributes, ", "), DidYouMean(plain, attributes)));
  }
}

std::string DidYouMean(std::string_view word, const std::vector<std::string>& words) {
  const std::vector<std::string> near = NearestWords(word, words, 3);
  return near.empty() ? "" : fmt::format("; did you mean {}?", fmt::join(near, " or "));
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
