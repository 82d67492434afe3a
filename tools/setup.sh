#!/bin/sh
# Makes .venv: the pinned packages and this project, editable. Called by `make setup`.
#
# PYTHON names the interpreter; without it the first one that works is taken.
set -eu
cd "$(dirname "$0")/.."

here=$(pwd -P)
venv=.venv
stamp=$venv/.ready
wanted='import sys; sys.exit(sys.version_info < (3, 11))'

say() { printf '%s\n' "setup: $*"; }
die() { say "$*" >&2; exit 1; }

# A name on the PATH is no promise: version managers put shims there that only fail.
# So each candidate is run. One that lacks venv is passed over for one that has it.
find_python() {
    if [ -n "${PYTHON:-}" ]; then
        set -- "$PYTHON"
    else
        set -- python3 python3.13 python3.12 python3.11
    fi
    bare=
    for candidate in "$@"; do
        "$candidate" -c "$wanted" >/dev/null 2>&1 || continue
        if "$candidate" -c 'import ensurepip, venv' >/dev/null 2>&1; then
            printf '%s\n' "$candidate"
            return
        fi
        bare=${bare:-$candidate}
    done
    if [ -n "$bare" ]; then
        die "$bare has no venv module. On Debian and Ubuntu: apt install python3-venv"
    fi
    die "MTA needs Python 3.11 or newer; looked for: $*." \
        "Install it, or say where it is: make setup PYTHON=/path/to/python"
}

# Scripts in a virtual environment hold its path, so a moved one is made anew.
moved() { [ -f "$stamp" ] && [ "$(cat "$stamp")" != "$here" ]; }

if moved || ! "$venv/bin/python" -c "$wanted" >/dev/null 2>&1; then
    python=$(find_python)
    say "making $venv with $("$python" --version)"
    "$python" -m venv --clear "$venv"
fi

pip() {
    "$venv/bin/python" -m pip -qq --disable-pip-version-check --no-input "$@"
}
say "installing the packages of requirements/dev.txt (a minute, once)"
pip install --require-hashes --no-deps --progress-bar off -r requirements/dev.txt
say "installing mta itself"
pip install --no-deps --no-build-isolation --no-index -e .
[ -x "$venv/bin/mta" ] || die "$venv/bin/mta is missing; remove $venv and try again"

printf '%s\n' "$here" >"$stamp"
say "ready: $venv/bin/mta"
