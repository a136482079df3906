"""What every answer says to the browser."""

import gzip
import re

import pytest
from starlette.testclient import TestClient

from app.web.rendering import STATIC, static
from tests.web.gallery import gallery_app


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(gallery_app(), raise_server_exceptions=False)


@pytest.mark.parametrize("path", ["/", "/sign-in", "/crash", "/nowhere", "/plain", static("kuliss.css")])
def test_every_answer_is_guarded_even_a_crash(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'; base-uri 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["strict-transport-security"] == "max-age=31536000"


def test_no_promise_of_https_where_there_is_none() -> None:
    with TestClient(gallery_app("http://127.0.0.1:8000")) as plain:
        assert "strict-transport-security" not in plain.get("/").headers


def test_one_page_may_lead_to_a_network_and_the_next_may_not(client: TestClient) -> None:
    opened = client.get("/sign-in").headers["content-security-policy"]
    assert "form-action 'self' https://www.facebook.com;" in opened
    assert "form-action 'self';" in client.get("/").headers["content-security-policy"]


def test_pages_are_never_kept_and_hashed_files_for_ever(client: TestClient) -> None:
    def kept(path: str) -> str:
        return client.get(path).headers["cache-control"]

    assert kept("/") == kept("/crash") == kept("/static/none.css?v=1") == "no-store"
    assert kept(static("kuliss.css")) == "public, max-age=31536000, immutable"
    assert kept("/static/kuliss.css") == "no-cache"
    assert kept("/plain") == "private, max-age=60"


def test_pages_travel_compressed(client: TestClient) -> None:
    answer = client.get("/", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"


def test_a_first_visit_is_small(client: TestClient) -> None:
    page = client.get("/").text
    own = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
    sizes = [len(gzip.compress(client.get(path).content, 6)) for path in own]
    assert len(own) + 1 <= 6
    assert sum(sizes) + len(gzip.compress(page.encode(), 6)) <= 40_000
    assert len(gzip.compress((STATIC / "kuliss.js").read_bytes(), 6)) <= 6_000
    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', page)
