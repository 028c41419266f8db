#include "conformance/cli/progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace conform {
namespace {

bool IsSet(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0' && std::string_view(value) != "false";
}

size_t Columns() {
  winsize size = {};
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): there is no other call for it
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

// "12/92, 1 failed, 2 errors": what is not green, each outcome by itself.
std::string Count(const reports::Counts& counts, size_t ended, size_t all) {
  std::string text = fmt::format("[{}/{}", ended, all);
  const auto add = [&](int count, const char* what) {
    if (count > 0) text += fmt::format(", {} {}", count, what);
  };
  add(counts.fail, "failed");
  add(counts.unexpected_pass, "passed unexpectedly");
  add(counts.error, "ended in error");
  add(counts.not_modelled, "not modelled");
  return text + "]";
}

}  // namespace

bool MayRewrite() {
  const char* term = std::getenv("TERM");
  const bool dumb = term != nullptr && std::string_view(term) == "dumb";
  return isatty(STDOUT_FILENO) != 0 && !dumb && !IsSet("CI");
}

ConsoleProgress ConsoleProgress::ForStandardOutput() {
  reports::ConsoleOptions options;
  options.colour = reports::WantsColour(STDOUT_FILENO);
  return {MayRewrite(), Columns(), options};
}

std::string ConsoleProgress::Text(const reports::Case& one, size_t ended, size_t all) {
  counts_.Add(one);
  const std::string line = reports::ConsoleLine(one, options_);
  const std::string count = Count(counts_, ended, all);
  if (!terminal_) return count + " " + line;
  // The line is cleared first: what stood there may have been longer.
  std::string text = "\r\033[K";
  if (one.outcome != reports::Outcome::kPass) text += line;
  if (ended < all) text += fmt::format("{} {}", count, one.id).substr(0, columns_ - 1);
  return text;
}

}  // namespace conform
