#!/bin/sh
# Installs what a client needs into a temporary prefix, moves it, and builds and runs clients
# against it: by find_package, by pkg-config, and with plain options.
# usage: consumer_test.sh CMAKE BUILD_FOLDER COMPILER LIBDIR
set -eu
cmake=$1
build=$2
compiler=$3
libdir=$4
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$cmake" --install "$build" --prefix "$work/first" --component development > "$work/log"
mv "$work/first" "$work/prefix"  # nothing may depend on where it was installed
prefix=$work/prefix

echo "find_package"
CXX=$compiler "$cmake" -S "$here/consumer" -B "$work/build" -DCMAKE_PREFIX_PATH="$prefix" \
  > "$work/log" || { cat "$work/log"; exit 1; }
"$cmake" --build "$work/build" > "$work/log" || { cat "$work/log"; exit 1; }
"$work/build/client"
"$work/build/com_client"

echo "pkg-config"
export PKG_CONFIG_PATH=$prefix/$libdir/pkgconfig
# shellcheck disable=SC2046  # the options are words
"$compiler" "$here/consumer/client.cc" -o "$work/client" $(pkg-config --cflags --libs vdisim)
LD_LIBRARY_PATH=$prefix/$libdir "$work/client"

echo "plain options"
"$compiler" -std=c++11 -I"$prefix/include/vdisim" "$here/consumer/client.cc" -o "$work/plain" \
  -L"$prefix/$libdir" -lsqlvdi
LD_LIBRARY_PATH=$prefix/$libdir "$work/plain"
