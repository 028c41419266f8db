#include "conformance/client/job_trail.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "reports/text.h"
#include "simulator/base/hresult.h"

namespace conform {
namespace {

std::string ValueText(const vdisim::TraceValue& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) return std::to_string(*number);
  if (const auto* number = std::get_if<uint64_t>(&value)) return std::to_string(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return "NULL";
}

// An address says nothing to a reader, nor does a member of VDConfig that was left empty.
bool SaysNothing(const vdisim::TraceField& field) {
  const std::string text = ValueText(field.value);
  const bool empty = text == "0" || text == "NULL";
  return text.starts_with("0x") || (empty && field.name != "completionCode" &&
                                    field.name != "bytesTransferred" && field.name != "timeOut");
}

// A name that changes from run to run becomes one that does not.
void Replace(std::string* text, const std::string& what, const std::string& by) {
  if (what.empty()) return;
  for (size_t at = 0; (at = text->find(what, at)) != std::string::npos; at += by.size()) {
    text->replace(at, what.size(), by);
  }
}

std::string Fields(const std::vector<vdisim::TraceField>& fields, const char* between) {
  std::string text;
  for (const vdisim::TraceField& field : fields) {
    if (SaysNothing(field)) continue;
    text += fmt::format("{}{}={}", text.empty() ? "" : between, field.name, ValueText(field.value));
  }
  return text;
}

std::string EventText(const JournalEvent& event) {
  switch (event.kind) {
    case JournalKind::kStatement:
      return "server: begins " + reports::OneLine(event.text, 200);
    case JournalKind::kConfigured:
      return fmt::format("server: configures {} with {} device{}, transfers up to {} bytes",
                         event.set, event.devices.size(), event.devices.size() == 1 ? "" : "s",
                         event.max_transfer_size);
    case JournalKind::kFault:
      return fmt::format("server: {}{}", event.text,
                         event.device > 0
                             ? fmt::format(" at command {} of device {}", event.n, event.device)
                             : "");
    case JournalKind::kClosing:
      return "server: closes the devices";
    case JournalKind::kAborted:
      return "server: aborts: " + event.text;
    case JournalKind::kEnded:
      return event.succeeded
                 ? "server: the statement succeeded"
                 : fmt::format("server: the statement failed with {}", event.first_error);
    case JournalKind::kSent:
    case JournalKind::kCompleted:
      break;  // the client's calls tell it
  }
  return {};
}

}  // namespace

std::string CallText(const vdisim::CallRecord& call) {
  const std::string where = call.device.value_or(call.set);
  std::string text =
      fmt::format("{}({}){} -> {}", call.method, Fields(call.inputs, ", "),
                  where.empty() ? "" : " on " + where, vdisim::HResult(call.code).name());
  const std::string given = Fields(call.outputs, " ");
  if (!given.empty()) text += ", " + given;
  return text;
}

std::string Steady(const Copies& copies, std::string text) {
  std::set<std::string> sets;
  for (const JobOutcome* copy : copies) {
    for (const vdisim::CallRecord& call : copy->evidence.calls) sets.insert(call.set);
  }
  sets.erase("");
  const auto numbered = [](const char* name, int number) {
    return number == 1 ? name : fmt::format("{}{}", name, number);
  };
  int number = 0;
  for (const std::string& set : sets) Replace(&text, set, numbered("SET", ++number));
  number = 0;
  // The folder of a copy, in which everything of it lies.
  for (const JobOutcome* copy : copies) {
    Replace(&text, copy->evidence.artefact_dir.parent_path().string(), numbered("CASE", ++number));
  }
  return text;
}

std::vector<TrailLine> TrailOf(const Copies& copies) {
  std::vector<TrailLine> lines;
  int number = 0;
  for (const JobOutcome* copy : copies) {
    const std::string whose = copies.size() > 1 ? fmt::format("copy {}: ", ++number) : "";
    for (const vdisim::CallRecord& call : copy->evidence.calls) {
      lines.push_back({.t = call.start_ns + call.duration_ns, .text = whose + CallText(call)});
    }
    for (const JournalEvent& event : copy->evidence.engine) {
      const std::string text = EventText(event);
      if (!text.empty()) lines.push_back({.t = event.t, .text = whose + text});
    }
    for (const JobMoment& moment : copy->moments) {
      lines.push_back({.t = moment.t, .text = whose + "judge: " + moment.text});
    }
  }
  for (TrailLine& line : lines) line.text = Steady(copies, std::move(line.text));
  std::stable_sort(lines.begin(), lines.end(),
                   [](const TrailLine& a, const TrailLine& b) { return a.t < b.t; });
  return lines;
}

}  // namespace conform
