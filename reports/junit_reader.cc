#include "reports/junit_reader.h"

#include <algorithm>
#include <charconv>
#include <pugixml.hpp>
#include <stdexcept>
#include <string>

namespace reports {
namespace {

[[noreturn]] void Refuse(const std::string& why) { throw std::invalid_argument(why); }

// True if `text` begins with `prefix`, which is then cut off.
bool Cut(std::string_view* text, std::string_view prefix) {
  if (!text->starts_with(prefix)) return false;
  text->remove_prefix(prefix.size());
  return true;
}

int ParseCount(std::string_view text, const char* what) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) {
    Refuse(std::string(what) + " is \"" + std::string(text) + "\"; expected a whole number");
  }
  return value;
}

void ReadShard(std::string_view text, Shard* shard) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) Refuse("the property shard is not of the form 2/3");
  shard->index = ParseCount(text.substr(0, slash), "the shard's number");
  shard->count = ParseCount(text.substr(slash + 1), "the number of shards");
}

void ReadRunProperties(const pugi::xml_node& suite, Run* run) {
  for (const pugi::xml_node property : suite.child("properties").children("property")) {
    const std::string name = property.attribute("name").value();
    const std::string value = property.attribute("value").value();
    if (name == "shard") {
      ReadShard(value, &run->shard);
    } else if (name == "shard.selected") {
      run->shard.selected = ParseCount(value, "the property shard.selected");
    } else if (name == "seed") {
      run->seed = value;
    } else if (name == "command") {
      run->command = value;
    } else {
      run->properties.emplace_back(name, value);
    }
  }
}

// The marks that SystemOut in junit.cc puts before the output of a case.
void ReadSystemOut(std::string_view text, Case* one) {
  while (text.starts_with("[[")) {
    const std::size_t end = text.find("]]\n");
    if (end == std::string_view::npos) break;
    std::string_view mark = text.substr(2, end - 2);
    if (Cut(&mark, "ATTACHMENT|")) {
      one->attachments.emplace_back(mark);
    } else if (Cut(&mark, "PROPERTY|checks=")) {
      one->unlisted_checks = ParseCount(mark, "the property checks");
    } else if (Cut(&mark, "PROPERTY|warnings=")) {
      one->unlisted_warnings = ParseCount(mark, "the property warnings");
    } else if (Cut(&mark, "PROPERTY|")) {
      const std::size_t equals = std::min(mark.find('='), mark.size());
      one->properties.emplace_back(mark.substr(0, equals),
                                   mark.substr(std::min(equals + 1, mark.size())));
    } else {
      break;
    }
    text.remove_prefix(end + 3);
  }
  one->output = text;
}

// What Message() in finding_text.cc puts before the reason is taken off again.
void ReadOutcome(const pugi::xml_node& node, Case* one) {
  one->outcome = Outcome::kPass;
  one->problem = Problem::kNone;
  if (const pugi::xml_node skipped = node.child("skipped")) {
    std::string_view message = skipped.attribute("message").value();
    one->outcome = Cut(&message, "WAIVED ") ? Outcome::kWaived : Outcome::kSkip;
    one->reason = message;
    return;
  }
  const pugi::xml_node failure = node.child("failure");
  const pugi::xml_node trouble = failure ? failure : node.child("error");
  if (!trouble) return;
  std::string_view message = trouble.attribute("message").value();
  one->problem = ParseProblem(trouble.attribute("type").value());
  one->story = trouble.text().get();
  if (failure) {
    const bool unexpected =
        one->problem == Problem::kUnexpectedPass && Cut(&message, "unexpected pass: ");
    one->outcome = unexpected ? Outcome::kUnexpectedPass : Outcome::kFail;
  } else if (one->problem == Problem::kNotFinished) {
    one->outcome = Outcome::kNotFinished;
  } else if (one->problem == Problem::kNotModelled) {
    Cut(&message, "not modelled: ");
    one->outcome = Outcome::kNotModelled;
  } else {
    one->outcome = Outcome::kError;
  }
  one->reason = message;
}

Case ReadCase(const pugi::xml_node& node, const std::string& group) {
  const std::string name = node.attribute("name").value();
  const std::size_t blank = std::min(name.find(' '), name.size());
  if (blank == 0) Refuse("a testcase has no name; expected its id and its title");
  Case one;
  one.id = name.substr(0, blank);
  one.title = name.substr(std::min(blank + 1, name.size()));
  one.group = group;
  one.file = node.attribute("file").value();
  one.line = node.attribute("line").as_int();
  one.seconds = node.attribute("time").as_double();
  for (const pugi::xml_node property : node.child("properties").children("property")) {
    one.properties.emplace_back(property.attribute("name").value(),
                                property.attribute("value").value());
  }
  ReadOutcome(node, &one);
  ReadSystemOut(node.child("system-out").text().get(), &one);
  one.error_output = node.child("system-err").text().get();
  return one;
}

}  // namespace

Run ReadJUnit(std::string_view text) {
  pugi::xml_document document;
  const pugi::xml_parse_result parsed = document.load_buffer(text.data(), text.size());
  if (!parsed) {
    Refuse("no XML: " + std::string(parsed.description()) + " at byte " +
           std::to_string(parsed.offset));
  }
  const pugi::xml_node suites = document.child("testsuites");
  const pugi::xml_node parent = suites ? suites : static_cast<pugi::xml_node>(document);
  if (!parent.child("testsuite")) Refuse("no JUnit XML: expected testsuites or testsuite");
  Run run;
  run.name = suites ? suites.attribute("name").value() : "";
  run.finished = true;
  for (const pugi::xml_node suite : parent.children("testsuite")) {
    if (run.started.empty()) {
      run.started = suite.attribute("timestamp").value();
      run.hostname = suite.attribute("hostname").value();
      ReadRunProperties(suite, &run);
    }
    for (const pugi::xml_node node : suite.children("testcase")) {
      run.cases.push_back(ReadCase(node, suite.attribute("name").value()));
      run.finished &= run.cases.back().outcome != Outcome::kNotFinished;
    }
  }
  if (suites) {
    run.seconds = suites.attribute("time").as_double();
  } else {
    for (const Case& one : run.cases) run.seconds += one.seconds;
  }
  return run;
}

}  // namespace reports
