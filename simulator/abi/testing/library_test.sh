#!/bin/sh
# What the built libraries are to a linker: exported symbols, SONAME, needed libraries.
# usage: library_test.sh exports|soname|needed LIBRARY EXPECTED...
set -eu
what=$1
library=$2
shift 2
expected=$(printf '%s\n' "$@" | LC_ALL=C sort)

case $what in
  exports) actual=$(nm -D --defined-only "$library" | awk '{print $NF}') ;;
  soname) actual=$(readelf -d "$library" | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p') ;;
  needed)
    # More than is allowed must not be there; less may be. The loader is part of the C library.
    actual=$(readelf -d "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
    for needed in $actual; do
      printf '%s\n' "$expected" ld-linux-x86-64.so.2 | grep -qxF "$needed" || {
        echo "$library needs $needed"
        exit 1
      }
    done
    exit 0
    ;;
  *) echo "what is $what?" >&2; exit 2 ;;
esac
actual=$(printf '%s\n' "$actual" | LC_ALL=C sort)
[ "$actual" = "$expected" ] || {
  printf '%s of %s\nexpected:\n%s\nactual:\n%s\n' "$what" "$library" "$expected" "$actual"
  exit 1
}
