#include "conformance/client/job_trouble.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <system_error>

#include "conformance/client/kept_surroundings.h"

namespace conform {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kReadable = 0555;
constexpr mode_t kWritable = 0755;
// Without a mount every file may grow so far, and the trace of the calls, which the client's own
// process writes, must fit as well.
constexpr int64_t kFileBytesMin = int64_t{256} * 1024;

}  // namespace

JobTrouble FindTrouble(const std::string& what, const fs::path& place) {
  JobTrouble trouble;
  trouble.place = place;
  if (what.empty()) return trouble;
  if (what == "read-only") {
    trouble.kind = JobTrouble::Kind::kReadOnly;
    // Permissions hold nobody back who is root; a mount does.
    trouble.mounted = geteuid() == 0;
    if (trouble.mounted && !CanMount()) {
      trouble.impossible =
          "a read-only directory for root needs a mount namespace, which this "
          "system does not allow";
    }
  } else if (what.starts_with("full:")) {
    trouble.kind = JobTrouble::Kind::kFull;
    const char* end = what.data() + what.size();
    if (std::from_chars(what.data() + 5, end, trouble.bytes).ptr != end || trouble.bytes < 0) {
      trouble.unknown = fmt::format("\"{}\" is no size, expected full:BYTES", what);
    }
    trouble.mounted = CanMount();
    if (!trouble.mounted && trouble.bytes < kFileBytesMin) {
      trouble.impossible = fmt::format(
          "a directory of {} bytes needs a mount namespace, which this system does not allow",
          trouble.bytes);
    }
  } else if (what == "vanish" || what.starts_with("vanish:")) {
    trouble.kind = JobTrouble::Kind::kVanishes;
    trouble.point = what == "vanish" ? "Write#1" : what.substr(7);
  } else if (what.starts_with("failing:") || what.starts_with("short:")) {
    trouble.kind = JobTrouble::Kind::kFailing;
    const bool are_short = what.starts_with("short:");
    const auto calls = ReadFailingCalls(what.substr(what.find(':') + 1));
    if (calls && !(are_short && calls->kind == FailingCalls::Kind::kSync)) {
      trouble.failing = *calls;
      trouble.failing.below = place;
      trouble.failing.are_short = are_short;
    } else {
      trouble.unknown = fmt::format("\"{}\" names no calls, expected {}:write#3", what,
                                    what.substr(0, what.find(':')));
    }
    trouble.impossible = are_short ? WhyCallsCannotBeShort() : WhyCallsCannotFail();
  } else {
    trouble.unknown = fmt::format(
        "there is no trouble \"{}\", expected read-only, full:BYTES, vanish:POINT, "
        "failing:CALLS or short:CALLS",
        what);
  }
  return trouble;
}

void JobTrouble::Apply(KeptSettings* settings) const {
  if (kind == Kind::kReadOnly && mounted) settings->read_only = place;
  if (kind == Kind::kReadOnly && !mounted) chmod(place.c_str(), kReadable);
  if (kind == Kind::kFull && mounted) {
    settings->tmpfs = place;
    settings->tmpfs_bytes = bytes;
  }
  if (kind == Kind::kFailing) settings->failing = failing;
  if (kind == Kind::kFull && !mounted) settings->file_bytes_max = bytes;
}

void JobTrouble::BringOut(pid_t keeper, const fs::path& to) const {
  if (kind != Kind::kFull || !mounted) return;
  const fs::path from(fmt::format("/proc/{}/root{}", keeper, to.string()));
  std::error_code ignored;
  fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::overwrite_existing, ignored);
}

void JobTrouble::Undo() const {
  if (kind == Kind::kReadOnly && !mounted) chmod(place.c_str(), kWritable);
}

}  // namespace conform
