#!/bin/sh
# environment.sh VENV LOCK: make the environment with Python 3.10 and install the lock file.
set -eu
venv=$1
lock=$2

is_310() {
    "$1" -c 'import sys, venv; sys.exit(sys.version_info[:2] != (3, 10))' >/dev/null 2>&1
}

find_python() {
    for candidate in python3.10 python3 python \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10*/bin/python; do
        if is_310 "$candidate"; then
            echo "$candidate"
            return 0
        fi
    done
    if command -v uv >/dev/null 2>&1; then
        found=$(uv python find 3.10 2>/dev/null) ||
            { uv python install 3.10 >/dev/null 2>&1 && found=$(uv python find 3.10 2>/dev/null); } ||
            found=
        if [ -n "$found" ] && is_310 "$found"; then
            echo "$found"
            return 0
        fi
    fi
    return 1
}

if ! is_310 "$venv/bin/python"; then
    python=$(find_python) || {
        echo "passerelle: Python 3.10 was not found on the PATH, under pyenv or through uv; install it (for example: uv python install 3.10) and try again." >&2
        exit 2
    }
    echo "Environment: making $venv with $("$python" --version)"
    rm -rf "$venv"
    "$python" -m venv "$venv"
fi

echo "Environment: installing $lock (a few minutes the first time)"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
    --require-hashes -r "$lock" >"$log" 2>&1; then
    tail -n 5 "$log" >&2
    echo "passerelle: the packages of $lock could not be installed; look at the lines above, check the network and the space left on the disk, and try again." >&2
    exit 2
fi
