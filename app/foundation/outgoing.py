"""The way out: the proxy that calls go through, and whose certificates are believed.

Municipal networks often let nothing out but through a proxy, and some open https on the way with a
certificate of their own. Sources: Python, ssl.create_default_context and urllib.request.getproxies; OpenSSL
(SSL_CERT_FILE).
"""

import os
import ssl
from threading import Lock
from urllib.request import getproxies, proxy_bypass

from app.foundation.settings import Settings


class _Chosen:
    """What the settings say, and the certificates, read once and when first needed: that takes a while."""

    lock = Lock()
    proxy = ""
    without = ""
    certificates = ""
    context: ssl.SSLContext | None = None


def set_up(settings: Settings) -> None:
    """Choose proxy and certificates for the whole process. Called once at start."""
    with _Chosen.lock:
        _Chosen.proxy, _Chosen.without = settings.https_proxy, settings.no_proxy
        _Chosen.certificates, _Chosen.context = settings.ssl_cert_file, None


def trust() -> ssl.SSLContext:
    """Whom we believe: the system's certificates, or those of SSL_CERT_FILE in the environment, and those of
    the setting of that name. Raises OSError for a file that is none."""
    with _Chosen.lock:
        if _Chosen.context is None:
            # The system's, not a bundled list: municipal proxies sign with their own.
            context = ssl.create_default_context()
            if _Chosen.certificates and _Chosen.certificates != os.environ.get("SSL_CERT_FILE"):
                context.load_verify_locations(_Chosen.certificates)
            _Chosen.context = context
        return _Chosen.context


def proxy_for(host: str) -> str:
    """The proxy for https calls to a host: of the settings, else of the environment; "" for none."""
    if _Chosen.proxy:
        return "" if _bypassed(host) else _Chosen.proxy
    if proxy_bypass(host):
        return ""
    proxies = getproxies()
    return proxies.get("https") or proxies.get("all") or ""


def _bypassed(host: str) -> bool:
    """Whether a host, or a domain that it belongs to, is named in NO_PROXY; "*" names all."""
    named = [one.strip().lstrip(".").lower() for one in _Chosen.without.split(",")]
    return any(one == "*" or host.lower() == one or host.lower().endswith(f".{one}") for one in named if one)
