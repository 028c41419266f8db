#include "conformance/cli/run_waivers.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "reports/file.h"

namespace conform {
namespace {

constexpr const char* kEmpty = "<waivers>\n</waivers>\n";

}  // namespace

RunWaivers::RunWaivers(const std::string& file, bool fix, const Suite& suite, const char* list)
    : fix_(fix) {
  if (file.empty()) return;
  source_.name = file;
  try {
    source_.text = fix && !std::filesystem::exists(file) ? kEmpty : reports::ReadFile(file);
  } catch (const std::system_error& error) {
    throw ScenarioError(error.what());
  }
  book_.emplace(ParseWaivers(source_), Today());
  if (fix) return;
  std::string what;
  for (const Waiver& waiver : book_->Unmatched(suite)) {
    what += fmt::format("{}{}:{}: no case is of the pattern {}; expected one of `{}`",
                        what.empty() ? "" : "\nvdi-conform: ", waiver.place.file, waiver.place.line,
                        waiver.pattern, list);
  }
  if (!what.empty()) throw ScenarioError(what);
}

std::string RunWaivers::Finish(const reports::Run& run, bool whole) const {
  if (!book_) return {};
  std::string text = book_->Blind();
  if (!fix_ || run.interrupted) return text;
  const std::string fixed = FixWaivers(source_, *book_, whole);
  const bool changed = fixed != source_.text;
  if (changed) reports::ReplaceFile(source_.name, fixed);
  text += fmt::format(
      "{}: {}{}\n", source_.name, changed ? "rewritten" : "needs no change",
      book_->new_failures().empty() ? "" : "; fill in reason, link and expires of the new entries");
  return text;
}

}  // namespace conform
