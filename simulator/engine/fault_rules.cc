#include "simulator/engine/fault_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "simulator/engine/fault_element.h"
#include "simulator/engine/fault_message.h"
#include "simulator/include/vdi.h"

namespace vdisim {
namespace {

using std::chrono::milliseconds;
using Words = FaultElement::Words;

constexpr uint64_t kStallMsMost = 3'600'000;
constexpr uint64_t kDelayMsMost = 600'000;
constexpr uint64_t kNumberMost = 1'000'000'000;
constexpr uint32_t kDevicesMost = 64;
constexpr uint32_t kDepthMost = 16;
constexpr uint32_t kSizeMost = uint32_t{4} << 20;
constexpr uint32_t kSizeUnit = 512;
constexpr uint64_t kChatterMost = uint64_t{64} << 20;

// Kinds of commands that a point can name; their codes are those of vdi.h.
struct CommandWord {
  const char* word;
  int32_t code;
};
constexpr std::array kCommandWords = {CommandWord{"Read", VDC_Read},
                                      CommandWord{"Write", VDC_Write},
                                      CommandWord{"ClearError", VDC_ClearError},
                                      CommandWord{"Discard", VDC_Discard},
                                      CommandWord{"Flush", VDC_Flush},
                                      CommandWord{"Snapshot", VDC_Snapshot},
                                      CommandWord{"MountSnapshot", VDC_MountSnapshot},
                                      CommandWord{"PrepareToFreeze", VDC_PrepareToFreeze},
                                      CommandWord{"Complete", VDC_Complete},
                                      CommandWord{"any", 0}};

// Commands that mean something to a backup at their own place only.
constexpr std::array<int32_t, 9> kMeaningfulCodes = {
    VDC_Read,     VDC_Write,         VDC_ClearError,      VDC_Discard, VDC_Flush,
    VDC_Snapshot, VDC_MountSnapshot, VDC_PrepareToFreeze, VDC_Complete};

FaultPoint ReadPoint(const FaultElement& element, bool with_when) {
  FaultPoint point;
  Words words;
  for (const CommandWord& command : kCommandWords) words.emplace_back(command.word);
  point.code = kCommandWords[element.Word("at", words, "any")].code;
  point.nth = element.Number("nth", 1, kNumberMost, 1);
  point.device = static_cast<uint32_t>(element.Number("device", 1, kDevicesMost, 1));
  point.after = with_when && element.Word("when", {"before", "after"}, "before") == 1;
  return point;
}

const Words kPointAttributes = {"at", "nth", "device", "when"};

// Each of these reads one element into the faults of one kind of statement. The element's
// attributes are known to be its own, and its line stands in `line`.
using Reader = void (*)(const FaultElement& element, int line, StatementFaults* faults);

// Keeps a fault that a statement can have once only.
template <typename Value>
void Keep(const FaultElement& element, std::optional<Planned<Value>>* place, Value value,
          int line) {
  if (*place) {
    element.Fail(fmt::format("a second <{}> for the same statements, the first is in line {}",
                             element.name(), (*place)->line));
  }
  *place = Planned<Value>{std::move(value), line};
}

void ReadAction(const FaultElement& element, int line, PointAction action,
                StatementFaults* faults) {
  PointFault fault;
  fault.action = action;
  fault.point = ReadPoint(element, true);
  fault.line = line;
  faults->points.push_back(fault);
}

void ReadStall(const FaultElement& element, int line, StatementFaults* faults) {
  ReadAction(element, line, PointAction::kStall, faults);
  if (element.Text("ms") == "forever") return;
  if (!element.Has("ms")) {
    element.Fail("<stall> needs the attribute 'ms', milliseconds or \"forever\"");
  }
  faults->points.back().stall = milliseconds(element.Number("ms", 0, kStallMsMost));
}

void ReadFlush(const FaultElement& element, int line, StatementFaults* faults) {
  PointFault fault;
  fault.action = PointAction::kFlush;
  fault.point = ReadPoint(element, false);
  fault.point.after = true;
  fault.line = line;
  element.NeedIllegal(fault.point.code == VDC_Complete,
                      "a server sends nothing behind VDC_Complete");
  faults->points.push_back(fault);
}

void ReadCommand(const FaultElement& element, int line, StatementFaults* faults) {
  ReadAction(element, line, PointAction::kCommand, faults);
  PointFault& fault = faults->points.back();
  fault.code = static_cast<int32_t>(element.Number("code", 0, kNumberMost));
  if (element.Has("expect")) {
    fault.expect = static_cast<uint32_t>(element.Number("expect", 0, kNumberMost));
  }
  element.NeedIllegal(std::find(kMeaningfulCodes.begin(), kMeaningfulCodes.end(), fault.code) !=
                          kMeaningfulCodes.end(),
                      fmt::format("a server sends command {} at its own place only", fault.code));
  element.NeedIllegal(fault.point.code == VDC_Complete && fault.point.after,
                      "a server sends nothing behind VDC_Complete");
}

void ReadFail(const FaultElement& element, int line, StatementFaults* faults) {
  constexpr std::array kMoments = {FailMoment::kBeforeOpen, FailMoment::kAfterOpen,
                                   FailMoment::kAfterLastWrite, FailMoment::kAfterTransfer};
  Words words;
  for (const FailMoment moment : kMoments) words.emplace_back(Name(moment));
  FailFault fault;
  fault.moment = kMoments[element.Word("when", words)];
  fault.message = static_cast<int>(element.Number("message", 1, kNumberMost, 3013));
  fault.text = element.Text("text");
  const MessageTemplate* row = FindMessage(fault.message);
  if (row != nullptr && row->severity <= 10) {
    element.Fail(
        fmt::format("message {} is no error; expected one of a severity above 10", fault.message));
  }
  if (fault.text.empty() && !HasFaultMessage(fault.message)) {
    element.Fail(fmt::format("message {} {}; expected its whole text in the attribute 'text'",
                             fault.message,
                             row == nullptr ? "is not known here" : "says what cannot be guessed"));
  }
  Keep(element, &faults->fail, std::move(fault), line);
}

void ReadComplete(const FaultElement& element, int line, StatementFaults* faults) {
  CompleteFault fault;
  fault.grant = element.Yes("grant", true);
  fault.send = element.Yes("send", fault.grant);
  element.NeedIllegal(!fault.grant && fault.send,
                      "a server that has not granted VDC_Complete does not send it");
  Keep(element, &faults->complete, fault, line);
}

void ReadClearError(const FaultElement& element, int line, StatementFaults* faults) {
  constexpr std::array kThen = {AfterError::kSendAgain, AfterError::kSignalAbort,
                                AfterError::kCloseDevices};
  Words words;
  for (const AfterError then : kThen) words.emplace_back(Name(then));
  Keep(element, &faults->clear_error, kThen[element.Word("then", words)], line);
}

void ReadFirst(const FaultElement& element, int line, StatementFaults* faults) {
  FirstFault fault;
  fault.device = static_cast<uint32_t>(element.Number("device", 1, kDevicesMost));
  fault.commands = element.Number("commands", 1, kNumberMost);
  Keep(element, &faults->first, fault, line);
}

SizesFault ReadSizeList(const FaultElement& element, const char* attribute) {
  SizesFault fault;
  fault.illegal = element.illegal();
  fault.random = element.Text(attribute) == "random";
  if (fault.random) return fault;
  fault.bytes = element.Numbers(attribute, 1, kSizeMost);
  for (const uint32_t size : fault.bytes) {
    element.NeedIllegal(size % kSizeUnit != 0,
                        fmt::format("{}=\"{}\": every transfer is a multiple of the block size, so "
                                    "of {} bytes",
                                    attribute, size, kSizeUnit));
  }
  return fault;
}

// Writes are a BACKUP's and reads a RESTORE's, whatever statements the element is for.
void ReadSizes(const FaultElement& element, int line, StatementFaults* faults) {
  if (!element.Has("write") && !element.Has("read")) {
    element.Fail("<sizes> needs the attribute 'write' or 'read', sizes in bytes or \"random\"");
  }
  if (element.Has("write")) {
    Keep(element, &faults->write_sizes, ReadSizeList(element, "write"), line);
  }
  if (element.Has("read")) {
    Keep(element, &faults->read_sizes, ReadSizeList(element, "read"), line);
  }
}

struct ElementRule {
  const char* name;
  Words attributes;  // beside statement and illegal
  const char* only;  // "backup" or "restore": statements that it can act on; "": both
  Reader read;
};

Words PointAnd(const Words& more) {
  Words attributes = kPointAttributes;
  attributes.insert(attributes.end(), more.begin(), more.end());
  return attributes;
}

const std::vector<ElementRule>& ElementRules() {
  static const std::vector<ElementRule> kRules = {
      {"stall", PointAnd({"ms"}), "", &ReadStall},
      {"abort", kPointAttributes, "",
       [](const FaultElement& element, int line, StatementFaults* faults) {
         ReadAction(element, line, PointAction::kSignalAbort, faults);
       }},
      {"close-early", kPointAttributes, "",
       [](const FaultElement& element, int line, StatementFaults* faults) {
         ReadAction(element, line, PointAction::kCloseEarly, faults);
       }},
      {"kill", kPointAttributes, "",
       [](const FaultElement& element, int line, StatementFaults* faults) {
         ReadAction(element, line, PointAction::kKill, faults);
       }},
      {"flush", {"at", "nth", "device"}, "", &ReadFlush},
      {"command", PointAnd({"code", "expect"}), "", &ReadCommand},
      {"fail", {"when", "message", "text"}, "", &ReadFail},
      {"no-flush",
       {},
       "backup",
       [](const FaultElement& element, int line, StatementFaults* faults) {
         Keep(element, &faults->no_flush, true, line);
       }},
      {"complete", {"grant", "send"}, "backup", &ReadComplete},
      {"clear-error", {"then"}, "", &ReadClearError},
      {"depth",
       {"commands"},
       "",
       [](const FaultElement& element, int line, StatementFaults* faults) {
         Keep(element, &faults->depth,
              static_cast<uint32_t>(element.Number("commands", 1, kDepthMost)), line);
       }},
      {"first", {"device", "commands"}, "", &ReadFirst},
      {"starve",
       {"device"},
       "",
       [](const FaultElement& element, int line, StatementFaults* faults) {
         Keep(element, &faults->starve,
              static_cast<uint32_t>(element.Number("device", 1, kDevicesMost)), line);
       }},
      {"sizes", {"write", "read"}, "", &ReadSizes},
      {"read-past-end",
       {"device", "across"},
       "restore",
       [](const FaultElement& element, int line, StatementFaults* faults) {
         const auto device = static_cast<uint32_t>(element.Number("device", 1, kDevicesMost, 1));
         faults->read_past_end.push_back({{device, element.Yes("across", false)}, line});
       }},
      {"chatter",
       {"bytes"},
       "",
       [](const FaultElement& element, int line, StatementFaults* faults) {
         Keep(element, &faults->chatter_bytes, element.Number("bytes", 1, kChatterMost), line);
       }},
      {"delay-configure",
       {"ms"},
       "",
       [](const FaultElement& element, int line, StatementFaults* faults) {
         Keep(element, &faults->delay_configure,
              milliseconds(element.Number("ms", 0, kDelayMsMost)), line);
       }},
      {"delay-open",
       {"ms"},
       "",
       [](const FaultElement& element, int line, StatementFaults* faults) {
         Keep(element, &faults->delay_open, milliseconds(element.Number("ms", 0, kDelayMsMost)),
              line);
       }},
      {"delay-close",
       {"ms"},
       "",
       [](const FaultElement& element, int line, StatementFaults* faults) {
         Keep(element, &faults->delay_close, milliseconds(element.Number("ms", 0, kDelayMsMost)),
              line);
       }},
  };
  return kRules;
}

}  // namespace

void ReadFaultElement(pugi::xml_node node, int line, FaultPlan* plan) {
  const FaultElement element(node);
  const std::vector<ElementRule>& rules = ElementRules();
  const auto rule = std::find_if(rules.begin(), rules.end(), [&](const ElementRule& one) {
    return std::string_view(one.name) == element.name();
  });
  if (rule == rules.end()) {
    Words names;
    for (const ElementRule& one : rules) names.emplace_back(one.name);
    element.Fail(
        fmt::format("<{}> is no fault, expected one of: {}", element.name(), ListedWords(names)));
  }
  element.AllowOnly(rule->attributes);
  if (node.first_child()) element.Fail(fmt::format("<{}> holds nothing", element.name()));
  const std::string only = rule->only;
  if (!only.empty() && element.Has("statement") && element.Text("statement") != only) {
    element.Fail(fmt::format("<{}> has statement=\"{}\", but happens in {} only", element.name(),
                             element.Text("statement"), only));
  }
  element.Word("illegal", {"no", "yes"}, "no");
  constexpr const char* kBoth = "both";
  const std::string statement = element.Has("statement") ? element.Text("statement")
                                : only.empty()           ? kBoth
                                                         : only;
  if (statement != kBoth) element.Word("statement", {"backup", "restore"}, statement.c_str());
  if (statement != "restore") rule->read(element, line, &plan->backup);
  if (statement != "backup") rule->read(element, line, &plan->restore);
}

}  // namespace vdisim
