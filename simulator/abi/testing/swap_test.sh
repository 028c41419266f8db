#!/bin/sh
# A client that was linked with another library of the same name behaves as with ours when
# LD_LIBRARY_PATH or LD_PRELOAD names ours.
# usage: swap_test.sh CLIENT DECOY_FOLDER LIBRARY
set -eu
client=$1
decoy=$2
library=$3

ours='Close 8077000C
GetConfiguration 8077000C
Create 80770009
OpenDevice 8077000C
SignalAbort 8077000C
GetCommand 8077000C
CompleteCommand 8077000C
GetBufferHandle 8077000C
MapBufferHandle 8077000C
OpenInSecondary 8077000C'

check() {  # NAME EXPECTED ACTUAL
  [ "$2" = "$3" ] && return
  printf '%s\nexpected:\n%s\nactual:\n%s\n' "$1" "$2" "$3"
  exit 1
}

# LD_PRELOAD separates by spaces, so a checkout in a folder with one is reached by a link without.
links=$(mktemp -d)
trap 'rm -rf "$links"' EXIT
ln -s "$library" "$links/libsqlvdi.so"
preload=$links/libsqlvdi.so

theirs=$(printf '%s\n' "$ours" | sed 's/ .*/ 00004242/')
check "the decoy itself" "$theirs" "$(LD_LIBRARY_PATH=$decoy "$client")"
check "LD_LIBRARY_PATH" "$ours" "$(LD_LIBRARY_PATH=$(dirname "$library"):$decoy "$client")"
check "LD_PRELOAD" "$ours" "$(LD_PRELOAD=$preload LD_LIBRARY_PATH=$decoy "$client")"
check "LD_PRELOAD with nothing else on the path" "$ours" "$(LD_PRELOAD=$preload "$client")"
