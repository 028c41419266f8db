#!/usr/bin/env bash
# Keeps the design's arrows by reading every #include line of a source tree.
#   check_includes.sh ROOT
# Prints FILE:LINE: what is included, and the rule against it. Exit status: 0 no violation, 1 some,
# 2 usage, or nothing was found to check.
set -euo pipefail

[[ $# == 1 && -d $1 ]] || { echo "usage: $0 ROOT" >&2; exit 2; }
cd "$1"

# FOLDER may include itself, the folders after the colon, and what those may include. A folder that
# is not named here may not hold code; a star stands for the rest of a name. The tools put engine and
# library together, so they alone see both.
arrows='
simulator/include   :
simulator/base      : simulator/include
simulator/shm       : simulator/base
simulator/device_set: simulator/shm
simulator/trace     : simulator/base
simulator/abi       : simulator/device_set simulator/trace
simulator/sql       : simulator/base
simulator/engine    : simulator/sql simulator/device_set simulator/trace
simulator/front     : simulator/engine
simulator/tools     : simulator/front simulator/abi
simulator/itest     : simulator/*
simulator/bench     : simulator/*
simulator/fuzz      : simulator/*
conformance/witness :
conformance/rules   : simulator/trace
conformance/monitor : conformance/rules
conformance/watch   : conformance/rules simulator/trace reports
conformance/scenario: conformance/rules
conformance/client_suite: conformance/scenario
conformance/traces  : conformance/scenario simulator/trace
conformance/drivers : simulator/trace simulator/engine simulator/front
conformance/runner  : conformance/scenario conformance/monitor conformance/drivers reports
conformance/walk    : conformance/runner conformance/traces
conformance/client  : conformance/runner conformance/watch conformance/client_suite
conformance/cli     : conformance/walk conformance/client
conformance/table_mutation: conformance/runner
conformance/agreement: conformance/monitor
reports             :
fixtures            : simulator/include
'
# These reach no further than what they name: a runner that may use a driver may not therefore reach
# through it into the engine.
closed='conformance/drivers'

# FOLDER may include that one header besides: the test that compares the oracle with the simulator's
# transition table, which is pure, sees both.
exceptions='conformance/agreement simulator/device_set/set_transitions.h'

# May include <sys/mman.h>: drivers, which may call the system, keep there what a subject printed, in
# memory without a name; the witness stands before the calls of that header; the clients' test of
# failing calls has msync fail.
has_mman='conformance/client conformance/drivers conformance/witness'

mapfile -t files < <(find simulator conformance reports fixtures -type f \
  \( -name '*.h' -o -name '*.cc' \) 2>/dev/null | sort)
((${#files[@]} > 0)) || { echo "$0: no sources below $1" >&2; exit 2; }

awk -v arrows="$arrows" -v closed="$closed" -v mman="$has_mman" -v exceptions="$exceptions" '
function folder_of(path, parts) {
  split(path, parts, "/")
  if (parts[1] == "reports" || parts[1] == "fixtures") return parts[1]
  return parts[1] "/" parts[2]
}
function matches(pattern, folder) {
  if (pattern ~ /\*$/) return index(folder, substr(pattern, 1, length(pattern) - 1)) == 1
  return pattern == folder
}
# May code in `from` include from `to`? Follows the arrows.
function allowed(from, to, depth, targets, n, i) {
  if (from == to) return 1
  if (depth > 10) return 0
  n = split(may[from], targets, " ")
  for (i = 1; i <= n; ++i) if (matches(targets[i], to)) return 1
  for (i = 1; i <= n; ++i)
    if (!(targets[i] in is_closed) && allowed(targets[i], to, depth + 1)) return 1
  return 0
}
function report(what) {
  printf "%s:%d: %s: %s\n", FILENAME, FNR, $0, what
  violations++
}
BEGIN {
  count = split(arrows, lines, "\n")
  for (l = 1; l <= count; ++l) {
    at = index(lines[l], ":")
    if (at == 0) continue
    name = substr(lines[l], 1, at - 1)
    gsub(/ /, "", name)
    may[name] = substr(lines[l], at + 1)
  }
  split(closed, names, " ")
  for (n in names) is_closed[names[n]] = 1
  split(mman, users, " ")
  for (n in users) has_mman[users[n]] = 1
}
FNR == 1 {
  folder = folder_of(FILENAME)
  if (!(folder in may)) report("the design has no arrows for " folder)
}
/^[ \t]*#[ \t]*include[ \t]*[<"]/ {
  header = $0
  sub(/^[^<"]*[<"]/, "", header)
  sub(/[>"].*$/, "", header)

  if (folder != "simulator/shm" && !(folder in has_mman && header == "sys/mman.h") &&
      header ~ /^(boost\/interprocess\/|sys\/(mman|shm|sem|ipc)\.h|semaphore\.h|linux\/futex\.h)/)
    report("shared objects are the business of simulator/shm alone")

  if (header ~ /^(vdi|vdierror|vdi_codes|vdi_com|vdi_sim)\.h$/) target = "simulator/include"
  else if (header ~ /^(simulator|conformance|reports|fixtures)\//) target = folder_of(header)
  else next
  if ((folder " " header) == exceptions) next

  if (folder ~ /^simulator\// && target !~ /^simulator\//)
    report("the simulator knows nothing of " target)
  else if (folder == "conformance/monitor" && target == "simulator/device_set")
    report("judge and product share no state machine")
  else if (folder == "reports" && target != "reports")
    report("reports knows nothing of ours but itself")
  else if (!allowed(folder, target, 0))
    report(folder " may not include " target)
}
END { exit violations > 0 }
' "${files[@]}"
