#!/usr/bin/env bash
# Makes .venv with everything Sparring needs, and installs the sandbox's system packages when it may.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '== %s\n' "$*"; }

find_python() {
    for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
        [ -n "$candidate" ] || continue
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo "Sparring needs Python 3.11 or newer; set PYTHON=/path/to/python3 and run this again." >&2
    exit 1
}

install_system_packages() {
    local missing=()
    command -v bwrap >/dev/null || missing+=(bubblewrap)
    ldconfig -p 2>/dev/null | grep -q 'libseccomp\.so\.2' || missing+=(libseccomp2)
    [ ${#missing[@]} -gt 0 ] || return 0
    local as=()
    [ "$(id -u)" = 0 ] || as=(sudo -n)
    if command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then
        say "installing ${missing[*]}"
        "${as[@]}" apt-get update -qq
        DEBIAN_FRONTEND=noninteractive "${as[@]}" apt-get install -y -qq "${missing[@]}" >/dev/null
    else
        echo "The sandbox needs ${missing[*]}. Install with:" >&2
        echo "    sudo apt-get install ${missing[*]}" >&2
        echo "(or your system's packages of the same names), then run this again." >&2
        exit 1
    fi
}

install_system_packages

if [ ! -x .venv/bin/python ]; then
    python=$(find_python)
    say "making .venv with $("$python" --version)"
    if ! "$python" -m venv .venv; then
        rm -rf .venv
        echo "Python cannot make an environment; on Debian: sudo apt-get install python3-venv" >&2
        exit 1
    fi
fi

say "installing Python packages (torch is large: the first time takes minutes)"
.venv/bin/python -m pip install --quiet --disable-pip-version-check \
    --constraint constraints.txt --editable '.[web,grader,dev]'
touch .venv/.ready
say "ready"
