#!/usr/bin/env bash
# Runs the programs that Convlens writes for other frameworks in those frameworks, and compares what they print with
# Convlens' own numbers; then asks all of them whether they refuse what Convlens says that they do. Prints a table and a
# line a rule; the exit code is 1 if one result differs. Not part of tests/run.sh: it installs
# some gigabytes of frameworks (from PyPI, into build/peers) and takes minutes.
#
#   tests/peers/run.sh [COUNT [SEED [FRAMEWORK...]]]     COUNT settings, 80 if not said
#   tests/peers/run.sh --programs [FRAMEWORK...]         runs the programs of tests/fixtures/programs/, and renews those
#                                                        that give Convlens' own numbers
#
# MATLAB's programs run in Octave where there is one.
set -euo pipefail
cd "$(dirname "$0")/../.."
. app/packages.sh
. app/build.sh

choice=("${1:-80}")
keep=()
if [ "${1:-}" = --programs ]; then
    keep=(--keep tests/fixtures/programs)
else
    choice+=("${2:-1}")
    shift $(($# < 2 ? $# : 1))
fi
shift $(($# < 1 ? $# : 1))

install_packages "${build_packages[@]}" "${test_packages[@]}"
build_preset release convlens_peer_settings

peers=build/peers
[ -x "$peers/bin/python" ] || python3 -m venv "$peers"
"$peers/bin/pip" install --quiet --disable-pip-version-check -r tests/peers/requirements.txt

build/release/bin/convlens_peer_settings "${choice[@]}" >"$peers/settings.json"
status=0
"$peers/bin/python" tests/peers/compare.py "${keep[@]}" "$peers/settings.json" "$@" || status=1
[ $# -gt 0 ] || [ ${#keep[@]} -gt 0 ] || "$peers/bin/python" tests/peers/refusals.py || status=1
exit $status
