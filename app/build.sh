# Sourced by app/run.sh and tests/run.sh, in the project's root.

# build_preset PRESET TARGET... : configures and builds, quietly unless it fails. Errors go to standard error, and so
# does the word on what is being done, because standard output is the program's.
build_preset() {
    local preset=$1 log=build/$1.log
    shift
    mkdir -p build
    echo "convlens: building $preset ($*)" >&2
    if ! { cmake --preset "$preset" && cmake --build --preset "$preset" --target "$@"; } >"$log" 2>&1; then
        tail -n 60 "$log" >&2
        echo "convlens: the build failed; all of it is in $log" >&2
        return 1
    fi
}
