#include "reports/junit.h"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <pugixml.hpp>
#include <set>
#include <sstream>
#include <stdexcept>

#include "reports/finding_text.h"
#include "reports/text.h"

namespace reports {
namespace {

// Every text enters the document here, so none enters uncleaned.
void SetAttribute(pugi::xml_node node, const char* name, std::string_view value,
                  std::size_t bytes_max = kLineBytesMax) {
  node.append_attribute(name).set_value(OneLine(value, bytes_max).c_str());
}

void SetAttribute(pugi::xml_node node, const char* name, int value) {
  node.append_attribute(name).set_value(value);
}

void SetText(pugi::xml_node node, std::string_view text) {
  node.text().set(CleanText(text).c_str());
}

bool IsTimestamp(std::string_view text) {
  constexpr std::string_view kForm = "0000-00-00T00:00:00";
  if (text.size() != kForm.size()) return false;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    const bool fits = kForm[i] == '0' ? std::isdigit(static_cast<unsigned char>(text[i])) != 0
                                      : text[i] == kForm[i];
    if (!fits) return false;
  }
  const auto part = [&](std::size_t at, std::size_t digits) {
    return std::stoi(std::string(text.substr(at, digits)));
  };
  const std::chrono::year_month_day day(std::chrono::year(part(0, 4)),
                                        std::chrono::month(static_cast<unsigned>(part(5, 2))),
                                        std::chrono::day(static_cast<unsigned>(part(8, 2))));
  return part(0, 4) > 0 && day.ok() && part(11, 2) < 24 && part(14, 2) < 60 && part(17, 2) < 60;
}

// An empty name makes some readers fail.
std::string GroupName(std::string_view name) {
  const std::string line = OneLine(name);
  return line.empty() ? "ungrouped" : line;
}

std::string Package(const std::string& group) {
  const std::size_t dot = group.rfind('.');
  return dot == std::string::npos || dot == 0 ? group : group.substr(0, dot);
}

void AppendProperty(pugi::xml_node properties, std::string_view name, std::string_view value) {
  pugi::xml_node node = properties.append_child("property");
  SetAttribute(node, "name", name);
  SetAttribute(node, "value", value, kValueBytesMax);
}

void AppendRunProperties(pugi::xml_node suite, const Run& run) {
  pugi::xml_node properties = suite.append_child("properties");
  for (const auto& [name, value] : run.properties) AppendProperty(properties, name, value);
  if (run.shard.count > 1) {
    AppendProperty(properties, "shard",
                   std::to_string(run.shard.index) + '/' + std::to_string(run.shard.count));
    AppendProperty(properties, "shard.selected", std::to_string(run.shard.selected));
  }
  AppendProperty(properties, "seed", run.seed);
  AppendProperty(properties, "command", run.command);
}

// The one child that says why a case is not green. Never two: readers would keep only one.
void AppendOutcome(pugi::xml_node node, const Case& one) {
  const char* element = nullptr;
  switch (one.outcome) {
    case Outcome::kPass:
      return;
    case Outcome::kSkip:
    case Outcome::kWaived: {
      const std::string message = Message(one);
      pugi::xml_node skipped = node.append_child("skipped");
      SetAttribute(skipped, "message", message);
      SetText(skipped, message);
      return;
    }
    case Outcome::kFail:
    case Outcome::kUnexpectedPass:
      element = "failure";
      break;
    case Outcome::kError:
    case Outcome::kNotModelled:
    case Outcome::kNotFinished:
      element = "error";
      break;
  }
  pugi::xml_node problem = node.append_child(element);
  SetAttribute(problem, "message", Message(one));
  SetAttribute(problem, "type", Name(one.problem));
  SetText(problem, Shorten(Explanation(one)));
}

// "]]" would end the mark early.
std::string InMark(std::string_view text) {
  std::string line = OneLine(text, kValueBytesMax);
  for (std::size_t at = line.find("]]"); at != std::string::npos; at = line.find("]]", at)) {
    line.insert(at + 1, " ");
  }
  return line;
}

// What strict files have no attribute for travels as marks that several readers know.
std::string SystemOut(const Case& one, JUnitFlavour flavour) {
  std::string text;
  if (flavour != JUnitFlavour::kRich) {
    for (const auto& [name, value] : one.properties) {
      text += "[[PROPERTY|" + InMark(name) + "=" + InMark(value) + "]]\n";
    }
  }
  // Numbers that no element has a place for, so that merged files still tell them.
  if (one.checks_made() > 0) {
    text += "[[PROPERTY|checks=" + std::to_string(one.checks_made()) + "]]\n";
  }
  if (one.warnings() > 0) {
    text += "[[PROPERTY|warnings=" + std::to_string(one.warnings()) + "]]\n";
  }
  for (const std::string& path : one.attachments) text += "[[ATTACHMENT|" + InMark(path) + "]]\n";
  for (const Finding& finding : one.findings) {
    if (finding.warning) text += FindingText(finding);
  }
  return text + Shorten(one.output);
}

void AppendCase(pugi::xml_node suite, const Case& one, const std::string& group,
                JUnitFlavour flavour) {
  pugi::xml_node node = suite.append_child("testcase");
  SetAttribute(node, "name", one.id + ' ' + one.title);
  SetAttribute(node, "classname", group);
  SetAttribute(node, "time", FormatSeconds(one.seconds));
  if (flavour == JUnitFlavour::kRich) {
    if (!one.file.empty()) SetAttribute(node, "file", one.file);
    if (one.line > 0) SetAttribute(node, "line", one.line);
    if (!one.properties.empty()) {
      pugi::xml_node properties = node.append_child("properties");
      for (const auto& [name, value] : one.properties) AppendProperty(properties, name, value);
    }
  }
  AppendOutcome(node, one);
  if (const std::string text = SystemOut(one, flavour); !text.empty()) {
    SetText(node.append_child("system-out"), text);
  }
  if (!one.error_output.empty()) {
    SetText(node.append_child("system-err"), Shorten(one.error_output));
  }
}

void SetCounters(pugi::xml_node node, const Counts& counts) {
  SetAttribute(node, "tests", counts.cases());
  SetAttribute(node, "failures", counts.junit_failures());
  SetAttribute(node, "errors", counts.junit_errors());
}

void AppendSuite(pugi::xml_node parent, const Run& run, const Group& group, int id,
                 JUnitFlavour flavour) {
  const bool surefire = flavour == JUnitFlavour::kSurefire;
  const std::string name = GroupName(group.name);
  pugi::xml_node suite = parent.append_child("testsuite");
  SetAttribute(suite, "name", name);
  if (!surefire) {
    SetAttribute(suite, "package", Package(name));
    SetAttribute(suite, "id", id);
  }
  SetCounters(suite, group.counts);
  SetAttribute(suite, "skipped", group.counts.junit_skipped());
  SetAttribute(suite, "time", FormatSeconds(group.seconds));
  if (IsTimestamp(run.started)) SetAttribute(suite, "timestamp", run.started);
  if (!surefire && !run.hostname.empty()) SetAttribute(suite, "hostname", run.hostname);
  AppendRunProperties(suite, run);
  for (const Case* one : group.cases) AppendCase(suite, *one, name, flavour);
}

std::string ToText(pugi::xml_document& document) {
  pugi::xml_node declaration = document.prepend_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  std::ostringstream out;
  document.save(out, "  ", pugi::format_indent, pugi::encoding_utf8);
  return out.str();
}

}  // namespace

JUnitFlavour ParseJUnitFlavour(std::string_view name) {
  if (name == "strict") return JUnitFlavour::kStrict;
  if (name == "surefire") return JUnitFlavour::kSurefire;
  if (name == "rich") return JUnitFlavour::kRich;
  throw std::invalid_argument("unknown JUnit flavour '" + std::string(name) +
                              "'; expected strict, surefire or rich");
}

std::string JUnitXml(const Run& run, JUnitFlavour flavour) {
  if (flavour == JUnitFlavour::kSurefire) {
    throw std::invalid_argument("surefire reports are one file for each group");
  }
  const std::vector<Group> groups = GroupCases(run);
  double seconds = run.seconds;
  if (seconds == 0) {
    for (const Group& group : groups) seconds += group.seconds;
  }
  pugi::xml_document document;
  pugi::xml_node suites = document.append_child("testsuites");
  SetAttribute(suites, "name", run.name);
  SetCounters(suites, CountCases(run));
  SetAttribute(suites, "time", FormatSeconds(seconds));
  int id = 0;
  for (const Group& group : groups) AppendSuite(suites, run, group, id++, flavour);
  // The properties stand in suites; without any, nobody could tell which run had no case.
  if (groups.empty()) {
    Group none;
    none.name = run.name;
    AppendSuite(suites, run, none, id, flavour);
  }
  return ToText(document);
}

std::vector<NamedText> SurefireXml(const Run& run) {
  std::vector<NamedText> files;
  std::set<std::string> names;
  for (const Group& group : GroupCases(run)) {
    pugi::xml_document document;
    AppendSuite(document.root(), run, group, 0, JUnitFlavour::kSurefire);
    std::string stem = "TEST-" + GroupName(group.name);
    std::replace_if(
        stem.begin(), stem.end(),
        [](char c) {
          return std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '.' && c != '-' &&
                 c != '_';
        },
        '_');
    stem.resize(std::min<std::size_t>(stem.size(), 200));
    std::string name = stem;
    for (int copy = 2; !names.insert(name).second; ++copy) name = stem + '-' + std::to_string(copy);
    files.push_back({name + ".xml", ToText(document)});
  }
  return files;
}

}  // namespace reports
