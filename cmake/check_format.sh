#!/usr/bin/env bash
# Whether every source is as clang-format would write it.
#   check_format.sh ROOT
# Exit status: 0 yes, 1 no, 2 usage, 77 (skipped) without clang-format.
set -euo pipefail

[[ $# == 1 && -d $1 ]] || { echo "usage: $0 ROOT" >&2; exit 2; }
command -v clang-format >/dev/null || { echo "clang-format is not installed"; exit 77; }
cd "$1"
find simulator conformance reports fixtures -type f \( -name '*.h' -o -name '*.cc' \) -print0 |
  xargs -0 -n 25 -P "$(nproc)" clang-format --dry-run -Werror
