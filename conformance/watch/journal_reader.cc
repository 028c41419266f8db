#include "conformance/watch/journal_reader.h"

#include <optional>
#include <stdexcept>
#include <utility>

#include "conformance/watch/statement_text.h"

namespace conform {
namespace {

using Json = nlohmann::json;

constexpr std::pair<JournalKind, std::string_view> kKinds[] = {
    {JournalKind::kStatement, "statement"}, {JournalKind::kConfigured, "configured"},
    {JournalKind::kSent, "sent"},           {JournalKind::kCompleted, "completed"},
    {JournalKind::kFault, "fault"},         {JournalKind::kClosing, "closing"},
    {JournalKind::kAborted, "aborted"},     {JournalKind::kEnded, "ended"}};

std::optional<JournalKind> KindOf(std::string_view name) {
  for (const auto& [kind, its_name] : kKinds) {
    if (its_name == name) return kind;
  }
  return std::nullopt;
}

std::optional<int64_t> OptionalNumber(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return std::nullopt;
  return Number(object, key);
}

int SmallNumberOr(const Json& object, const char* key, int otherwise) {
  return static_cast<int>(NumberOr(object, key, otherwise));
}

// The member of an object that must be a list, or an empty one.
Json ListOf(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return Json::array();
  if (!found->is_array()) throw std::runtime_error("\"" + std::string(key) + "\" is no list");
  return *found;
}

void ReadCommand(const Json& object, JournalEvent* event) {
  event->device = static_cast<int>(Number(object, "device"));
  event->n = static_cast<int>(Number(object, "n"));
  event->code = static_cast<int>(Number(object, "code"));
  event->size = NumberOr(object, "size", 0);
  event->offset = OptionalNumber(object, "offset");
  event->database = OptionalNumber(object, "database");
}

void ReadConfiguration(const Json& object, JournalEvent* event) {
  event->set = Text(object, "set");
  for (const Json& name : ListOf(object, "devices")) {
    event->devices.push_back(name.get<std::string>());
  }
  event->features = static_cast<uint32_t>(NumberOr(object, "features", 0));
  event->block_size = NumberOr(object, "blockSize", 0);
  event->max_transfer_size = NumberOr(object, "maxTransferSize", 0);
  event->buffers = NumberOr(object, "buffers", 0);
  event->server_timeout_ms = NumberOr(object, "serverTimeOut", 0);
}

void ReadEnd(const Json& object, JournalEvent* event) {
  event->succeeded = FlagOr(object, "succeeded", false);
  event->first_error = SmallNumberOr(object, "firstError", 0);
  for (const Json& message : ListOf(object, "messages")) {
    event->messages.push_back({SmallNumberOr(message, "number", 0),
                               SmallNumberOr(message, "severity", 0), TextOr(message, "text", {})});
  }
  event->comparison = TextOr(object, "comparison", {});
  const auto difference = object.find("difference");
  if (difference != object.end() && difference->is_object()) {
    event->difference = RestoreDifference{
        NumberOr(*difference, "database", 0), SmallNumberOr(*difference, "device", 0),
        SmallNumberOr(*difference, "n", 0), OptionalNumber(*difference, "stream")};
  }
}

JournalEvent EventOf(JournalKind kind, const Json& object) {
  JournalEvent event;
  event.kind = kind;
  event.t = Number(object, "t");
  event.statement = SmallNumberOr(object, "s", 0);
  switch (kind) {
    case JournalKind::kStatement:
      event.text = Text(object, "text");
      event.operation = TextOr(object, "operation", {});
      break;
    case JournalKind::kConfigured:
      ReadConfiguration(object, &event);
      break;
    case JournalKind::kSent:
      ReadCommand(object, &event);
      break;
    case JournalKind::kCompleted:
      ReadCommand(object, &event);
      event.completion = Number(object, "completion");
      event.bytes = NumberOr(object, "bytes", 0);
      event.filled = OptionalNumber(object, "filled");
      break;
    case JournalKind::kFault:
      event.text = TextOr(object, "what", {});
      event.device = SmallNumberOr(object, "device", 0);
      event.n = SmallNumberOr(object, "n", 0);
      event.line = SmallNumberOr(object, "line", 0);
      break;
    case JournalKind::kClosing:
      break;
    case JournalKind::kAborted:
      event.text = TextOr(object, "reason", {});
      break;
    case JournalKind::kEnded:
      ReadEnd(object, &event);
      break;
  }
  return event;
}

}  // namespace

std::string_view Name(JournalKind kind) {
  for (const auto& [its_kind, name] : kKinds) {
    if (its_kind == kind) return name;
  }
  return {};
}

Journal ReadJournal(std::istream& text, const std::string& file) {
  Journal journal;
  journal.damages = ReadJsonLines(text, file, [&](const Json& object) {
    const std::optional<JournalKind> kind = KindOf(Text(object, "e"));
    if (kind) journal.events.push_back(EventOf(*kind, object));
  });
  return journal;
}

Journal ReadJournalFile(const std::string& path) {
  Journal journal;
  journal.damages = ReadJsonLinesFile(path, [&](const Json& object) {
    const std::optional<JournalKind> kind = KindOf(Text(object, "e"));
    if (kind) journal.events.push_back(EventOf(*kind, object));
  });
  return journal;
}

std::vector<JournalEvent> EventsOfSets(const std::vector<JournalEvent>& events,
                                       const std::set<std::string>& sets) {
  std::set<int> wanted;
  for (const JournalEvent& event : events) {
    if (event.kind == JournalKind::kConfigured && sets.count(event.set) > 0) {
      wanted.insert(event.statement);
    }
    if (event.kind != JournalKind::kStatement) continue;
    for (const std::string& name : VirtualDevicesOf(event.text)) {
      if (sets.count(name) > 0) wanted.insert(event.statement);
    }
  }
  std::vector<JournalEvent> chosen;
  for (const JournalEvent& event : events) {
    if (wanted.count(event.statement) > 0) chosen.push_back(event);
  }
  return chosen;
}

}  // namespace conform
