"""The way out: a proxy that must be used, and certificates of one's own."""

import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from socket import create_connection, create_server, socket
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.connectors.http import NeverSent, Wire
from app.foundation import clock, outgoing
from app.foundation.settings import Settings


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1, signed by itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A town's own")])
    now = clock.now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("certificates") / "own.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@contextmanager
def serving(answer: "Answer") -> Iterator[int]:
    """A server on this machine that answers each connection in a thread; gives its port."""
    with closing(create_server(("127.0.0.1", 0))) as listener:
        Thread(target=_accept, args=(listener, answer), daemon=True).start()
        yield listener.getsockname()[1]


def _accept(listener: socket, answer: "Answer") -> None:
    while True:
        try:
            line, _ = listener.accept()
        except OSError:
            return
        Thread(target=_handled, args=(line, answer), daemon=True).start()


def _handled(line: socket, answer: "Answer") -> None:
    with closing(line):
        try:
            answer.to(line)
        except OSError:
            return


class Answer:
    """How a connection is answered."""

    def to(self, line: socket) -> None:
        """Answer one."""
        raise NotImplementedError


class Secure(Answer):
    """A server with https that says "safe"."""

    def __init__(self, certificate: Path) -> None:
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._context.load_cert_chain(certificate)

    def to(self, line: socket) -> None:
        with self._context.wrap_socket(line, server_side=True) as safe:
            safe.recv(65536)
            safe.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nsafe")


class Tunnel(Answer):
    """A proxy that notes where it is asked to lead. `refuses`: it leads nowhere."""

    def __init__(self, refuses: bool = False) -> None:
        self.asked: list[str] = []
        self._refuses = refuses

    def to(self, line: socket) -> None:
        asked = line.recv(65536).split()[1].decode()
        self.asked.append(asked)
        if self._refuses:
            line.sendall(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n")
            return
        host, _, port = asked.rpartition(":")
        with create_connection((host, int(port))) as there:
            line.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = Thread(target=_pass_on, args=(there, line), daemon=True)
            back.start()
            _pass_on(line, there)
            back.join(5)


def _pass_on(source: socket, to: socket) -> None:
    try:
        while some := source.recv(65536):
            to.sendall(some)
    except OSError:
        return


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever a test chooses is taken back after it."""
    for name in ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    yield
    outgoing.set_up(Settings(_env_file=None))


def choose(**values: object) -> None:
    outgoing.set_up(Settings(_env_file=None, **values))  # type: ignore[arg-type]


@pytest.mark.usefixtures("chosen")
def test_calls_go_through_the_proxy_with_the_towns_own_certificate(certificate: Path) -> None:
    tunnel = Tunnel()
    with serving(Secure(certificate)) as port, serving(tunnel) as proxy, closing(Wire(5)) as wire:
        choose(https_proxy=f"http://127.0.0.1:{proxy}")
        with pytest.raises(NeverSent):
            wire.send("GET", f"https://127.0.0.1:{port}/")  # nobody believes that certificate yet
        choose(https_proxy=f"http://127.0.0.1:{proxy}", ssl_cert_file=str(certificate))
        wire.close()
        assert wire.send("GET", f"https://127.0.0.1:{port}/").body == b"safe"
        assert tunnel.asked == [f"127.0.0.1:{port}"] * 2
        choose(https_proxy=f"http://127.0.0.1:{proxy}", no_proxy="127.0.0.1", ssl_cert_file=str(certificate))
        wire.close()
        assert wire.send("GET", f"https://127.0.0.1:{port}/").body == b"safe"
        assert len(tunnel.asked) == 2, "not for hosts that are called directly"


@pytest.mark.usefixtures("chosen")
def test_what_a_proxy_refuses_was_never_sent(certificate: Path) -> None:
    with serving(Tunnel(refuses=True)) as proxy, closing(Wire(5)) as wire:
        choose(https_proxy=f"http://127.0.0.1:{proxy}", ssl_cert_file=str(certificate))
        with pytest.raises(NeverSent):
            wire.send("POST", "https://127.0.0.1:9/feed")


@pytest.mark.usefixtures("chosen")
def test_mail_believes_the_same_certificates(certificate: Path) -> None:
    choose(ssl_cert_file=str(certificate))
    names = {dict(pair for one in ca["subject"] for pair in one).get("commonName") for ca in _known()}
    assert "A town's own" in names


def _known() -> list[dict[str, tuple[tuple[tuple[str, str], ...], ...]]]:
    return outgoing.trust().get_ca_certs()  # type: ignore[return-value]


@pytest.mark.parametrize(
    "values",
    [
        {"https_proxy": "socks5://here"},
        {"ssl_cert_file": "/nowhere.pem"},
        {"ssl_cert_file": __file__},
        {"public_url": "kuliss.example.org"},
        {"public_url": "https://"},
    ],
)
def test_what_cannot_be_is_refused_at_the_start(values: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="Value error"):
        choose(**values)
