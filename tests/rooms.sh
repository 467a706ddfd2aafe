#!/usr/bin/env bash
# The order of the house. Fails, naming the places, on an include that climbs, on a folder whose sources are in two
# targets, and on a room without a README.
#   tests/rooms.sh
set -euo pipefail
cd "$(dirname "$0")/.."

# From the ground up: a room includes only itself and rooms that stand before it.
rooms="core/base core/text core/tensor core/conv core/image core/io core/engine core/trace core/codegen core/import
    core/cases app/words app/scene app/document app/jobs app/gpu app/render app/derived app/moment app/photo app/views app/session
    app/export app/panels app/cli app/window"
# Includes that still climb. One that does no longer is a fault, too: it leaves this list.
still=""

faults=$(find core app -name '*.cpp' -o -name '*.h' | sort |
    xargs -d '\n' grep -HoE '^#include "(core|app)/[^"]+' |
    awk -v rooms="$rooms" -v still="$still" '
        function room(path,  r) { for (r in place) if (index(path, r "/") == 1) return r; return "" }
        BEGIN { n = split(rooms, list); for (i = 1; i <= n; ++i) place[list[i]] = i
                n = split(still, list); for (i = 1; i <= n; ++i) climbs[list[i]] = 1 }
        { split($0, part, /:#include "/); from = room(part[1]); to = room(part[2])
          if (part[1] ~ /^app\/(main\.cpp|third_party\/)/ || part[2] ~ /^app\/third_party\//) next
          if ((getline line < part[2]) < 0) next  # a header of a library that begins with core/, too
          close(part[2])
          if (from == "") print part[1] ": is in no room of tests/rooms.sh"
          else if (to == "") print part[1] ": includes " part[2] ", which is in no room of tests/rooms.sh"
          else if (place[to] > place[from]) {
              if (from ">" to in climbs) seen[from ">" to] = 1
              else print part[1] ": includes " part[2] ", of a room above its own" } }
        END { for (c in climbs) if (!(c in seen)) print "tests/rooms.sh: " c " does not climb any more; take it off the list" }')

twice=$(awk 'FNR == 1 { dir = FILENAME; sub("/CMakeLists.txt", "", dir) }
    /^add_(library|executable)\(/ { target = $1; sub(/.*\(/, "", target) }
    /^ +[a-z_0-9\/]+\.cpp$/ { path = $1; if (path !~ /\//) next; sub(/\/[^\/]*$/, "", path); key = dir "/" path
        if (key in owner && owner[key] != target) print key ": is in the targets " owner[key] " and " target
        owner[key] = target }' core/CMakeLists.txt app/CMakeLists.txt | sort -u)

bare=$(for room in $rooms; do [ -f "$room/README.md" ] || echo "$room: has no README.md"; done)

all=$(printf '%s\n' "$faults" "$twice" "$bare" | sed '/^$/d')
[ -z "$all" ] && exit
printf '%s\n' "$all" >&2
exit 1
