#include "conformance/rules/rules_loader.h"

#include <algorithm>
#include <cctype>
#include <functional>
#include <set>
#include <utility>

#include "conformance/rules/rules_values.h"
#include "conformance/rules/rules_xml.h"

namespace conform {
namespace {

std::string AnswerText(const Answer& answer) {
  std::string text = answer.code;
  if (answer.next) text += " -> " + std::string(Name(*answer.next));
  if (!answer.when.empty()) text += " (" + answer.when + ")";
  return text;
}

std::string JoinWords(const std::vector<std::string>& parts, std::string_view between) {
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty()) out += between;
    out += part;
  }
  return out;
}

}  // namespace

class RulesLoader {
 public:
  Rules Load(const std::vector<RulesFile>& files) {
    for (const RulesFile& file : files) {
      const std::string root(file.name.substr(0, file.name.rfind('.')));
      const RulesXml xml(file.name, file.text, root);
      const RulesElement top = xml.Root();
      top.AllowAttributes({});
      if (root == "sources") {
        LoadSources(top);
      } else if (root == "codes") {
        LoadCodes(top);
      } else if (root == "return_codes") {
        LoadMethods(top);
      } else if (root == "transitions") {
        LoadTransitions(top);
      } else if (root == "readings") {
        LoadReadings(top);
      } else if (root == "clauses") {
        LoadClauses(top);
      } else {
        throw RulesError(std::string(file.name) + ": no file of the rules has that name");
      }
    }
    // What is referred to may stand in a later file, or further down.
    for (const auto& check : checks_) check();
    for (Clause& clause : rules_.clauses_) FindMentions(clause);
    return std::move(rules_);
  }

 private:
  void AddClause(const RulesElement& element, Clause clause) {
    const auto [at, added] = rules_.clause_index_.emplace(clause.id, rules_.clauses_.size());
    if (!added) element.Complain("has the id " + at->first + ", which another statement has");
    NeedSources(element, clause.sources);
    rules_.clauses_.push_back(std::move(clause));
  }

  void NeedClauses(const RulesElement& element, const std::vector<std::string>& ids) {
    for (const std::string& id : ids) {
      Later(element, "names " + id + ", which no file states",
            [this, id] { return rules_.FindClause(id) != nullptr; });
    }
  }

  void NeedReadings(const RulesElement& element, const std::vector<std::string>& ids) {
    for (const std::string& id : ids) {
      Later(element, "names the reading " + id + ", which readings.xml does not have",
            [this, id] { return rules_.FindReading(id) != nullptr; });
    }
  }

  void NeedSources(const RulesElement& element, const std::vector<std::string>& tags) {
    for (const std::string& tag : tags) {
      // An address, and a rule of the documents, speak for themselves.
      if (tag.find("://") != std::string::npos || tag.find(' ') != std::string::npos) continue;
      Later(element, "names the source " + tag + ", which sources.xml does not have",
            [this, tag] { return rules_.FindSource(tag).has_value(); });
    }
  }

  // A code of codes.xml, or a plain number where that makes sense.
  void NeedCode(const RulesElement& element, const std::string& name, bool number_too) {
    Later(element, "names the code " + name + ", which codes.xml does not have",
          [this, name, number_too] {
            return rules_.FindStatusCode(name) != nullptr ||
                   (number_too && rules_.CodeValue(name).has_value());
          });
  }

  void NeedMethods(const RulesElement& element, Side side, const std::vector<std::string>& names) {
    if (names.empty()) element.Complain("needs the attribute 'methods'");
    for (const std::string& name : names) {
      Later(element, "names the method " + name + ", which return_codes.xml does not have",
            [this, side, name] { return !rules_.FindMethods(side, name).empty(); });
    }
  }

  void Later(const RulesElement& element, const std::string& complaint,
             const std::function<bool()>& holds) {
    const std::string place = element.Place();
    const std::string name = element.name();
    checks_.emplace_back([place, name, complaint, holds] {
      if (!holds()) throw RulesError(place + ": <" + name + "> " + complaint);
    });
  }

  void LoadSources(const RulesElement& top) {
    std::string book;
    for (const RulesElement& one : top.Children({"source", "page"})) {
      Source source{one.Required("tag"), one.Required("title"), ""};
      if (one.name() == "page") {
        one.AllowAttributes({"tag", "title"});
        const auto family = std::find_if(rules_.sources_.begin(), rules_.sources_.end(),
                                         [](const Source& other) { return other.tag == "HB"; });
        if (family == rules_.sources_.end()) one.Complain("stands before the source HB");
        source.where = family->where;
        const std::size_t at = source.where.find("xxxx");
        if (at != std::string::npos) source.where.replace(at, 4, source.tag.substr(3));
      } else {
        one.AllowAttributes({"tag", "title", "where"});
        source.where = one.Required("where");
      }
      if (std::any_of(rules_.sources_.begin(), rules_.sources_.end(),
                      [&](const Source& other) { return other.tag == source.tag; })) {
        one.Complain("has the tag " + source.tag + " a second time");
      }
      rules_.sources_.push_back(std::move(source));
    }
  }

  void LoadCodes(const RulesElement& top) {
    for (const RulesElement& one : top.Children({"status", "completion"})) {
      one.AllowAttributes({"id", "name", "aliases", "value", "meaning", "sources"});
      const bool is_status = one.name() == "status";
      Code code{one.Required("id"),  one.Required("name"),    one.Words("aliases"),
                one.Number("value"), one.Required("meaning"), one.Pieces("sources")};
      std::string number = "no published number";
      if (code.value) {
        char text[24];
        std::snprintf(text, sizeof(text), is_status ? "0x%08X" : "%u", *code.value);
        number = text;
      }
      Clause clause;
      clause.id = code.id;
      clause.section = is_status ? "VDI status codes" : "Win32 completion codes";
      clause.text = code.name + " = " + number + ": " + code.meaning + '.';
      clause.sources = code.sources;
      clause.no_check = FindNoCheck(one, {"no-check"});
      AddClause(one, std::move(clause));
      (is_status ? rules_.status_codes_ : rules_.completion_codes_).push_back(std::move(code));
    }
  }

  void LoadMethods(const RulesElement& top) {
    for (const RulesElement& one : top.Children({"method"})) {
      one.AllowAttributes({"side", "name", "note", "interfaces"});
      Method method{ParseSide(one),
                    one.Required("name"),
                    one.Optional("note"),
                    one.Words("interfaces"),
                    {},
                    {}};
      for (const RulesElement& child : one.Children({"signature", "code"})) {
        if (child.name() == "signature") {
          child.AllowAttributes({});
          method.signatures.push_back(child.Text());
        } else {
          method.codes.push_back(LoadReturnCode(child, method));
        }
      }
      if (method.codes.empty()) one.Complain("has no <code>");
      rules_.methods_.push_back(std::move(method));
    }
  }

  ReturnCode LoadReturnCode(const RulesElement& one, const Method& method) {
    one.AllowAttributes(
        {"clause", "name", "value", "provenance", "platform", "sources", "readings"});
    ReturnCode code{
        one.Required("clause"), one.Required("name"),  one.Number("value"),  one.Text(),
        one.Pieces("sources"),  one.Words("readings"), ParseProvenance(one), ParsePlatform(one)};
    if (code.condition.empty()) one.Complain("does not say when");
    NeedReadings(one, code.readings);
    CheckNumber(one, code);
    if (method.side == Side::kAny) {
      // Codes of no method are stated where the code is.
      NeedClauses(one, {code.clause});
      const auto stated = rules_.clause_index_.find(code.clause);
      if (stated != rules_.clause_index_.end()) {
        rules_.clauses_[stated->second].no_check = FindNoCheck(one, {"no-check"});
      }
      return code;
    }
    Clause clause;
    clause.id = code.clause;
    clause.section = "Return codes: " + method.name;
    clause.text = method.name + " returns " + code.code + ": " + code.condition;
    clause.sources = code.sources;
    clause.provenance = code.provenance;
    clause.platform = code.platform;
    clause.no_check = FindNoCheck(one, {"no-check"});
    AddClause(one, std::move(clause));
    return code;
  }

  // TRUE and FALSE are no status codes, and a wrapped Win32 error is a whole range.
  void CheckNumber(const RulesElement& one, const ReturnCode& code) {
    if (code.code == "TRUE" || code.code == "FALSE" || code.code == "HRESULT_FROM_WIN32(x)") return;
    NeedCode(one, code.code, false);
    Later(one, "has another number for " + code.code + " than codes.xml",
          [this, name = code.code, value = code.value] {
            return rules_.FindStatusCode(name)->value == value;
          });
  }

  void LoadTransitions(const RulesElement& top) {
    for (const RulesElement& one : top.Children({"transition"})) {
      one.AllowAttributes({"clause", "side", "methods", "sources"});
      Transition row;
      row.clause = one.Required("clause");
      row.side = ParseSide(one);
      row.methods = one.Words("methods");
      row.sources = one.Pieces("sources");
      NeedMethods(one, row.side, row.methods);
      for (const RulesElement& cell : one.Children({"cell"})) row.cells.push_back(LoadCell(cell));
      for (const State state : kStates) {
        const auto count = std::count_if(row.cells.begin(), row.cells.end(),
                                         [&](const Cell& cell) { return cell.state == state; });
        const bool has_it = row.side == Side::kServer || state != State::kConnected;
        if (count != (has_it ? 1 : 0)) {
          one.Complain("has " + std::to_string(count) + " cells for the state " +
                       std::string(Name(state)));
        }
      }
      Clause clause;
      clause.id = row.clause;
      clause.section = row.side == Side::kClient ? "Client call legality" : "Server call legality";
      clause.text = JoinWords(row.methods, ", ") + " by state.";
      for (const Cell& cell : row.cells) {
        clause.text += ' ' + std::string(Name(cell.state)) + ": ";
        std::vector<std::string> answers;
        for (const Answer& answer : cell.answers) answers.push_back(AnswerText(answer));
        clause.text += JoinWords(answers, ", ");
        if (!cell.readings.empty()) clause.text += " [" + JoinWords(cell.readings, ", ") + "]";
        clause.text += cell.state == State::kAbort ? "." : ";";
      }
      clause.sources = row.sources;
      clause.provenance = Provenance::kTableOnly;
      AddClause(one, std::move(clause));
      rules_.transitions_.push_back(std::move(row));
    }
  }

  Cell LoadCell(const RulesElement& one) {
    one.AllowAttributes({"state", "readings", "unreachable"});
    one.Required("state");
    Cell cell{*ParseState(one, "state"), {}, one.Words("readings"), one.Optional("unreachable")};
    NeedReadings(one, cell.readings);
    for (const RulesElement& child : one.Children({"answer"})) {
      child.AllowAttributes({"code", "next", "when", "from"});
      Answer answer{child.Required("code"), ParseState(child, "next"), child.Optional("when"),
                    child.Words("from")};
      NeedCode(child, answer.code, false);
      NeedClauses(child, answer.from);
      cell.answers.push_back(std::move(answer));
    }
    if (cell.answers.empty()) one.Complain("has no <answer>");
    return cell;
  }

  void LoadReadings(const RulesElement& top) {
    for (const RulesElement& one : top.Children({"reading"})) {
      one.AllowAttributes({"id", "provenance"});
      Reading reading;
      reading.id = one.Required("id");
      reading.provenance = ParseProvenance(one);
      reading.subject = ChildText(one, "subject");
      reading.sources_say = ChildText(one, "sources_say");
      reading.reading = ChildText(one, "reading");
      reading.treatment = ChildText(one, "treatment");
      if (reading.subject.empty() || reading.sources_say.empty() || reading.reading.empty()) {
        one.Complain("needs <subject>, <sources_say> and <reading>");
      }
      for (const RulesElement& child :
           one.Children({"subject", "sources_say", "reading", "treatment", "ruling", "no-check"})) {
        if (child.name() == "ruling") reading.rulings.push_back(LoadRuling(child));
      }
      Clause clause;
      clause.id = reading.id;
      clause.section = "Gaps and contradictions";
      clause.text = reading.subject + ": " + reading.reading + '.';
      clause.provenance = reading.provenance;
      clause.no_check = FindNoCheck(
          one, {"subject", "sources_say", "reading", "treatment", "ruling", "no-check"});
      AddClause(one, std::move(clause));
      rules_.readings_.push_back(std::move(reading));
    }
  }

  Ruling LoadRuling(const RulesElement& one) {
    one.AllowAttributes(
        {"side", "methods", "when", "platform", "emit", "accept", "asserted", "warning"});
    Ruling ruling;
    ruling.side = ParseSide(one);
    ruling.methods = one.Words("methods");
    ruling.when = one.Required("when");
    ruling.platform = ParsePlatform(one);
    ruling.emit = one.Words("emit");
    ruling.accept = one.Words("accept");
    ruling.asserted = one.Flag("asserted", true);
    ruling.as_warning = one.Flag("warning", false);
    NeedMethods(one, ruling.side, ruling.methods);
    for (const std::string& code : ruling.emit) NeedCode(one, code, true);
    for (const std::string& code : ruling.accept) NeedCode(one, code, true);
    if (ruling.accept.empty() && ruling.asserted) one.Complain("is asserted and accepts nothing");
    return ruling;
  }

  void LoadClauses(const RulesElement& top) {
    for (const RulesElement& section : top.Children({"section"})) {
      section.AllowAttributes({"title"});
      for (const RulesElement& one : section.Children({"clause"})) {
        one.AllowAttributes({"id", "provenance", "platform", "sources"});
        Clause clause;
        clause.id = one.Required("id");
        clause.section = section.Required("title");
        clause.text = one.Text();
        if (clause.text.empty()) one.Complain("has no text");
        clause.sources = one.Pieces("sources");
        clause.provenance = ParseProvenance(one);
        clause.platform = ParsePlatform(one);
        clause.no_check = FindNoCheck(one, {"note", "no-check"});
        for (const RulesElement& note : one.Children({"note", "no-check"})) {
          if (note.name() != "note") continue;
          note.AllowAttributes({"provenance"});
          clause.notes.push_back({ParseProvenance(note), note.Text()});
        }
        AddClause(one, std::move(clause));
      }
    }
  }

  // Other statements that the text names: their ids are words of it.
  void FindMentions(Clause& clause) const {
    std::string word;
    std::string text = clause.text;
    for (const Note& note : clause.notes) text += ' ' + note.text;
    text += ' ';
    for (const char c : text) {
      if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-') {
        word += c;
        continue;
      }
      if (word != clause.id && rules_.FindClause(word) != nullptr &&
          std::find(clause.see.begin(), clause.see.end(), word) == clause.see.end()) {
        clause.see.push_back(word);
      }
      word.clear();
    }
  }

  Rules rules_;
  std::vector<std::function<void()>> checks_;
};

Rules LoadRules(const std::vector<RulesFile>& files) { return RulesLoader().Load(files); }

}  // namespace conform
