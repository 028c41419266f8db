#include "conformance/rules/rules.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "conformance/rules/rules_loader.h"

namespace conform {
namespace {

template <typename T>
bool Contains(const std::vector<T>& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

const Code* ByName(const std::vector<Code>& codes, std::string_view name) {
  for (const Code& code : codes) {
    if (code.name == name || Contains(code.aliases, name)) return &code;
  }
  return nullptr;
}

const Code* ByValue(const std::vector<Code>& codes, std::uint32_t value) {
  for (const Code& code : codes) {
    if (code.value == value) return &code;
  }
  return nullptr;
}

constexpr std::uint32_t kWin32Facility = 0x80070000;

}  // namespace

std::string_view Name(Provenance provenance) {
  switch (provenance) {
    case Provenance::kDocumented:
      return "documented";
    case Provenance::kTableOnly:
      return "table-only";
    case Provenance::kHeader:
      return "header";
    case Provenance::kSample:
      return "sample";
    case Provenance::kObserved:
      return "observed";
    case Provenance::kInferred:
      return "inferred";
    case Provenance::kRecommended:
      return "recommended";
  }
  return "?";
}

std::string_view Name(Platform platform) {
  switch (platform) {
    case Platform::kBoth:
      return "both";
    case Platform::kWindows:
      return "windows";
    case Platform::kLinux:
      return "linux";
  }
  return "?";
}

std::string_view Name(NoCheckKind kind) {
  switch (kind) {
    case NoCheckKind::kNarrative:
      return "narrative";
    case NoCheckKind::kLayout:
      return "layout";
    case NoCheckKind::kWindowsOnly:
      return "windows-only";
    case NoCheckKind::kClientProgram:
      return "client-program";
    case NoCheckKind::kServerInternal:
      return "server-internal";
    case NoCheckKind::kNotSimulated:
      return "not-simulated";
    case NoCheckKind::kOpen:
      return "open";
    case NoCheckKind::kAdvice:
      return "advice";
  }
  return "";
}

std::string_view Name(Side side) {
  switch (side) {
    case Side::kClient:
      return "client";
    case Side::kServer:
      return "server";
    case Side::kAny:
      return "any";
  }
  return "?";
}

std::string_view Name(State state) {
  switch (state) {
    case State::kDoesNotExist:
      return "Does Not Exist";
    case State::kConnected:
      return "Connected";
    case State::kConfigurable:
      return "Configurable";
    case State::kInitializing:
      return "Initializing";
    case State::kActive:
      return "Active";
    case State::kNormallyTerminated:
      return "Normally Terminated";
    case State::kAbort:
      return "Abort";
  }
  return "?";
}

Rules Rules::Embedded() { return LoadRules(EmbeddedRulesFiles()); }

Rules Rules::FromFolder(const std::filesystem::path& folder) {
  std::vector<RulesFile> files = EmbeddedRulesFiles();
  std::vector<std::string> texts;
  texts.reserve(files.size());
  for (RulesFile& file : files) {
    const std::filesystem::path path = folder / file.name;
    std::ifstream in(path, std::ios::binary);
    if (!in)
      throw RulesError(path.string() + ": cannot be read; every file of the rules is needed");
    texts.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    file.text = texts.back();
  }
  return LoadRules(files);
}

const Clause* Rules::FindClause(std::string_view id) const {
  const auto at = clause_index_.find(id);
  return at == clause_index_.end() ? nullptr : &clauses_[at->second];
}

const Reading* Rules::FindReading(std::string_view id) const {
  const auto at = std::find_if(readings_.begin(), readings_.end(),
                               [&](const Reading& one) { return one.id == id; });
  return at == readings_.end() ? nullptr : &*at;
}

const ReturnCode* Rules::FindReturnCode(std::string_view clause) const {
  for (const Method& method : methods_) {
    for (const ReturnCode& code : method.codes) {
      if (code.clause == clause) return &code;
    }
  }
  return nullptr;
}

std::optional<Source> Rules::FindSource(std::string_view tag) const {
  const Source* family = nullptr;
  std::string_view rest;
  for (const Source& source : sources_) {
    if (source.tag == tag) return source;
    const std::string_view stem = std::string_view(source.tag).substr(0, source.tag.size() - 1);
    if (source.tag.ends_with('*') && tag.starts_with(stem)) {
      family = &source;
      rest = tag.substr(stem.size());
    }
  }
  if (family == nullptr) return std::nullopt;
  return Source{std::string(tag), family->title + " (" + std::string(rest) + ")", family->where};
}

const Code* Rules::FindStatusCode(std::string_view name) const {
  return ByName(status_codes_, name);
}
const Code* Rules::FindStatusCode(std::uint32_t value) const {
  return ByValue(status_codes_, value);
}
const Code* Rules::FindCompletionCode(std::string_view name) const {
  return ByName(completion_codes_, name);
}
const Code* Rules::FindCompletionCode(std::uint32_t value) const {
  return ByValue(completion_codes_, value);
}

std::vector<const Method*> Rules::FindMethods(Side side, std::string_view name,
                                              Platform platform) const {
  std::vector<const Method*> found;
  for (const Method& method : methods_) {
    const bool exists =
        std::any_of(method.codes.begin(), method.codes.end(),
                    [&](const ReturnCode& code) { return AppliesTo(code.platform, platform); });
    if (method.name == name && (side == Side::kAny || method.side == side) && exists) {
      found.push_back(&method);
    }
  }
  return found;
}

std::vector<const ReturnCode*> Rules::CodesOf(Side side, std::string_view method,
                                              Platform platform) const {
  std::vector<const ReturnCode*> codes;
  for (const Method* one : FindMethods(side, method, platform)) {
    for (const ReturnCode& code : one->codes) {
      if (AppliesTo(code.platform, platform)) codes.push_back(&code);
    }
  }
  return codes;
}

bool Rules::IsDocumented(Side side, std::string_view method, std::uint32_t value,
                         Platform platform) const {
  const auto codes = CodesOf(side, method, platform);
  return std::any_of(codes.begin(), codes.end(),
                     [&](const ReturnCode* code) { return code->value == value; });
}

bool Rules::IsOnPage(Side side, std::string_view method, std::string_view code,
                     Platform platform) const {
  return std::any_of(methods_.begin(), methods_.end(), [&](const Method& one) {
    return one.name == method && (side == Side::kAny || one.side == side) &&
           std::any_of(one.codes.begin(), one.codes.end(), [&](const ReturnCode& row) {
             return row.code == code && AppliesTo(row.platform, platform);
           });
  });
}

bool Rules::IsEnvironmentCode(std::uint32_t value) const {
  if ((value & 0xFFFF0000U) == kWin32Facility) return true;
  const Reading* const reading = FindReading("G-04");
  if (reading == nullptr) return false;
  return std::any_of(reading->rulings.begin(), reading->rulings.end(), [&](const Ruling& ruling) {
    return std::any_of(ruling.accept.begin(), ruling.accept.end(),
                       [&](const std::string& code) { return CodeValue(code) == value; });
  });
}

const Cell* Rules::FindCell(Side side, std::string_view method, State state) const {
  for (const Transition& row : transitions_) {
    if (row.side != side || !Contains(row.methods, method)) continue;
    const auto at = std::find_if(row.cells.begin(), row.cells.end(),
                                 [&](const Cell& cell) { return cell.state == state; });
    if (at != row.cells.end()) return &*at;
  }
  return nullptr;
}

std::vector<Rules::RulingOf> Rules::RulingsOf(Side side, std::string_view method) const {
  std::vector<RulingOf> found;
  for (const Reading& reading : readings_) {
    for (const Ruling& ruling : reading.rulings) {
      if (ruling.side == side && Contains(ruling.methods, method)) {
        found.push_back({&reading, &ruling});
      }
    }
  }
  return found;
}

std::optional<std::uint32_t> Rules::CodeValue(std::string_view name) const {
  if (const Code* const code = FindStatusCode(name)) return code->value;
  if (const Code* const code = FindCompletionCode(name)) return code->value;
  if (!name.starts_with("0x") && !name.starts_with("0X")) return std::nullopt;
  std::uint32_t value = 0;
  const auto [stop, error] = std::from_chars(name.data() + 2, name.data() + name.size(), value, 16);
  if (error != std::errc() || stop != name.data() + name.size()) return std::nullopt;
  return value;
}

std::string Rules::CodeName(std::uint32_t value) const {
  char number[16];
  std::snprintf(number, sizeof(number), "0x%08X", value);
  const Code* const code = FindStatusCode(value);
  return code == nullptr ? number : code->name + " (" + number + ")";
}

}  // namespace conform
