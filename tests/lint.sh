#!/usr/bin/env bash
# clang-tidy over everything of ours: minutes, so it is run by hand and not by tests/run.sh.
#   tests/lint.sh [BUILD]   BUILD is a configured build folder, build/release if not named
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/tests/clang_tidy.sh"
clang_tidy "${1:-$root/build/release}" "" "$root/core" "$root/app" "$root/tests"
