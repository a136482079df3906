"""The wire: what was never sent is told from what may have been carried out."""

import gzip
import socket
from collections.abc import Callable
from datetime import timedelta
from threading import Thread

import httpx
import pytest

from app.connectors import http
from app.connectors.http import NeverSent, NoAnswer, Wire
from app.foundation import clock


def wire(handler: Callable[[httpx.Request], httpx.Response]) -> Wire:
    return Wire(timeout=7, transport=httpx.MockTransport(handler))


def failing(kind: type[httpx.TransportError]) -> Wire:
    def handler(request: httpx.Request) -> httpx.Response:
        raise kind("http://graph.test/?access_token=hush")

    return wire(handler)


@pytest.mark.parametrize(
    "kind", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError]
)
def test_without_a_connection_nothing_was_sent(kind: type[httpx.TransportError]) -> None:
    with pytest.raises(NeverSent):
        failing(kind).send("POST", "http://graph.test/")


@pytest.mark.parametrize(
    "kind",
    [httpx.ReadTimeout, httpx.WriteError, httpx.WriteTimeout, httpx.ReadError, httpx.RemoteProtocolError],
)
def test_a_lost_answer_may_have_been_carried_out(kind: type[httpx.TransportError]) -> None:
    with pytest.raises(NoAnswer) as caught:
        failing(kind).send("POST", "http://graph.test/")
    assert "hush" not in repr(caught.value)
    assert caught.value.__context__ is None


def test_an_address_or_header_that_cannot_be_written_was_never_sent() -> None:
    with pytest.raises(NeverSent):
        wire(lambda request: httpx.Response(200)).send("GET", "http://graph.test:port/")
    with pytest.raises(NeverSent):
        wire(lambda request: httpx.Response(200)).send("GET", "http://graph.test/", [("authorization", "å")])


def test_redirects_are_answers_and_the_timeouts_are_those_of_the_settings() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(302, headers={"Location": "http://elsewhere.test/"})

    answer = wire(handler).send("GET", "http://graph.test/")
    assert (answer.status, answer.headers["location"]) == (302, "http://elsewhere.test/")
    assert seen[0].extensions["timeout"] == {"connect": 5.0, "read": 7, "write": 7, "pool": 5.0}


def test_a_forwarded_answer_keeps_repeated_headers_and_drops_those_of_the_connection() -> None:
    packed = gzip.compress(b"page")
    headers = [
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
        ("Content-Encoding", "gzip"),
        ("Connection", "close"),
    ]
    answer = wire(lambda request: httpx.Response(200, headers=headers, content=packed)).forward(
        "POST", "http://practice.test/x", [("cookie", "c")], b"body"
    )
    assert answer.body == b"page"
    assert answer.headers == [("set-cookie", "a=1"), ("set-cookie", "b=2")]


def test_when_all_connections_are_in_use_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "CONNECT_SECONDS", 0.01)
    busy = wire(lambda request: httpx.Response(200))
    for _ in range(http.MOST_CONNECTIONS):
        busy._places.acquire()
    with pytest.raises(NeverSent):
        busy.send("GET", "http://graph.test/")


def test_the_outgoing_proxy_is_used_for_https_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://proxy.test:3128")
    monkeypatch.setenv("no_proxy", "near.test")
    found = http._proxy_for(httpx.URL("https://graph.facebook.com/"))
    assert found is not None
    assert found.url.host == "proxy.test"
    assert http._proxy_for(httpx.URL("https://near.test/")) is None
    assert http._proxy_for(httpx.URL("http://127.0.0.1:8001/")) is None


def test_a_file_and_its_fields_stand_apart_in_a_body() -> None:
    body, kind = http.multipart({"caption": "Päivää\r\n--x"}, "source", b"\xff\xd8\r\n--x", "image/jpeg")
    boundary = kind.removeprefix("multipart/form-data; boundary=")
    first, second = body.split(f"--{boundary}".encode())[1:3]
    assert first.split(b"\r\n\r\n", 1)[1] == "Päivää\r\n--x\r\n".encode()
    assert b'name="source"; filename="source"' in second
    assert b"image/jpeg" in second
    assert second.split(b"\r\n\r\n", 1)[1] == b"\xff\xd8\r\n--x\r\n"
    assert body.endswith(f"--{boundary}--\r\n".encode())


def test_the_whole_process_shares_one_wire() -> None:
    assert http.shared() is http.shared()


class _Server(Thread):
    """Answers each connection by a script: bytes are sent back, None hangs up."""

    def __init__(self, *script: bytes | None) -> None:
        super().__init__(daemon=True)
        self.script, self.connections = list(script), 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/"

    def run(self) -> None:
        while self.script:
            connection, _ = self.socket.accept()
            self.connections += 1
            with connection:
                while self.script and _whole_request(connection):
                    answer = self.script.pop(0)
                    if answer is None:
                        break
                    connection.sendall(answer)
        self.socket.close()


def _whole_request(connection: socket.socket) -> bool:
    """Read one request with its body "x", which may come in pieces; False when the caller is gone."""
    read = b""
    while not read.endswith(b"\r\n\r\nx"):
        piece = connection.recv(65536)
        if not piece:
            return False
        read += piece
    return True


ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


def test_over_a_real_socket_a_connection_is_used_again() -> None:
    server = _Server(ANSWER, ANSWER, ANSWER)
    server.start()
    real = Wire(timeout=5)
    assert [real.send("POST", server.url, body=b"x").body for _ in range(3)] == [b"ok"] * 3
    real.close()
    server.join(30)
    assert server.connections == 1


def test_over_a_real_socket_hanging_up_is_doubt_and_refusing_is_not() -> None:
    server = _Server(None, ANSWER[:-1], None)
    server.start()
    real = Wire(timeout=0.2)
    for _ in range(3):
        with pytest.raises(NoAnswer):
            real.send("POST", server.url, body=b"x")
    server.join(30)
    with pytest.raises(NeverSent):
        real.send("POST", server.url, body=b"x")
    real.close()


def test_what_may_not_leave_any_more_does_not() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200)

    line = wire(handler)
    assert line.send("POST", "http://graph.test/", not_after=clock.now() + timedelta(minutes=1)).status == 200
    with pytest.raises(NeverSent):
        line.send("POST", "http://graph.test/", not_after=clock.now() - timedelta(seconds=1))
    assert len(seen) == 1


def test_nor_when_it_slept_while_the_connection_was_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wire's own last step is asked: its name is httpcore's."""
    begun = clock.now()
    times = [begun, begun + timedelta(minutes=5)]
    monkeypatch.setattr(clock, "now", lambda: times.pop(0))
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        line = Wire(timeout=2)
        with pytest.raises(NeverSent):
            line.send("POST", address, body=b"words", not_after=begun + timedelta(minutes=1))
        peer, _ = server.accept()
        with peer:
            line.close()
            peer.settimeout(2)
            assert peer.recv(100) == b""
    assert times == []
