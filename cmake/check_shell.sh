#!/usr/bin/env bash
# Whether shellcheck is content with every script.
#   check_shell.sh ROOT
# Exit status: 0 yes, 1 no, 2 usage, 77 (skipped) without shellcheck.
set -euo pipefail

[[ $# == 1 && -d $1 ]] || { echo "usage: $0 ROOT" >&2; exit 2; }
command -v shellcheck >/dev/null || { echo "shellcheck is not installed"; exit 77; }
cd "$1"
shellcheck quickstart.sh .ci/run cmake/*.sh
