"""The sheet for the IT department tells what the code does."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from app.actions import assets, unsaved
from app.connectors import registry
from app.domain.networks import Realm
from app.errands import housekeeping, mails
from app.foundation.settings import Settings

ROOT = Path(__file__).parents[1]
SHEET = (ROOT / "packaging" / "it-sheet.md").read_text(encoding="utf-8")
DEFAULTS = Settings(_env_file=None)
# Addresses in the code that the program itself never calls: links for people, and examples.
NOT_CALLED = {"developers.facebook.com", "www.instagram.com"}
_HOST = re.compile(r"https://([a-z0-9-]+(?:\.[a-z0-9-]+)+)")


def test_every_setting_that_it_names_exists() -> None:
    named = set(re.findall(r"`([A-Z][A-Z_]+)`", SHEET))
    assert named <= {name.upper() for name in Settings.model_fields} | {"DATA_DIR/keys"}
    assert {"PUBLIC_URL", "SMTP_HOST", "METRICS_TOKEN"} <= named


@pytest.mark.parametrize("name", ["port", "practice_port", "smtp_port"])
def test_ports_are_the_usual_ones(name: str) -> None:
    assert re.search(rf"`{name.upper()}` \({getattr(DEFAULTS, name)}\)", SHEET), name


def test_every_address_that_is_called_is_told() -> None:
    endpoint = registry.endpoint(DEFAULTS, Realm.META)
    for address in (endpoint.graph, endpoint.dialog):
        assert f"`{address.removeprefix('https://')}`" in SHEET
    found = set()
    for path in (ROOT / "app").rglob("*.py"):
        if "practice" not in path.parts:
            found |= set(_HOST.findall(path.read_text(encoding="utf-8")))
    examples = {host for host in found if host.endswith((".example", ".example.org"))}
    for host in found - examples - NOT_CALLED:
        assert f"`{host}`" in SHEET, host


def test_what_is_kept_is_kept_so_long() -> None:
    for words, span in (
        ("Mails that were sent (subject, text) | 30 days", mails.KEPT),
        ("removed pictures go after 30 days", assets.KEPT),
        ("Keys of answered API requests | 2 days", housekeeping.KEYS_LIVE),
        ("did not save, encrypted | 7 days", unsaved.KEPT),
    ):
        assert words in SHEET, words
        told = re.search(r"(\d+) days", words)
        assert told is not None
        assert timedelta(days=int(told[1])) == span


def test_figures_are_those_that_were_measured() -> None:
    results = (ROOT / "tests" / "benchmarks" / "RESULTS.md").read_text(encoding="utf-8")
    measured = re.findall(r"memory after 500 pages with 20,000 posts, MB \| (\d+)", results)
    newest = int(measured[0])  # the newest stands first
    told = re.search(r"about (\d+) MB in use with 20,000 posts", SHEET)
    assert told is not None
    assert abs(int(told[1]) - newest) <= 10
    assert re.search(r"peak during the uploads, server and reader \| 2\d\d \| 250 \| reached", results)


def test_what_it_leads_to_is_there() -> None:
    for name in ("packaging", "compose.yaml", "tests/security/ASVS.md"):
        assert f"`{name}" in SHEET
        assert (ROOT / name).exists()
    assert len(SHEET.splitlines()) < 90, "it is one page to print"
