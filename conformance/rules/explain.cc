#include "conformance/rules/explain.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <set>

#include "conformance/rules/nearest_words.h"
#include "conformance/rules/wrap_text.h"

namespace conform {
namespace {

bool SameWord(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return std::tolower(static_cast<unsigned char>(x)) ==
                  std::tolower(static_cast<unsigned char>(y));
         });
}

std::string JoinWords(const std::vector<std::string>& words, std::string_view between) {
  std::string out;
  for (const std::string& word : words) {
    if (!out.empty()) out += between;
    out += word;
  }
  return out;
}

// "documented, Linux only"
std::string Foundation(Provenance provenance, Platform platform) {
  std::string out(Name(provenance));
  if (!CanFail(provenance)) out += " (warns only)";
  if (platform == Platform::kLinux) out += ", Linux only";
  if (platform == Platform::kWindows) out += ", Windows only";
  return out;
}

// The columns of the texts under a heading: an id, then prose.
std::string Row(std::string_view head, std::string_view text) {
  std::string first = "    " + std::string(head);
  first += std::string(first.size() < 18 ? 18 - first.size() : 1, ' ');
  return WrapText(text, first, std::string(18, ' '));
}

// "Close, when ...: the simulator emits ...; the judge accepts ..."
std::string RulingText(const Ruling& ruling, bool with_methods = true) {
  std::string text = with_methods ? JoinWords(ruling.methods, ", ") + ", " : "";
  text += "when " + ruling.when + ":";
  if (!ruling.emit.empty()) text += " the simulator emits " + JoinWords(ruling.emit, ", ") + ";";
  if (!ruling.accept.empty()) text += " the judge accepts " + JoinWords(ruling.accept, ", ");
  if (ruling.as_warning) text += " with a warning";
  if (!ruling.asserted) text += "; not asserted";
  if (ruling.platform != Platform::kBoth) text += " (" + std::string(Name(ruling.platform)) + ")";
  return text;
}

std::string AnswerText(const Answer& answer) {
  std::string text = answer.code;
  if (answer.next) text += " -> " + std::string(Name(*answer.next));
  if (!answer.when.empty()) text += " when " + answer.when;
  return text;
}

class Explainer {
 public:
  explicit Explainer(const Rules& rules) : rules_(rules) {}

  std::string Text() && { return std::move(out_); }

  void Statement(const Clause& clause) {
    Heading(clause.id + "  " + clause.section + "  [" +
            Foundation(clause.provenance, clause.platform) + "]");
    const Reading* const reading = rules_.FindReading(clause.id);
    out_ += WrapText(reading == nullptr ? clause.text : reading->subject, "  ", "  ");
    for (const Note& note : clause.notes) {
      out_ += WrapText(std::string(Name(note.provenance)) + ": " + note.text, "  ", "  ");
    }
    if (reading != nullptr) Details(*reading);
    WhyNoCheck(clause);
    Unreachable(clause.id);
    if (const ReturnCode* const code = rules_.FindReturnCode(clause.id)) {
      for (const std::string& id : code->readings) Related(id);
    }
    SourceList(clause.sources);
    for (const std::string& id : clause.see) Related(id);
    for (const Clause& other : rules_.clauses()) {
      if (std::find(other.see.begin(), other.see.end(), clause.id) != other.see.end()) {
        Related(other.id);
      }
    }
    for (const Transition& row : rules_.transitions()) {
      for (const Cell& cell : row.cells) {
        const bool bears =
            std::find(cell.readings.begin(), cell.readings.end(), clause.id) != cell.readings.end();
        if (bears) Related(row.clause);
      }
    }
    FlushRelated(clause.id);
  }

  void MethodPage(const Method& method) {
    Heading(method.name + "  (" + std::string(Name(method.side)) + ": " +
            JoinWords(method.interfaces, ", ") + ")" +
            (method.note.empty() ? "" : "  " + method.note));
    for (const std::string& signature : method.signatures) {
      out_ += WrapText(signature, "  ", "      ");
    }
    out_ += "  Returns:\n";
    for (const ReturnCode& code : method.codes) {
      std::string text = code.code + ": " + code.condition + " [" +
                         Foundation(code.provenance, code.platform) + "; " +
                         JoinWords(code.sources, ", ") + "]";
      out_ += Row(code.clause, text);
    }
    States(method);
    Rulings(method);
    std::set<std::string> prefixes;
    for (const ReturnCode& code : method.codes) {
      std::string prefix = code.clause.substr(0, code.clause.rfind('-') + 1);
      // The three ways to create and the two ways to open in a secondary share their remarks.
      if (prefix == "C-CRL-" || prefix == "C-CRO-") prefixes.insert("C-CRE-");
      if (prefix == "C-OIL-") prefixes.insert("C-OIS-");
      prefixes.insert(std::move(prefix));
    }
    Remarks(prefixes);
  }

  void CodePage(const Code& code) {
    const Clause* const clause = rules_.FindClause(code.id);
    std::string aliases = code.aliases.empty() ? "" : " = " + JoinWords(code.aliases, " = ");
    Heading(code.id + "  " + code.name + aliases);
    if (clause != nullptr) {
      out_ += WrapText(clause->text, "  ", "  ");
      WhyNoCheck(*clause);
    }
    SourceList(code.sources);
    std::string rows;
    for (const Method& method : rules_.methods()) {
      for (const ReturnCode& row : method.codes) {
        if (row.code != code.name && !Has(code.aliases, row.code)) continue;
        const std::string who = method.side == Side::kAny ? "any method" : method.name;
        rows += Row(row.clause, who + ": " + row.condition + " [" +
                                    Foundation(row.provenance, row.platform) + "]");
      }
    }
    if (!rows.empty()) out_ += "  Returned by:\n" + rows;
    std::string rulings;
    for (const Reading& reading : rules_.readings()) {
      for (const Ruling& ruling : reading.rulings) {
        const bool named = Has(ruling.accept, code.name) || Has(ruling.emit, code.name);
        if (named) rulings += Row(reading.id, RulingText(ruling));
      }
    }
    if (!rulings.empty()) out_ += "  Readings:\n" + rulings;
    std::string mentions;
    for (const Clause& other : rules_.clauses()) {
      const bool known = rules_.FindReturnCode(other.id) != nullptr || other.id == code.id;
      if (!known && Mentions(other.text, code.name)) mentions += Row(other.id, other.text);
    }
    if (!mentions.empty()) out_ += "  Mentioned by:\n" + mentions;
  }

 private:
  static bool Has(const std::vector<std::string>& all, std::string_view one) {
    return std::find(all.begin(), all.end(), one) != all.end();
  }

  static bool Mentions(std::string_view text, std::string_view word) {
    const auto is_part = [](char c) {
      return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0;
    };
    for (std::size_t at = text.find(word); at != std::string_view::npos;
         at = text.find(word, at + 1)) {
      const std::size_t end = at + word.size();
      if ((at == 0 || !is_part(text[at - 1])) && (end == text.size() || !is_part(text[end]))) {
        return true;
      }
    }
    return false;
  }

  void Heading(const std::string& text) {
    if (!out_.empty()) out_ += '\n';
    out_ += WrapText(text, "", "  ");
  }

  void WhyNoCheck(const Clause& clause) {
    if (!clause.no_check) return;
    out_ += WrapText(
        "No check (" + std::string(Name(clause.no_check->kind)) + "): " + clause.no_check->reason,
        "  ", "      ");
  }

  // Of a row of a state table: the cells in which no call can be made.
  void Unreachable(std::string_view row_id) {
    for (const Transition& row : rules_.transitions()) {
      if (row.clause != row_id) continue;
      for (const Cell& cell : row.cells) {
        if (cell.unreachable.empty()) continue;
        out_ += WrapText(
            "Unreachable in " + std::string(Name(cell.state)) + ": " + cell.unreachable + '.', "  ",
            "      ");
      }
    }
  }

  void Details(const Reading& reading) {
    out_ += WrapText("Sources say: " + reading.sources_say, "  ", "      ");
    out_ += WrapText("Reading: " + reading.reading, "  ", "      ");
    if (!reading.treatment.empty()) {
      out_ += WrapText("Treatment: " + reading.treatment, "  ", "      ");
    }
    for (const Ruling& ruling : reading.rulings) {
      out_ +=
          WrapText(std::string(Name(ruling.side)) + " " + RulingText(ruling), "    ", "        ");
    }
  }

  void SourceList(const std::vector<std::string>& tags) {
    if (tags.empty()) return;
    out_ += "  Sources:\n";
    for (const std::string& tag : tags) {
      const std::optional<Source> source = rules_.FindSource(tag);
      if (source) {
        out_ += Row(tag, source->title + ", " + source->where);
      } else {
        out_ += WrapText(tag, "    ", "        ");
      }
    }
  }

  void Related(const std::string& id) {
    if (!Has(related_, id)) related_.push_back(id);
  }

  void FlushRelated(std::string_view self) {
    std::string rows;
    for (const std::string& id : related_) {
      const Clause* const clause = rules_.FindClause(id);
      if (id != self && clause != nullptr) rows += Row(id, clause->text);
    }
    if (!rows.empty()) out_ += "  Related:\n" + rows;
    related_.clear();
  }

  void States(const Method& method) {
    for (const Transition& row : rules_.transitions()) {
      if (row.side != method.side || !Has(row.methods, method.name)) continue;
      out_ += WrapText("By state (" + row.clause + ", " + JoinWords(row.sources, ", ") + "):", "  ",
                       "  ");
      for (const Cell& cell : row.cells) {
        std::string text;
        for (const Answer& answer : cell.answers) {
          if (!text.empty()) text += "; ";
          text += AnswerText(answer);
        }
        if (!cell.readings.empty()) text += " [" + JoinWords(cell.readings, ", ") + "]";
        if (!cell.unreachable.empty()) text += "; unreachable: " + cell.unreachable;
        out_ += WrapText(text, "    " + Padded(Name(cell.state), 21), std::string(25, ' '));
      }
    }
  }

  static std::string Padded(std::string_view text, std::size_t width) {
    std::string out(text);
    out.resize(std::max(width, out.size()), ' ');
    return out;
  }

  void Rulings(const Method& method) {
    const std::vector<Rules::RulingOf> rulings = rules_.RulingsOf(method.side, method.name);
    if (rulings.empty()) return;
    out_ += "  Readings:\n";
    for (const auto& [reading, ruling] : rulings)
      out_ += Row(reading->id, RulingText(*ruling, false));
  }

  void Remarks(const std::set<std::string>& prefixes) {
    std::string rows;
    for (const Clause& clause : rules_.clauses()) {
      const std::string prefix = clause.id.substr(0, clause.id.rfind('-') + 1);
      if (prefixes.count(prefix) == 0 || rules_.FindReturnCode(clause.id) != nullptr) continue;
      rows +=
          Row(clause.id, clause.text + " [" + Foundation(clause.provenance, clause.platform) + "]");
    }
    if (!rows.empty()) out_ += "  Remarks:\n" + rows;
  }

  const Rules& rules_;
  std::string out_;
  std::vector<std::string> related_;
};

// The statement of a code is told on the code's own page.
bool IsCodeId(const Rules& rules, std::string_view id) {
  const auto has_id = [&](const Code& code) { return code.id == id; };
  return std::any_of(rules.status_codes().begin(), rules.status_codes().end(), has_id) ||
         std::any_of(rules.completion_codes().begin(), rules.completion_codes().end(), has_id);
}

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) {
    text.remove_prefix(1);
  }
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) {
    text.remove_suffix(1);
  }
  return text;
}

// "0x8077000C", "1100", or "-2139684862" as Linux programs print an int.
std::optional<std::uint32_t> ParseNumber(std::string_view text) {
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  if (hex) text.remove_prefix(2);
  std::int64_t value = 0;
  const auto [stop, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  if (value < INT32_MIN || value > static_cast<std::int64_t>(UINT32_MAX)) return std::nullopt;
  return static_cast<std::uint32_t>(value);
}

}  // namespace

std::string Explain(const Rules& rules, std::string_view query) {
  query = Trimmed(query);
  Explainer explainer(rules);
  if (query.empty()) return {};
  for (const auto* codes : {&rules.status_codes(), &rules.completion_codes()}) {
    for (const Code& code : *codes) {
      const bool is_alias =
          std::any_of(code.aliases.begin(), code.aliases.end(),
                      [&](const std::string& alias) { return SameWord(alias, query); });
      const std::optional<std::uint32_t> number = ParseNumber(query);
      if (SameWord(code.name, query) || SameWord(code.id, query) || is_alias ||
          (number && code.value == number)) {
        explainer.CodePage(code);
      }
    }
  }
  for (const Clause& clause : rules.clauses()) {
    if (SameWord(clause.id, query) && !IsCodeId(rules, clause.id)) explainer.Statement(clause);
  }
  for (const Method& method : rules.methods()) {
    if (method.side != Side::kAny && SameWord(method.name, query)) explainer.MethodPage(method);
  }
  return std::move(explainer).Text();
}

std::vector<std::string> Suggestions(const Rules& rules, std::string_view query) {
  std::vector<std::string> words;
  const auto add = [&](const std::string& word) {
    if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
  };
  for (const Method& method : rules.methods()) {
    if (method.side != Side::kAny) add(method.name);
  }
  for (const Code& code : rules.status_codes()) add(code.name);
  for (const Code& code : rules.completion_codes()) add(code.name);
  for (const Clause& clause : rules.clauses()) add(clause.id);
  return NearestWords(Trimmed(query), words, 5);
}

}  // namespace conform
