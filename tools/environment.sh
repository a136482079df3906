#!/usr/bin/env bash
# Makes .venv with uv and the build backend in it, from requirements-boot.lock. Needs a Python >= 3.11 and its pip,
# not Debian's python3-venv: the environment is made without pip and filled by the pip outside.
set -euo pipefail
cd "$(dirname "$0")/.."

fits() { "$1" -c 'import sys, ssl, sqlite3, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
has_pip() { "$1" -m pip --version >/dev/null 2>&1; }
has_ensurepip() { "$1" -c 'import ensurepip' 2>/dev/null; }

found=""
for name in ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.14}; do
    command -v "$name" >/dev/null || continue
    fits "$name" || continue
    if has_pip "$name" || has_ensurepip "$name"; then found="$name"; break; fi
    no_pip="$name"
done
if [ -z "$found" ]; then
    if [ -n "${no_pip:-}" ]; then
        echo "Kuliss found $no_pip, but neither its pip nor its ensurepip. On Debian: apt-get install python3-pip." >&2
    else
        echo "Kuliss needs Python 3.11 or newer, with ssl and sqlite3. None was found; PYTHON=/path/to/python3 may name it." >&2
    fi
    exit 1
fi

echo "Making .venv with $("$found" --version) ..."
if has_pip "$found"; then
    "$found" -m venv --clear --without-pip .venv
    pip=("$found" -m pip --python .venv/bin/python)
else
    "$found" -m venv --clear .venv
    pip=(.venv/bin/python -m pip)
fi
"${pip[@]}" --disable-pip-version-check install --quiet --require-hashes -r requirements-boot.lock
pwd > .venv/home
