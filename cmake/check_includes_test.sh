#!/usr/bin/env bash
# check_includes.sh must catch each kind of violation, and nothing else.
set -euo pipefail

checker="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/check_includes.sh"
tree=$(mktemp -d)
trap 'rm -rf -- "$tree"' EXIT
failures=0

# expect VERDICT FILE INCLUDE: the verdict (good or bad) on a tree whose FILE holds only INCLUDE.
expect() {
  local verdict=$1 file="$tree/$2" include=$3 status=0 output
  mkdir -p "$(dirname "$file")"
  printf '// A first line.\n#include %s\n' "$include" >"$file"
  output=$("$checker" "$tree") || status=$?
  if [[ $verdict == good && $status != 0 ]] ||
    [[ $verdict == bad && ($status != 1 || $output != "$2:2: "*) ]]; then
    echo "expected $verdict: $2 with $include; got status $status, output: $output"
    failures=$((failures + 1))
  fi
  rm "$file"
}

# The four rules.
expect bad simulator/engine/a.cc '"reports/junit.h"'
expect bad simulator/base/a.h '"conformance/rules/rules.h"'
expect bad simulator/itest/a.cc '"fixtures/clients/media.h"'
expect bad simulator/device_set/a.cc '<boost/interprocess/mapped_region.hpp>'
expect bad conformance/runner/a.cc '<sys/mman.h>'
expect bad simulator/bench/a.cc '<boost/interprocess/shared_memory_object.hpp>'
expect bad simulator/abi/a.cc '<linux/futex.h>'
expect bad conformance/monitor/a.cc '"simulator/device_set/state.h"'
expect bad conformance/monitor/a.cc '"simulator/device_set/set_transitions.h"'
expect bad conformance/runner/a.cc '"simulator/device_set/set_transitions.h"'
expect bad conformance/agreement/a.cc '"simulator/device_set/limits.h"'
expect bad conformance/monitor/a.cc '"conformance/agreement/agreement_walk.h"'
expect bad conformance/witness/a.cc '"simulator/base/hresult.h"'
expect bad reports/a.cc '"simulator/base/hresult.h"'
expect bad reports/a.cc '<vdi.h>'
# The arrows.
expect bad simulator/base/a.cc '"simulator/shm/segment.h"'
expect bad simulator/sql/a.cc '"simulator/engine/engine.h"'
expect bad simulator/engine/a.cc '"simulator/abi/com_factory.h"'
expect bad conformance/runner/a.cc '"simulator/engine/engine.h"'
expect bad conformance/monitor/a.cc '"conformance/scenario/scenario.h"'
expect bad fixtures/clients/a.cc '"simulator/base/hresult.h"'
expect bad simulator/base/a.cc '  "simulator/engine/engine.h"  // indented'
# And what is right.
expect good conformance/drivers/a.cc '<sys/mman.h>'
expect good conformance/witness/a.cc '<sys/mman.h>'
expect good simulator/shm/a.cc '<boost/interprocess/mapped_region.hpp>'
expect good simulator/tools/a.cc '"simulator/sql/parser.h"'
expect good simulator/tools/a.cc '"simulator/abi/com_factory.h"'
expect good simulator/itest/a_test.cc '"simulator/abi/com_factory.h"'
expect good simulator/base/a.cc '<vdierror.h>'
expect good conformance/cli/a.cc '"reports/junit.h"'
expect good conformance/drivers/a.cc '"simulator/front/front.h"'
expect good conformance/runner/a.cc '"conformance/drivers/driver.h"'
expect good conformance/monitor/a.cc '"simulator/trace/call_record.h"'
expect good conformance/agreement/a.cc '"simulator/device_set/set_transitions.h"'
expect good conformance/agreement/a.cc '"conformance/monitor/oracle.h"'
expect good conformance/table_mutation/a.cc '"conformance/runner/documented_codes.h"'
expect good reports/a.cc '<pugixml.hpp>'
expect good fixtures/clients/a.cc '<vdi.h>'

# A folder of which the design knows nothing, and a tree with nothing in it.
mkdir -p "$tree/simulator/attic" "$tree/empty"
echo '// Empty.' >"$tree/simulator/attic/a.cc"
"$checker" "$tree" >/dev/null && { echo "an unknown folder went through"; failures=$((failures + 1)); }
status=0
"$checker" "$tree/empty" 2>/dev/null || status=$?
((status == 2)) || { echo "an empty tree gave status $status, not 2"; failures=$((failures + 1)); }

exit $((failures > 0))
