"""Forms that no browser sends are refused, not stumbled over."""

from collections.abc import Callable

import pytest

from app.domain.roles import Actor
from tests.cast import Cast
from tests.web.visitor import Visitor

BODY = b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\n\\ud800\r\n--x--\r\n'


@pytest.mark.parametrize("encoding", ["unicode_escape", "punycode", "undefined"])
def test_a_form_in_an_odd_encoding_is_refused(visitor: Visitor, encoding: str) -> None:
    kind = f"multipart/form-data; boundary=x; charset={encoding}"
    answer = visitor.client.post("/sign-in", content=BODY, headers={"content-type": kind})
    assert answer.status_code == 400
    assert "be read." in answer.text


def test_the_mark_of_a_sending_may_be_anything(cast: Cast, visit: Callable[[Actor], Visitor]) -> None:
    editor, new = visit(cast.editor), {"unit_id": cast.koivuranta.id, "title": "Once", "do": "save"}
    made = [editor.send("/posts/new", "/posts/new", once="a\x00b" * 99, **new) for _ in range(2)]
    assert made[0].status_code == 303
    assert made[0].headers["location"] == made[1].headers["location"]


def test_what_is_typed_beside_files_does_not_fill_the_memory(
    cast: Cast, visit: Callable[[Actor], Visitor]
) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n' + b"a" * 400_000 + b"\r\n"
    kind = {"content-type": "multipart/form-data; boundary=x"}
    for parts, status in ((2, 403), (3, 400)):  # without the mark of our pages; too much to look for it
        answer = visit(cast.editor).client.post(
            "/posts/new", content=part * parts + b"--x--\r\n", headers=kind
        )
        assert answer.status_code == status


def test_no_answer_leads_to_a_host_that_the_request_names(visitor: Visitor) -> None:
    answer = visitor.get("/sign-in/", headers={"host": "evil.example"})
    assert (answer.status_code, answer.headers.get("location")) == (404, None)
