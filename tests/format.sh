#!/usr/bin/env bash
# Fails, naming the places, where our C++ is not as .clang-format wants it.
#   tests/format.sh [FILE...]         all of it, or these files
#   tests/format.sh --fix [FILE...]   makes it so
set -euo pipefail
fix=false
if [ "${1:-}" = --fix ]; then
    fix=true
    shift
fi
if [ $# -eq 0 ]; then
    cd "$(dirname "$0")/.."
    mapfile -t files < <(find app core tests -name '*.h' -o -name '*.cpp')
    set -- "${files[@]}"
fi

if $fix; then
    exec clang-format -i "$@"
fi
if places=$(clang-format --dry-run -Werror "$@" 2>&1); then
    exit
fi
grep -E ': (error|warning): ' <<<"$places" | cut -d: -f1,2 | sort -u
echo "tests/format.sh --fix puts these right" >&2
exit 1
