"""What a browser calls itself, as the person in front of it would say it: "Edge on Windows"."""

from app.foundation.i18n import N_, translations

# In this order: Edge calls itself Chrome too, and Chrome calls itself Safari.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
# In this order: Android calls itself Linux too, and an iPhone says that it is like Mac OS X.
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
_BOTH = N_("%(browser)s on %(system)s")
_UNKNOWN = N_("A device that doesn't say its name")


def device(agent: str, locale: str) -> str:
    """A device by its User-Agent header, in the reader's language; what is not known is left out."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    say = translations(locale).gettext
    if browser and system:
        return say(_BOTH) % {"browser": browser, "system": system}
    return browser or system or say(_UNKNOWN)
