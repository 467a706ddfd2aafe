#!/usr/bin/env bash
# Four shortcuts by real key events of an X server, with no time between the keys and in every order of release: undo,
# redo, save, larger. For long runs; the tests of key_feed_test.cpp cover every shortcut with a simulated clock.
#   tests/gui/real_keys.sh PROGRAM [ROUNDS]       needs Xvfb and xdotool; prints how many of the chords were taken
set -u
program=$(realpath "$1") rounds=${2:-10}
folder=$(mktemp -d)
export XDG_CONFIG_HOME=$folder/config XDG_STATE_HOME=$folder/state XDG_DATA_HOME=$folder/data LIBGL_ALWAYS_SOFTWARE=1
unset WAYLAND_DISPLAY
coproc xvfb { exec Xvfb -displayfd 1 -screen 0 1280x800x24 -noreset 2>/dev/null; }
read -r number <&"${xvfb[0]}"
export DISPLAY=:$number
trap 'kill "$window" "$xvfb_PID" 2>/dev/null; wait; rm -rf "$folder"' EXIT

work=$folder/work.convlens
"$program" import "nn.Conv2d(1, 1, 3)" -o "$work" >/dev/null 2>&1
"$program" "$work" 2>/dev/null &
window=$!
id=$(xdotool search --sync --onlyvisible --pid $window | tail -1)
xdotool windowfocus --sync "$id"
sleep 1

# chord ORDER KEY: Ctrl and the key at once; ORDER says which of the two goes up first.
chord() {
    if [ "$1" = ctrl ]; then
        xdotool keydown --delay 0 ctrl keydown --delay 0 "$2" keyup --delay 0 ctrl keyup --delay 0 "$2"
    else
        xdotool keydown --delay 0 ctrl keydown --delay 0 "$2" keyup --delay 0 "$2" keyup --delay 0 ctrl
    fi
}
turned() { grep -c '"flip_kernel": *true' "$work"; }
scale() { grep -o '"scale": *[0-9.]*' "$XDG_CONFIG_HOME/convlens/settings.json" | cut -c1-12; }
# wait_for WANTED COMMAND: up to 4 seconds
wait_for() {
    for _ in $(seq 40); do
        [ "$($2)" = "$1" ] && return
        sleep 0.1
    done
    false
}
taken=0 lost=0
# expect WHAT WANTED COMMAND
expect() {
    if wait_for "$2" "$3"; then
        taken=$((taken + 1))
    else
        lost=$((lost + 1))
        echo "lost: $1, $order first up" >&2
    fi
}
slowly() { for key; do xdotool key --delay 150 "$key"; sleep 0.3; done; }

for round in $(seq "$rounds"); do
    for order in ctrl key; do
        slowly t ctrl+s
        expect "save (slowly)" 1 turned
        chord $order z
        slowly ctrl+s
        expect undo 0 turned
        chord $order y
        slowly ctrl+s
        expect redo 1 turned
        slowly t
        chord $order s
        expect save 0 turned
        chord $order equal
        expect larger '"scale": 1.1' scale
        slowly ctrl+0
    done
done
echo "$taken of $((taken + lost)) taken"
[ "$lost" = 0 ]
