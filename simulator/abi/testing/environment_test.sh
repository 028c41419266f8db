#!/bin/sh
# What the environment changes about the library, seen from a vendor's program.
# usage: environment_test.sh CLIENT LIBRARY
set -eu
client=$1
LD_LIBRARY_PATH=$(dirname "$2")
export LD_LIBRARY_PATH
unset VDISIM_TRACE VDISIM_TRACE_BEGIN VDISIM_INJECT VDISIM_GUARD VDISIM_LOG VDISIM_CLOCK VDISIM_MODE VDISIM_TIMEOUT_UNIT _VIRTUAL_SERVER_NAME_
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  printf '%s\n' "$@"
  exit 1
}
# Runs the client and leaves its standard error in $work/stderr.
run() { "$@" > /dev/null 2> "$work/stderr" || fail "the client failed" "$(cat "$work/stderr")"; }
said() { grep -cF -- "$1" "$work/stderr" || true; }

run "$client"
[ ! -s "$work/stderr" ] || fail "it speaks without being asked" "$(cat "$work/stderr")"

run env VDISIM_LOG=1 "$client"
[ "$(said 'Host__SQLVDIMemoryName_0: Client::SignalAbort: VD_E_PROTOCOL: error 12')" = 1 ] ||
  fail "VDISIM_LOG=1 does not report a failure" "$(cat "$work/stderr")"

run env VDISIM_TIMEOUT_UNIT=fortnights VDISIM_MODE=rw VDISIM_CLOCK=sundial VDISIM_GUARD=dog "$client"
for complaint in \
  'vdisim: VDISIM_TIMEOUT_UNIT=fortnights is ignored; it can be milliseconds or seconds' \
  'vdisim: VDISIM_MODE=rw is ignored' 'vdisim: VDISIM_CLOCK=sundial is ignored' \
  'vdisim: VDISIM_GUARD=dog is ignored; it can be off, detect or fault'; do
  [ "$(said "$complaint")" = 1 ] || fail "not said once: $complaint" "$(cat "$work/stderr")"
done

run env VDISIM_TRACE="$work/none/calls" "$client"
[ "$(said "vdisim: VDISIM_TRACE: $work/none/calls: No such file or directory")" = 1 ] ||
  fail "a trace that cannot be written is not reported once" "$(cat "$work/stderr")"

for value in 'GetCommand#1=VD_E_CLOSE' 'nonsense'; do
  run env VDISIM_INJECT="$value" "$client"
  [ "$(said "vdisim: VDISIM_INJECT is ignored: ")" = 1 ] ||
    fail "not refused once: VDISIM_INJECT=$value" "$(cat "$work/stderr")"
done
env VDISIM_INJECT='OpenInSecondary#1=VD_E_MEMORY; Close#2=VD_E_ABORT' "$client" > "$work/stdout"
grep -qx 'OpenInSecondary 8077000A' "$work/stdout" && grep -qx 'Close 8077000C' "$work/stdout" ||
  fail "VDISIM_INJECT does not answer, or too often" "$(cat "$work/stdout")"

# Two processes and one file: 11 calls each, and the end of the set that is deleted.
VDISIM_TRACE=$work/calls "$client" > /dev/null & first=$!
VDISIM_TRACE=$work/calls "$client" > /dev/null & second=$!
wait $first
wait $second
records=$(grep -c '^{"n":[0-9]*,.*"face":"client",.*,"result":"[A-Z_]*"}$' "$work/calls")
[ "$records" = 24 ] || fail "expected 24 records, found $records" "$(cat "$work/calls")"
grep -qF '"call":"Create","in":{"name":"vendor client'"'"'s set","deviceCount":0,' "$work/calls" ||
  fail "a record without its values" "$(cat "$work/calls")"
