# The Debian packages Convlens needs, and a function that installs what is missing. Sourced by app/run.sh and
# tests/run.sh; runs nothing by itself. Where every package is present it touches neither apt nor the network.

build_packages=(
    build-essential cmake ninja-build ccache pkg-config
    python3 python3-venv ca-certificates # pip fetches the pinned source archives
    libfreetype-dev libcairo2-dev libpng-dev libgif-dev nettle-dev libhwy-dev
    libfmt-dev nlohmann-json3-dev libcli11-dev
    libgl-dev libx11-dev libxrandr-dev libxinerama-dev libxcursor-dev libxi-dev
    libwayland-dev libxkbcommon-dev
    fonts-inter fonts-jetbrains-mono fonts-dejavu-core # compiled into the program
    libgl1 libegl1 libegl-mesa0 libgl1-mesa-dri # the OpenGL that the window finds at run time
)

test_packages=(
    libgtest-dev clang-format clang-tidy
    xvfb xauth # a screen for the driven windows
)

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
    # a machine that has just started may be installing its updates: wait for them
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0
        -o DPkg::Lock::Timeout=300)
    "${apt[@]}" update >/dev/null && "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >/dev/null
}
