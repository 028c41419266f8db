// Rewriting a file of waivers. Entries are cut out and put in as text, so that comments and the
// form of everything else stay as a person wrote them.
#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>
#include <set>
#include <sstream>
#include <stdexcept>

#include "conformance/runner/waivers.h"

namespace conform {
namespace {

struct Span {
  size_t begin = 0;
  size_t end = 0;
};

// The text of an element whose name begins at `name`.
Span SpanOf(const std::string& text, size_t name) {
  Span span{.begin = name - 1, .end = name};
  char quote = 0;
  for (; span.end < text.size(); ++span.end) {
    const char c = text[span.end];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      break;
    }
  }
  const bool closed = text[span.end - 1] == '/';
  ++span.end;
  if (!closed) span.end = text.find('>', text.find("</waiver", span.end)) + 1;
  return span;
}

// With the rest of its lines, if nothing else stands there.
Span WithLine(const std::string& text, Span span) {
  const size_t before = text.find_last_not_of(" \t", span.begin - 1);
  const size_t after = text.find_first_not_of(" \t\r", span.end);
  const bool alone = before != std::string::npos && text[before] == '\n' &&
                     after != std::string::npos && text[after] == '\n';
  return alone ? Span{.begin = before + 1, .end = after + 1} : span;
}

std::string EntryText(const Waiver& waiver) {
  pugi::xml_document document;
  pugi::xml_node node = document.append_child("waiver");
  const auto add = [&](const char* name, const std::string& value, bool always) {
    if (always || !value.empty()) node.append_attribute(name).set_value(value.c_str());
  };
  add("pattern", waiver.pattern, true);
  add("face", waiver.face, false);
  add("check", waiver.check, true);
  add("actual", waiver.actual, true);
  add("reason", waiver.reason, true);
  add("link", waiver.link, true);
  add("expires", waiver.expires, true);
  add("owner", waiver.owner, false);
  std::ostringstream out;
  node.print(out, "", pugi::format_raw);
  return out.str();
}

// What takes the place of an entry: itself, nothing, or an entry for each case that needs it.
std::vector<std::string> Replacement(const WaiverBook& book, const WaiverBook::Use& use, bool whole,
                                     const std::string& itself) {
  if (book.Unneeded(use, whole)) return {};
  if (use.passed.empty() || use.needed.empty()) return {itself};
  std::vector<std::string> entries;
  for (const std::string& id : use.needed) {
    Waiver one = use.waiver;
    one.pattern = id;
    entries.push_back(EntryText(one));
  }
  return entries;
}

std::string NewEntries(const WaiverBook& book) {
  std::string text;
  std::set<std::string> there;
  for (const NewFailure& failure : book.new_failures()) {
    Waiver waiver;
    waiver.pattern = failure.case_id;
    waiver.check = failure.check;
    waiver.actual = failure.actual;
    const std::string entry = EntryText(waiver);
    if (there.insert(entry).second) text += "  " + entry + "\n";
  }
  return text;
}

}  // namespace

std::string FixWaivers(const SourceText& source, const WaiverBook& book, bool whole) {
  std::string text = source.text;
  pugi::xml_document document;
  if (!document.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8)) {
    throw std::invalid_argument(source.name + ": no XML any more");
  }
  std::vector<Span> spans;
  const pugi::xml_node root = document.document_element();
  for (const pugi::xml_node node : root.children("waiver")) {
    spans.push_back(SpanOf(text, static_cast<size_t>(node.offset_debug())));
  }
  // From the last to the first, so that the places of those before stay right.
  const std::vector<WaiverBook::Use>& uses = book.uses();
  for (size_t i = std::min(spans.size(), uses.size()); i-- > 0;) {
    const std::string itself = text.substr(spans[i].begin, spans[i].end - spans[i].begin);
    const std::vector<std::string> entries = Replacement(book, uses[i], whole, itself);
    if (entries.size() == 1 && entries[0] == itself) continue;
    const Span span = entries.empty() ? WithLine(text, spans[i]) : spans[i];
    text.replace(span.begin, span.end - span.begin, fmt::format("{}", fmt::join(entries, "\n  ")));
  }
  const std::string added = NewEntries(book);
  if (added.empty()) return text;
  const size_t end = text.rfind("</waivers");
  if (end != std::string::npos) {
    const size_t line = text.find_last_not_of(" \t", end - 1) + 1;
    return text.insert(line, (text[line - 1] == '\n' ? "" : "\n") + added);
  }
  const size_t slash = text.rfind("/>");  // <waivers/>
  return text.replace(slash, 2, ">\n" + added + "</waivers>");
}

}  // namespace conform
