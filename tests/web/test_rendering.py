"""Pages: every part once, in four languages, in one house."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from time import thread_time
from typing import Any, cast

import pytest
from jinja2 import BaseLoader, UndefinedError
from jinja2.nodes import Assign, AssignBlock, Block, Name, Node, Tuple
from starlette.requests import Request
from starlette.testclient import TestClient

from app.domain.posts import PostStatus
from app.domain.publications import Status
from app.foundation.i18n import LOCALES
from app.web import formats, icons, labels
from app.web.rendering import environment, render, static
from tests.web.gallery import AT, ERRORS, SECRET, frame, gallery_app, template


def ask(path: str = "/gallery", **state: Any) -> Request:
    scope = {"type": "http", "path": path, "headers": [], "query_string": b"", "state": state}
    return Request({**scope, "method": "GET", "scheme": "http", "server": ("kuliss.example", 80)})


def gallery(locale: str = "en") -> str:
    page = render(ask(frame=frame(locale)), template(), at=AT, errors=ERRORS)
    return bytes(page.body).decode()


def piece(source: str, **context: Any) -> str:
    return bytes(render(ask(frame=frame()), environment().from_string(source), **context).body).decode()


@pytest.mark.parametrize("locale", LOCALES)
def test_every_part_renders_in_every_language(locale: str) -> None:
    page = gallery(locale)
    assert f'<html lang="{locale}">' in page
    assert "12.00" in page


def test_a_page_carries_exactly_the_drawings_that_it_uses() -> None:
    page = gallery()
    used, carried = set(re.findall(r'<use href="#i-(\w+)"', page)), re.findall(r'<symbol id="i-(\w+)"', page)
    assert used == set(carried)
    assert len(carried) == len(used)
    assert 'id="i-print"' not in page


def test_an_icon_without_a_drawing_is_a_bug() -> None:
    with pytest.raises(KeyError, match="unicorn"):
        icons.use("unicorn")


def test_no_inline_style_or_script() -> None:
    assert not re.search(r'\sstyle="|\son\w+="|<script>|<style', gallery())


def test_typed_text_comes_back_and_stays_text() -> None:
    page = gallery()
    assert 'value="&lt;Ten&gt; &#34;books&#34;"' in page
    assert "Årets bok\nis here 📚</textarea>" in page
    assert '<option value="2" selected>Koivuranta</option>' in page
    assert 'value="human" checked' in page


def test_the_summary_leads_to_controls_that_exist() -> None:
    page = gallery()
    links = re.findall(r'<li><a href="#(\w+)">', page.partition('role="alert"')[2].partition("</ul>")[0])
    assert links == ["tone", "title", "hour", "channels"]
    assert all(len(re.findall(f'id="{link}"', page)) == 1 for link in links)


def test_ids_are_unique_and_descriptions_lead_somewhere() -> None:
    page = gallery()
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    named = re.findall(r'aria-(?:describedby|labelledby)="([^"]+)"', page)
    assert {one for names in named for one in names.split()} <= set(ids)


def test_the_token_is_masked_anew_for_every_page() -> None:
    tokens = [set(re.findall(r'name="csrf" value="([^"]+)"', gallery())) for _ in range(2)]
    assert len(tokens[0]) == 1
    assert tokens[0] != tokens[1]
    assert SECRET not in gallery()


def test_text_is_counted_and_cut_as_the_network_does() -> None:
    source = (
        '{% from "parts/preview.html" import facebook_preview %}{{ facebook_preview("P", text, shown=12) }}'
    )
    assert '<p class="said">one two … <span' in piece(source, text="one two threefour five")
    assert "…" not in piece(source, text="one two")
    assert "No text yet" in piece(source, text="")


def test_what_is_not_given_is_a_bug_and_not_an_empty_place() -> None:
    with pytest.raises(UndefinedError):
        piece("{{ forgotten }}")


def names(node: Node, kind: str, *, below: bool = True) -> set[str]:
    """Names that are loaded or stored below a node; without `below` only what stands in it directly."""
    found = node.find_all(Name) if below else (each for one in node.iter_child_nodes() for each in _own(one))
    return {each.name for each in found if each.ctx == kind}


def _own(node: Node) -> Iterator[Name]:
    if isinstance(node, Assign | AssignBlock):
        yield from node.target.find_all(Name) if isinstance(node.target, Tuple) else [cast(Name, node.target)]


def test_no_block_uses_a_name_that_is_set_in_a_block_around_it() -> None:
    """Jinja does not hand such a name on: the page breaks, and only for those who are shown that block."""
    assert [name for name in environment().list_templates(["html"]) if _lost(name)] == []


def _lost(template: str) -> set[str]:
    source, _, _ = cast(BaseLoader, environment().loader).get_source(environment(), template)
    parsed = environment().parse(source)
    everywhere, lost = names(parsed, "store", below=False), set[str]()
    for outer in parsed.find_all(Block):
        around = names(outer, "store") - everywhere
        for inner in outer.find_all(Block):
            if inner is not outer:
                lost |= (around - names(inner, "store")) & names(inner, "load")
    return lost


def test_the_practice_strip_tells_the_truth() -> None:
    both = render(ask(frame=frame(real=True)), "error.html", title="T", sentence="S", next=None)
    assert b"Nothing here can reach the public" not in both.body
    assert b"Some channels are for practice" in both.body
    assert "Nothing here can reach the public" in gallery()


def test_a_person_from_a_lower_floor_fills_the_frame() -> None:
    class Viewer:
        person_name, locale, csrf = "Leyla D.", "fi", "s"

    page = render(ask(viewer=Viewer()), "error.html", title="T", sentence="S", next=None)
    assert b"Leyla D." in page.body
    assert b'lang="fi"' in page.body


def test_a_stranger_gets_a_page_without_a_house() -> None:
    page = render(ask(), "error.html", 404, title="T", sentence="S", next=None)
    assert page.status_code == 404
    assert b"/sign-out" not in page.body
    assert b'lang="en"' in page.body


def test_the_menu_knows_where_one_is() -> None:
    answer = render(ask("/posts/12", frame=frame()), "error.html", title="T", sentence="S", next=None)
    page = bytes(answer.body).decode()
    assert page.count('aria-current="page"') == 1
    assert '<a href="/posts" aria-current="page">' in page
    assert "Queue <b>4</b>" in page


def test_every_status_has_its_word_and_drawing() -> None:
    assert set(labels.PUBLICATIONS) == {str(status) for status in Status}
    assert {str(status) for status in PostStatus} <= set(labels.POSTS)
    for group in (labels.TONES, labels.PUBLICATIONS, labels.POSTS, labels.CHANNELS):
        assert {label.icon for label in group.values()} <= set(icons.SYMBOLS)


def test_a_file_has_its_hash_in_its_address() -> None:
    assert re.fullmatch(r"/static/kuliss\.css\?v=[0-9a-f]{10}", static("kuliss.css"))
    with pytest.raises(FileNotFoundError):
        static("nothing.css")


def test_days_and_times_are_written_as_people_write_them() -> None:
    now = datetime(2026, 11, 23, 7, tzinfo=UTC)
    assert formats.clock_time(datetime(2026, 11, 25, 7, tzinfo=UTC), "Europe/Helsinki", "en") == "9.00"
    assert formats.moment(AT, "Europe/Helsinki", "en", now) == "Wed 12.00"
    assert formats.moment(AT.replace(month=12), "Europe/Helsinki", "en", now) == "Fri 25 Dec 12.00"
    assert formats.day_name(date(2026, 11, 25), "en") == "Wednesday 25 November"
    assert formats.day_name(date(2026, 11, 25), "fi") == "keskiviikko 25. marraskuuta"
    assert formats.week_number(date(2027, 1, 1)) == 53
    assert formats.ago(datetime(2026, 11, 23, 6, 57, tzinfo=UTC), now, "en") == "3 minutes ago"


def test_a_large_page_is_quick() -> None:
    """Seconds of processor: what others take from it on a busy machine does not count."""
    gallery()
    start = thread_time()
    for _ in range(5):
        gallery()
    assert (thread_time() - start) / 5 < 0.1


def test_the_app_answers_with_the_page() -> None:
    with TestClient(gallery_app()) as client:
        assert client.get("/gallery").text.startswith("<!doctype html>")
