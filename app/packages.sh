# The Debian packages Convlens needs, and a function that installs what is missing. Sourced by app/run.sh and
# tests/run.sh; runs nothing by itself. Where every package is present it touches neither apt nor the network.

build_packages=(
    build-essential cmake ninja-build ccache pkg-config
    python3 python3-venv ca-certificates # pip fetches the pinned source archives
    libfreetype-dev libfontconfig-dev libcairo2-dev nettle-dev libhwy-dev
    libpng-dev zlib1g-dev libdeflate-dev libjpeg62-turbo-dev libtiff-dev libwebp-dev libgif-dev # image files
    libfmt-dev nlohmann-json3-dev libcli11-dev
    gettext # compiles the words of other languages
    libgl-dev libx11-dev libxrandr-dev libxinerama-dev libxcursor-dev libxi-dev
    libwayland-dev libxkbcommon-dev
    fonts-inter fonts-jetbrains-mono fonts-dejavu-core # compiled into the program
    fonts-wqy-microhei fonttools # of which the Chinese characters are compiled in that the words have
    libgl1 libegl1 libegl-mesa0 libgl1-mesa-dri # the OpenGL that the window finds at run time
)

test_packages=(
    libgtest-dev clang-format
    xvfb xauth # a screen for the driven windows
)

# Runs apt-get, which is install_packages' `apt`. A machine that has just started may be installing its updates: waits
# up to five minutes for whoever holds one of the locks.
run_apt() {
    local said end=$((SECONDS + 300))
    until said=$("${apt[@]}" "$@" 2>&1 >/dev/null); do
        if [[ $said != *' lock '* ]] || ((SECONDS >= end)); then
            echo "$said" >&2
            return 1
        fi
        sleep 3
    done
}

# install_packages NAME... : installs those that dpkg does not know as installed.
install_packages() {
    local installed missing=() name as_root=()
    # dpkg-query fails when it has never heard of one of them, and lists the others all the same
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true)
    for name in "$@"; do
        grep -qxF "installed $name" <<<"$installed" || missing+=("$name")
    done
    [ ${#missing[@]} -gt 0 ] || return 0

    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "convlens: these packages are missing, and installing them needs root or sudo: ${missing[*]}" >&2
            return 1
        fi
        as_root=(sudo)
    fi
    echo "convlens: installing ${missing[*]}" >&2
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get -qq -o Dpkg::Use-Pty=0)
    run_apt update && run_apt install -y --no-install-recommends "${missing[@]}"
}
