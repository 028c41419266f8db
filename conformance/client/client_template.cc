#include "conformance/client/client_template.h"

#include <fmt/format.h>

#include <functional>
#include <stdexcept>

#include "conformance/drivers/command_words.h"

namespace conform {
namespace {

// Calls one of the two for each part of the text, in order.
void Walk(std::string_view text, const std::function<void(char)>& plain,
          const std::function<void(std::string_view)>& placeholder) {
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const bool doubled = at + 1 < text.size() && text[at + 1] == c;
    if ((c == '{' || c == '}') && doubled) {
      plain(c);
      ++at;
    } else if (c == '{') {
      const size_t end = text.find('}', at);
      if (end == std::string_view::npos) {
        throw std::invalid_argument(
            fmt::format("{}: a {{ is never closed; for a brace itself write {{{{", text));
      }
      placeholder(text.substr(at + 1, end - at - 1));
      at = end;
    } else if (c == '}') {
      throw std::invalid_argument(
          fmt::format("{}: a }} has no {{ before it; for a brace itself write }}}}", text));
    } else {
      plain(c);
    }
  }
}

}  // namespace

const std::vector<std::string>& CommandPlaceholders() {
  static const std::vector<std::string> kNames = {"operation", "database", "set",
                                                  "devices",   "artefact", "artefact_dir",
                                                  "instance",  "user",     "password"};
  return kNames;
}

std::string PutInto(std::string_view text, const TemplateValues& values) {
  std::string result;
  Walk(
      text, [&](char c) { result += c; },
      [&](std::string_view name) {
        const auto found = values.find(name);
        if (found == values.end()) {
          std::string known;
          for (const auto& [one, value] : values) known += " {" + one + "}";
          throw std::invalid_argument(
              fmt::format("{}: unknown placeholder {{{}}}, expected one of:{}", text, name, known));
        }
        result += found->second;
      });
  return result;
}

std::vector<std::string> PlaceholdersIn(std::string_view text) {
  std::vector<std::string> names;
  Walk(
      text, [](char) {}, [&](std::string_view name) { names.emplace_back(name); });
  return names;
}

std::vector<std::string> ExpandCommand(std::string_view command, const TemplateValues& values) {
  std::vector<std::string> words = CommandWords(command);
  for (std::string& word : words) word = PutInto(word, values);
  return words;
}

std::string TakeFrom(std::string_view line, std::string_view pattern, std::string_view name) {
  const std::string placeholder = fmt::format("{{{}}}", name);
  const size_t at = pattern.find(placeholder);
  if (at == std::string_view::npos) return {};
  const std::string_view before = pattern.substr(0, at);
  const std::string_view behind = pattern.substr(at + placeholder.size());
  const size_t begin = line.find(before);
  if (begin == std::string_view::npos) return {};
  const std::string_view rest = line.substr(begin + before.size());
  const size_t end = behind.empty() ? rest.size() : rest.find(behind);
  if (end == std::string_view::npos) return {};
  return std::string(rest.substr(0, end));
}

}  // namespace conform
