#!/usr/bin/env bash
# From a fresh clone to a result, on Debian 12, Ubuntu 22.04 and 24.04. Can be repeated at will.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
build="$root/build"
packages=(cmake ninja-build g++ pkg-config libboost-dev libpugixml-dev libcli11-dev libfmt-dev
  nlohmann-json3-dev libgtest-dev libgmock-dev libbenchmark-dev libxml2-utils)

usage() {
  cat <<'HELP'
Usage: ./quickstart.sh COMMAND

  run     install what is missing, build, back up and restore two databases through the
          reference client, compare every byte, and judge the bundled library
  test    install what is missing, build, and run every test
  build   install what is missing, and build
  help    this text

Exit status: 0 all is well; 1 something failed; 2 usage, or packages are missing that cannot
be installed from here.
HELP
}

say() { printf '\n== %s\n' "$*"; }
fail() {
  printf '\nquickstart: %s\n' "$*" >&2
  exit 1
}

is_installed() {
  [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

install_packages() {
  local missing=() package
  if ! command -v dpkg-query >/dev/null; then
    say "This is no Debian or Ubuntu; the build tells what it lacks. Its needs: ${packages[*]}"
    return
  fi
  for package in "${packages[@]}"; do
    is_installed "$package" || missing+=("$package")
  done
  if ((${#missing[@]} == 0)); then
    say "Packages: all ${#packages[@]} are installed"
    return
  fi
  local as_root=()
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null || ! { sudo -n true 2>/dev/null || [[ -t 0 ]]; }; then
      printf 'quickstart: these packages are missing, and only root can install them:\n  %s\n%s\n  %s\n' \
        "${missing[*]}" "Ask for, or run as root:" \
        "apt-get update && apt-get install -y --no-install-recommends ${missing[*]}" >&2
      exit 2
    fi
    as_root=(sudo)
  fi
  say "Packages: installing ${missing[*]}"
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get)
  "${apt[@]}" update -q || fail "apt-get update failed"
  "${apt[@]}" install -q -y --no-install-recommends "${missing[@]}" || fail "apt-get install failed"
}

build_all() {
  install_packages
  local options=() jobs
  jobs=$(nproc)
  if command -v ccache >/dev/null; then options+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache); fi
  say "Configuring (preset dev) into $build"
  # A folder that was moved or copied keeps a cache of the old place, which CMake refuses.
  local cached=""
  if [[ -f "$build/CMakeCache.txt" ]]; then
    cached=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$build/CMakeCache.txt")
  fi
  if [[ -n "$cached" && "$(realpath -m -- "$cached")" != "$root" ]]; then
    say "$build belongs to $cached: making it anew"
    rm -rf "$build"
  fi
  (cd "$root" && cmake --preset dev "${options[@]}" >"$configure_log" 2>&1) || {
    cat "$configure_log" >&2
    fail "cmake could not configure"
  }
  say "Building with $jobs processors"
  (cd "$root" && cmake --build --preset dev --parallel "$jobs") || fail "the build failed"
}

sha256_of() { sha256sum "$1" | cut -d ' ' -f 1; }

# The built vdi-conform, repeated to 64 MiB: a real file that every clone has.
make_source_file() {
  local target=$1 size=$((64 * 1024 * 1024))
  : >"$target"
  while (($(stat -c %s "$target") < size)); do cat "$build/bin/vdi-conform" >>"$target"; done
  truncate -s "$size" "$target"
}

# back_up_and_restore NAME SOURCE: through the reference client, with 4 stripes in 4 processes.
# The restore itself compares with the database, page by page. SOURCE is what `vdisim sql --database NAME=SOURCE` takes.
back_up_and_restore() {
  local name=$1 source=$2
  local job=(--database "$name" --directory "$work/media" --devices 4 --processes)
  say "Database $name: $source"
  "$build/bin/vdisim" sql --home "$VDISIM_HOME" --database "$name=$source" \
    "SELECT DB_NAME()" >"$work/log" 2>&1 || { cat "$work/log" >&2; fail "cannot register $name"; }
  "$build/bin/vdi-refclient" backup "${job[@]}" || fail "the backup of $name failed"
  ls -l "$work/media"
  "$build/bin/vdi-refclient" restore "${job[@]}" || fail "the restore of $name failed"
}

compare_with_source() {
  local source=$2 restored="$VDISIM_HOME/MSSQLSERVER/data/$1.mdf"
  cmp -- "$source" "$restored" || fail "the restored bytes differ from the source"
  printf 'source    %s  %s\nrestored  %s  %s\nThe bytes are equal.\n' \
    "$(sha256_of "$source")" "$source" "$(sha256_of "$restored")" "$restored"
}

run_main_job() {
  work=$(mktemp -d "${TMPDIR:-/tmp}/vdisim-quickstart.XXXXXX")
  export VDISIM_HOME="$work/home"
  export PATH="$build/libexec/vdisim:$PATH"
  mkdir -p "$work/media" "$work/sources"

  make_source_file "$work/sources/file.bin"
  back_up_and_restore filed "$work/sources/file.bin"
  compare_with_source filed "$work/sources/file.bin"

  back_up_and_restore seeded "seed:42,size:67108864"

  say "Judging the bundled library"
  local verdict=0
  (cd "$root" && "$build/bin/vdi-conform" run) || verdict=$?
  say "Reports: $root/reports/out/junit.xml"
  ((verdict == 0)) || fail "vdi-conform ended with $verdict"
  [[ -s "$root/reports/out/junit.xml" ]] || fail "reports/out/junit.xml was not written"
  say "All is well: two databases came back byte for byte, and the bundled library conforms"
}

run_tests() {
  say "Running every test"
  (cd "$root" && ctest --preset dev --parallel "$(nproc)") || fail "a test failed"
}

main() {
  case "${1:-help}" in
    run | test | build) (($# == 1)) || { usage >&2; exit 2; } ;;
    help | -h | --help) usage; exit 0 ;;
    *) printf 'quickstart: unknown command: %s\n\n' "$1" >&2; usage >&2; exit 2 ;;
  esac
  configure_log=$(mktemp)
  work=""
  trap 'rm -rf -- "$configure_log" ${work:+"$work"}' EXIT
  build_all
  case "$1" in
    run) run_main_job ;;
    test) run_tests ;;
    build) say "Built: $build/bin" ;;
  esac
}

main "$@"
