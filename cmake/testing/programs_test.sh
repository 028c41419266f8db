#!/bin/sh
# Installs the programs into a temporary prefix, moves it, and sees that each finds its libraries
# and says what it is for.
# usage: programs_test.sh CMAKE BUILD_FOLDER
set -eu
cmake=$1
build=$2
unset LD_LIBRARY_PATH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for component in development programs; do
  "$cmake" --install "$build" --prefix "$work/first" --component $component > "$work/log"
done
mv "$work/first" "$work/prefix"

for program in "$work"/prefix/bin/* "$work"/prefix/libexec/vdisim/*; do
  [ -e "$program" ] || continue
  if ldd "$program" 2> /dev/null | grep "not found"; then
    echo "$program does not find its libraries"
    exit 1
  fi
done
for program in "$work"/prefix/bin/*; do
  "$program" --help > "$work/help" || { echo "$program --help: exit $?"; exit 1; }
  [ -s "$work/help" ] || { echo "$program --help says nothing"; exit 1; }
done
