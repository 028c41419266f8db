#include "conformance/traces/call_records.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "conformance/traces/record_names.h"

namespace conform {
namespace {

using nlohmann::json;
using vdisim::CallRecord;

constexpr double kNanosecondsPerMillisecond = 1e6;

// Calls that may wait for the other side.
bool Waits(const CallRecord& record) {
  static const std::set<std::string_view> kClient = {"GetCommand", "GetConfiguration",
                                                     "OpenDevice"};
  static const std::set<std::string_view> kServer = {"ExecuteCompletionAgent", "WaitForActive",
                                                     "WaitForAgent"};
  return (record.face == vdisim::kServerFace ? kServer : kClient).contains(record.method);
}

// When a call begins and returns, as far as the order of events is concerned.
struct Span {
  const CallRecord* record;
  int64_t id;
  int64_t begin;
  int64_t end;
  bool concurrent = false;
};

struct Moment {
  int64_t time;
  bool is_return;
  size_t span;
};

std::vector<Span> SpansOf(const std::vector<vdisim::TraceEntry>& entries) {
  std::vector<Span> spans;
  for (const vdisim::TraceEntry& entry : entries) {
    const CallRecord& record = entry.record;
    spans.push_back({.record = &record,
                     .id = static_cast<int64_t>(spans.size()) + 1,
                     .begin = record.start_ns,
                     .end = record.start_ns + record.duration_ns});
  }
  std::stable_sort(spans.begin(), spans.end(),
                   [](const Span& a, const Span& b) { return a.begin < b.begin; });
  return spans;
}

// Whether something else begins or ends while it lasts. `times`: all beginnings and ends, sorted.
bool Overlaps(const Span& span, const std::vector<int64_t>& times) {
  const auto first = std::upper_bound(times.begin(), times.end(), span.begin);
  const auto last = std::lower_bound(times.begin(), times.end(), span.end);
  return first < last;
}

std::vector<Moment> MomentsOf(std::vector<Span>& spans) {
  std::vector<int64_t> times;
  for (const Span& span : spans) {
    times.push_back(span.begin);
    times.push_back(span.end);
  }
  std::sort(times.begin(), times.end());
  std::vector<Moment> moments;
  for (size_t i = 0; i < spans.size(); ++i) {
    Span& span = spans[i];
    const bool overlaps = Overlaps(span, times);
    span.concurrent = overlaps && Waits(*span.record);
    int64_t begin = span.begin;
    int64_t end = span.end;
    if (overlaps && !span.concurrent)
      (span.record->code == 0 ? end : begin) = span.record->code == 0 ? begin : end;
    moments.push_back({begin, false, i});
    moments.push_back({end, true, i});
  }
  std::stable_sort(moments.begin(), moments.end(),
                   [](const Moment& a, const Moment& b) { return a.time < b.time; });
  return moments;
}

}  // namespace

std::vector<json> EventsOfCallRecords(const std::vector<vdisim::TraceEntry>& entries) {
  std::vector<Span> spans = SpansOf(entries);
  const std::vector<Moment> moments = MomentsOf(spans);
  RecordNames names(entries);
  std::vector<json> events = names.Actors();
  const int64_t origin = spans.empty() ? 0 : spans.front().begin;
  const auto milliseconds = [&](int64_t time) {
    return static_cast<double>(time - origin) / kNanosecondsPerMillisecond;
  };
  std::set<int64_t> left_out;
  for (const Moment& moment : moments) {
    const Span& span = spans[moment.span];
    if (!moment.is_return) {
      const std::vector<json> begun =
          names.Begin(*span.record, span.id, span.concurrent, milliseconds(moment.time));
      if (begun.empty()) left_out.insert(span.id);
      events.insert(events.end(), begun.begin(), begun.end());
    } else if (!left_out.contains(span.id)) {
      events.push_back(names.End(*span.record, span.id, milliseconds(moment.time)));
    }
  }
  return events;
}

}  // namespace conform
