#!/usr/bin/env bash
# Makes sure that a real Chromium is there for the browser tests; on Debian as root it is installed.
set -euo pipefail

there() { for name in chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable /usr/bin/chromium; do
    command -v "$name" >/dev/null && return; done; return 1; }

[ -n "${CHROMIUM:-}" ] && [ -x "$CHROMIUM" ] && exit 0
there && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium for the browser tests ..."
    export DEBIAN_FRONTEND=noninteractive
    log=$(mktemp)
    # The one without windows is smaller and takes two thirds of the time; not every system has it.
    get() { apt-get install -y -qq --no-install-recommends "$1" fonts-dejavu-core; }
    { apt-get update -qq && { get chromium-headless-shell || get chromium; }; } >"$log" 2>&1 || cat "$log" >&2
    rm -f "$log"
fi
there && exit 0
echo "The tests need Chromium or Chrome. Install one (Debian: apt-get install chromium), or name it: CHROMIUM=/path." >&2
exit 1
