#!/usr/bin/env bash
# clang-tidy over the engine, which is where the numbers are made. It is slow: tests/lint.sh has the rest.
#   tests/tidy.sh [BUILD]   BUILD is a configured build folder, build/release if not named
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/tests/clang_tidy.sh"
clang_tidy "${1:-$root/build/release}" "$root/core"
