"""Devices as people call them."""

import pytest

from app.words.devices import device

MOZILLA = "Mozilla/5.0 "
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 "
PHONE = f"{MOZILLA}(iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (f"{MOZILLA}(Windows NT 10.0; Win64; x64) {CHROME}Safari/537.36 Edg/143.0.0.0", "Edge on Windows"),
        (f"{MOZILLA}(Windows NT 10.0; Win64; x64) {CHROME}Safari/537.36", "Chrome on Windows"),
        (f"{MOZILLA}(Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Windows"),
        (f"{MOZILLA}(Macintosh; Intel Mac OS X 10_15_7) {CHROME}Safari/537.36", "Chrome on Mac"),
        (f"{MOZILLA}(X11; CrOS x86_64 14541.0.0) {CHROME}Safari/537.36", "Chrome on ChromeOS"),
        (f"{MOZILLA}(Linux; Android 10; K) {CHROME}Mobile Safari/537.36", "Chrome on Android"),
        (
            f"{MOZILLA}(Linux; Android 10; K) {CHROME}SamsungBrowser/28.0 Mobile Safari/537.36",
            "Samsung Internet on Android",
        ),
        (f"{PHONE}Version/18.6 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        (f"{PHONE}CriOS/143.0.0.0 Mobile/15E148 Safari/604.1", "Chrome on iPhone"),
        ("Some/1.0 (Linux)", "Linux"),
        ("Firefox/128.0", "Firefox"),
        ("curl/8.5.0", "A device that doesn't say its name"),
        ("", "A device that doesn't say its name"),
    ],
)
def test_what_a_browser_says_in_words(agent: str, name: str) -> None:
    assert device(agent, "en") == name


def test_in_the_readers_language() -> None:
    agent = f"{MOZILLA}(Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0"
    assert device(agent, "sv") == "Firefox på Windows"
