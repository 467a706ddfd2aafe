#!/usr/bin/env bash
# clang-tidy over the engine, which is where the numbers are made, without its static analyzer, which takes most of its
# time: tests/lint.sh has that, and the rest of the tree.
#   tests/tidy.sh [BUILD]   BUILD is a configured build folder, build/release if not named
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/tests/clang_tidy.sh"
clang_tidy "${1:-$root/build/release}" "-clang-analyzer-*" "$root/core"
