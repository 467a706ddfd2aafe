# Sourced by tidy.sh and lint.sh, which are run by hand before a change lands: they take minutes.
. "$root/app/packages.sh"
install_packages clang-tidy

# clang_tidy BUILD CHECKS FOLDER... : checks the files below FOLDERs that BUILD compiles, each for at most five minutes
# (a busy machine is slow). CHECKS is added to .clang-tidy's; "" for those alone. Prints the findings; fails if there are
# any. Of what is compiled for several instruction sets it sees one: the source is the same.
clang_tidy() {
    local build=$1 checks=$2 folder
    shift 2
    for folder in "$@"; do
        sed -n "s|^ *\"file\": \"\($folder/.*\.cpp\)\".*|\1|p" "$build/compile_commands.json"
    done | sort -u | grep -v /third_party/ | xargs -r -P "$(nproc)" -n 1 \
        sh -c 'timeout 300 clang-tidy -p "$0" --quiet --checks="$1" --extra-arg=-DHWY_COMPILE_ONLY_STATIC "$2" 2>/dev/null ||
            { echo "clang-tidy refuses $2"; exit 1; }' "$build" "$checks"
}
