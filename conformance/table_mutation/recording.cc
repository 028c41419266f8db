#include "conformance/table_mutation/recording.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>

#include "conformance/monitor/oracle.h"
#include "conformance/runner/documented_codes.h"

namespace conform {
namespace {

struct Caller {
  Side side = Side::kClient;
  Platform platform = Platform::kLinux;
};

// Whose calls they are, as the runner's judge takes them.
Caller CallerOf(const ActorSeen& actor) {
  if (actor.role == "engine" || actor.role == "sql-server") {
    return {Side::kServer, Platform::kWindows};
  }
  return {Side::kClient, actor.face == "com" ? Platform::kWindows : Platform::kLinux};
}

std::string Shown(const Rules& rules, Side side, const std::string& method, std::uint32_t code) {
  return std::string(Name(side)) + "." + method + ": " + rules.CodeName(code);
}

// Codes that their methods' pages do not foresee.
void FindUndocumented(const Rules& rules, const Recording& recording,
                      std::vector<std::string>* findings) {
  std::map<std::string, Caller> callers;
  std::map<std::int64_t, const CallSeen*> calls;
  for (const Seen& seen : recording.seen) {
    if (const auto* actor = std::get_if<ActorSeen>(&seen)) {
      callers[actor->actor] = CallerOf(*actor);
    } else if (const auto* call = std::get_if<CallSeen>(&seen)) {
      calls[call->id] = call;
    } else if (const auto* end = std::get_if<ReturnSeen>(&seen)) {
      const auto found = calls.find(end->id);
      if (found == calls.end()) continue;
      const Caller& caller = callers[found->second->actor];
      const auto code = static_cast<std::uint32_t>(end->code);
      const std::string& method = found->second->method;
      const Foundation foundation = FoundationOf(rules, caller.side, method, caller.platform, code);
      if (foundation != Foundation::kDocumented && foundation != Foundation::kSilent) {
        findings->push_back("documented-codes: " + Shown(rules, caller.side, method, code));
      }
    }
  }
}

}  // namespace

Recording ReadRecording(const std::string& name, const std::string& text) {
  Recording recording;
  recording.name = name;
  std::string lines;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    // An empty line in its place: messages count lines.
    if (line.rfind("{\"e\":\"finding\"", 0) != 0) lines += line;
    lines += '\n';
    at = end + 1;
  }
  recording.seen = ParseObservations(lines);
  std::map<std::string, Side> sides;
  for (const Seen& seen : recording.seen) {
    if (const auto* actor = std::get_if<ActorSeen>(&seen)) {
      sides[actor->actor] = CallerOf(*actor).side;
    } else if (const auto* call = std::get_if<CallSeen>(&seen)) {
      recording.methods.emplace(sides[call->actor], call->method);
    }
  }
  return recording;
}

std::vector<Recording> ReadRecordings(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".vdt") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<Recording> recordings;
  recordings.reserve(files.size());
  for (const std::filesystem::path& file : files) {
    std::ifstream stream(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream),
                           std::istreambuf_iterator<char>()};
    try {
      recordings.push_back(ReadRecording(file.stem().string(), text));
    } catch (const ObservationError& error) {
      throw ObservationError(file.string() + ": " + error.what());
    }
  }
  return recordings;
}

std::vector<std::string> Findings(const Rules& rules, const Recording& recording) {
  std::vector<std::string> findings;
  for (const Opinion& opinion : JudgeObservations(rules, recording.seen)) {
    if (opinion.held) continue;
    findings.push_back("oracle: " + Shown(rules, opinion.side, opinion.method, opinion.code) +
                       " in " + opinion.state);
  }
  FindUndocumented(rules, recording, &findings);
  return findings;
}

}  // namespace conform
