#!/usr/bin/env bash
# Collects the sentences of app/ and brings every catalogue up to date. New sentences come in empty, and changed ones
# are never guessed: tests/test_catalogues.py names what is left to translate.
set -euo pipefail
cd "$(dirname "$0")/.."
pybabel=.venv/bin/pybabel
pot=$(mktemp --suffix=.pot)
trap 'rm -f "$pot"' EXIT

"$pybabel" -q extract --mapping=app/locale/mapping.ini --keyword=N_ --keyword=N_:1,2 --add-comments=Translators: \
    --sort-output --no-location --project=Kuliss --version=1 --copyright-holder="Kuliss contributors" \
    --output="$pot" app
for locale in en sv fi nb; do
    file=app/locale/$locale/LC_MESSAGES/kuliss.po
    if [ -e "$file" ]; then
        "$pybabel" -q update --domain=kuliss --input-file="$pot" --output-dir=app/locale --locale="$locale" \
            --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
    else
        "$pybabel" -q init --domain=kuliss --input-file="$pot" --output-dir=app/locale --locale="$locale"
    fi
done
