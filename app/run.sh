#!/usr/bin/env bash
# Installs what is missing, builds Convlens and starts it with the arguments given.
#   app/run.sh [ARGUMENT...]    the window, or one of the program's commands
#   app/run.sh --build-only     stops after the build, leaving build/release/bin/convlens
# With neither a display nor arguments it draws an example into build/demo instead.
set -euo pipefail
cd "$(dirname "$0")/.."
. app/packages.sh
. app/build.sh

install_packages "${build_packages[@]}"
build_preset release convlens
program=$PWD/build/release/bin/convlens

if [ "${1:-}" = --build-only ]; then
    exit
fi
cd "$OLDPWD" # file names among the arguments are the caller's

if [ $# -eq 0 ] && [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    demo=${program%/release/bin/convlens}/demo
    mkdir -p "$demo"
    "$program" render conv2-xcorr2-conv2d -o "$demo/conv2-xcorr2-conv2d.png" --step 16
    "$program" render conv2-xcorr2-conv2d -o "$demo/conv2-xcorr2-conv2d.gif"
    echo "convlens: there is no display for a window; an example is in"
    echo "$demo/conv2-xcorr2-conv2d.png"
    echo "$demo/conv2-xcorr2-conv2d.gif"
    exit
fi
exec "$program" "$@"
