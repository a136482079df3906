"""Forms that no browser sends are refused, not stumbled over."""

import pytest

from tests.web.visitor import Visitor

BODY = b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\n\\ud800\r\n--x--\r\n'


@pytest.mark.parametrize("encoding", ["unicode_escape", "punycode", "undefined"])
def test_a_form_in_an_odd_encoding_is_refused(visitor: Visitor, encoding: str) -> None:
    kind = f"multipart/form-data; boundary=x; charset={encoding}"
    answer = visitor.client.post("/sign-in", content=BODY, headers={"content-type": kind})
    assert answer.status_code == 400
    assert "be read." in answer.text
