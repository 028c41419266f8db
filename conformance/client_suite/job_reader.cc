#include "conformance/client_suite/job_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <regex>

#include "conformance/scenario/expression.h"

namespace conform {
namespace {

constexpr int64_t kDevicesMax = 64;
constexpr int64_t kCopiesMax = 16;
constexpr std::string_view kPointHelp =
    "Write#3 (or Read, Flush, Complete, any), or idle while it waits for the server";

// One of the words, which the attribute has by itself if it is not there.
std::string OneOf(const Element& job, const char* attribute,
                  const std::vector<std::string>& words) {
  std::string text = job.Optional(attribute, words.front());
  if (std::find(words.begin(), words.end(), text) != words.end()) return text;
  std::vector<std::string> shown;
  for (const std::string& word : words) {
    if (!word.empty()) shown.push_back(word);
  }
  job.Fail(fmt::format("{}=\"{}\", expected {}{}", attribute, text, fmt::join(shown, ", "),
                       DidYouMean(text, shown)));
}

int Count(const Element& job, const char* attribute, int64_t most) {
  if (!job.Has(attribute)) return 1;
  const int64_t count = job.Number(attribute);
  if (count < 1 || count > most) {
    job.Fail(fmt::format("{}=\"{}\", expected 1 to {}", attribute, count, most));
  }
  return static_cast<int>(count);
}

bool IsPoint(const std::string& text) {
  static const std::regex kPoint("(Read|Write|Flush|Complete|any)#[1-9][0-9]{0,6}|idle");
  return std::regex_match(text, kPoint);
}

std::string ReadPoint(const Element& job, const char* attribute) {
  std::string text = job.Optional(attribute);
  if (!text.empty() && !IsPoint(text)) {
    job.Fail(fmt::format("{}=\"{}\", expected a point: {}", attribute, text, kPointHelp));
  }
  return text;
}

std::string ReadTrouble(const Element& job) {
  static const std::regex kPlain(
      "|read-only|full:[0-9]{1,12}|failing:(write|sync|read)#[1-9][0-9]{0,6}(x[1-9][0-9]{0,6})?"
      "|short:(write|read)#[1-9][0-9]{0,6}(x[1-9][0-9]{0,6})?");
  std::string text = job.Optional("trouble");
  const bool vanishes = text.starts_with("vanish:") && IsPoint(text.substr(text.find(':') + 1));
  if (vanishes || std::regex_match(text, kPlain)) return text;
  job.Fail(
      fmt::format("trouble=\"{}\", expected read-only, full:BYTES, vanish:POINT such as "
                  "vanish:Write#3, failing:CALLS such as failing:write#3 (or sync, read; "
                  "write#3x1 fails once), or short:CALLS such as short:write#3",
                  text));
}

std::string ReadKillTarget(const Element& job) {
  static const std::regex kTarget("client|secondary|pause:([1-9][0-9]{0,5}|[1-9](\\.[1-9])?T)");
  std::string text = job.Optional("kill", "client");
  if (!std::regex_match(text, kTarget)) {
    job.Fail(fmt::format("kill=\"{}\", expected client, secondary, pause:MS or pause:1.5T", text));
  }
  if (job.Has("kill") && job.Optional("kill-at").empty()) {
    job.Fail("kill without kill-at, expected the point at which it happens");
  }
  return text;
}

// "GetCommand#3=VD_E_TIMEOUT; OpenDevice#1=0x8077000A". Whether the code is one of the method's is
// the rules' business: a vendor may want to see what an undocumented one does.
std::string ReadInjection(const Element& job, const Rules& rules) {
  static const std::regex kOne("\\s*([A-Za-z]+)#([1-9][0-9]{0,6})=(\\w+)\\s*");
  std::string text = job.Optional("inject");
  for (size_t from = 0; from < text.size();) {
    const size_t to = std::min(text.find(';', from), text.size());
    const std::string one = text.substr(from, to - from);
    from = to + 1;
    std::smatch found;
    if (!std::regex_match(one, found, kOne)) {
      job.Fail(
          fmt::format("inject=\"{}\", expected METHOD#NTH=CODE, several with semicolons", one));
    }
    if (rules.FindMethods(Side::kClient, found.str(1), Platform::kLinux).empty()) {
      job.Fail(fmt::format("inject names {}, expected a method of the client", found.str(1)));
    }
    if (!rules.CodeValue(found.str(3))) {
      job.Fail(fmt::format("inject names {}, expected a code such as VD_E_TIMEOUT or 0x80770003",
                           found.str(3)));
    }
  }
  return text;
}

std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&apos;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

// The plan as it stands in the file, with parameters put in: the engine reads it.
std::string ReadFaults(const Element& job, const SourceText& source) {
  constexpr std::string_view kEnd = "</faults>";
  std::string text;
  for (const pugi::xml_node node : job.node().children()) {
    if (node.type() != pugi::node_element) continue;
    const Element element(job.document(), node, job.environment());
    if (element.name() != "faults") {
      element.Fail(fmt::format("<{}>, expected <faults>", element.name()));
    }
    if (!text.empty()) element.Fail("a second <faults>, expected one");
    element.AllowOnly({});
    if (node.first_child().empty()) element.Fail("<faults> is empty, expected a fault in it");
    const auto begin = static_cast<size_t>(node.offset_debug()) - 1;
    const size_t end = source.text.find(kEnd, begin);
    text = source.text.substr(begin, end + kEnd.size() - begin);
    for (const std::string& name : References(text)) {
      if (job.environment().count(name) == 0) {
        element.Fail(fmt::format("${{{}}}, expected a column of a table", name));
      }
    }
    text = Replace(text, [&](std::string_view name) -> std::optional<std::string> {
      return Escaped(job.environment().find(name)->second);
    });
  }
  return text;
}

}  // namespace

ClientJob ReadJob(const Element& job, const SourceText& source, const Rules& rules) {
  job.AllowOnly({"operation", "statement", "devices", "statement-devices", "copies", "inject",
                 "guard", "trouble", "damage", "cancel-at", "kill-at", "kill", "options", "expect",
                 "after"});
  job.Required("operation");
  ClientJob one;
  one.line = job.place().line;
  one.operation = OneOf(job, "operation", {"backup", "restore"}) == "backup"
                      ? ClientJob::Operation::kBackup
                      : ClientJob::Operation::kRestore;
  one.statement = OneOf(job, "statement", {"", "backup", "restore", "none"});
  one.devices = Count(job, "devices", kDevicesMax);
  if (job.Has("statement-devices")) {
    one.statement_devices = Count(job, "statement-devices", kDevicesMax);
  }
  one.copies = Count(job, "copies", kCopiesMax);
  one.faults = ReadFaults(job, source);
  one.inject = ReadInjection(job, rules);
  one.guard = OneOf(job, "guard", {"detect", "fault", "off"});
  one.environment_trouble = ReadTrouble(job);
  one.damage = OneOf(job, "damage",
                     {"", "truncate-block", "truncate-inside", "flip", "empty", "swap", "duplicate",
                      "remove", "directory"});
  one.cancel_at = ReadPoint(job, "cancel-at");
  one.kill_at = ReadPoint(job, "kill-at");
  one.kill_target = ReadKillTarget(job);
  one.statement_options = job.Optional("options");
  one.after_success = OneOf(job, "after", {"", "success"}) == "success";
  const std::string expect = OneOf(job, "expect", {"agrees", "success", "failure", "any"});
  for (const ClientJob::Expect each : {ClientJob::Expect::kSuccess, ClientJob::Expect::kFailure,
                                       ClientJob::Expect::kAgrees, ClientJob::Expect::kAny}) {
    if (Name(each) == expect) one.expect = each;
  }
  return one;
}

}  // namespace conform
