#!/usr/bin/env bash
# Installs what is missing, builds Convlens and runs its tests; then the unit tests again under the sanitizers.
# Prints ctest's closing lines, what failed, and the seconds that each part took; the exit code is 0 if nothing did.
set -euo pipefail
cd "$(dirname "$0")/.."
. app/packages.sh
. app/build.sh

failed=0
times=()
# timed NAME COMMAND... : runs the command and keeps its seconds under the name.
timed() {
    local name=$1 start=$SECONDS
    shift
    "$@"
    times+=("$name $((SECONDS - start)) s")
}

# run_tests PRESET [CTEST OPTION...]
run_tests() {
    local preset=$1 log=build/$1.tests.log
    shift
    echo "convlens: testing $preset" >&2
    if ctest --test-dir "build/$preset" -j2 --output-on-failure --no-tests=error "$@" >"$log" 2>&1; then
        tail -n 12 "$log"
    else
        failed=1
        grep -vE "^ *Start | Passed " "$log" || true
    fi
}

timed "packages" install_packages "${build_packages[@]}" "${test_packages[@]}"
timed "release built" build_preset release all
timed "tested" run_tests release
for preset in asan tsan; do
    timed "$preset built" build_preset $preset convlens_tests
    timed "tested" run_tests $preset -L unit
done
(IFS=,; echo "convlens:${times[*]/#/ }")
exit $failed
