"""How templates call functions: straight. Jinja's own way looks for eight attributes at each call, and a page
of cards makes three thousand.
"""

from typing import Any

from jinja2.runtime import Context
from markupsafe import Markup

from app.web import sheet


class Straight(Context):
    """A context whose calls ask only whether the function wants the context, as `pass_context` marks it."""

    def call(self, wanted: Any, /, *args: Any, **named: Any) -> Any:
        """What `wanted` returns."""
        if getattr(wanted, "jinja_pass_arg", None) is not None:
            return super().call(wanted, *args, **named)
        named.pop("_loop_vars", None)
        named.pop("_block_vars", None)
        return wanted(*args, **named)


def gettext(message: str, /, **values: Any) -> Markup:
    """The sentence in the page's language, as markup; the values are escaped."""
    return _filled(sheet.gettext(message), values)


def ngettext(one: str, many: str, count: int, /, **values: Any) -> Markup:
    """The same for a number of things; the sentence knows it as `num`."""
    return _filled(sheet.ngettext(one, many, count), {"num": count, **values})


def pgettext(context: str, message: str, /, **values: Any) -> Markup:
    """A sentence that means different things in different places."""
    return _filled(sheet.pgettext(context, message), values)


def npgettext(context: str, one: str, many: str, count: int, /, **values: Any) -> Markup:
    """Both."""
    return _filled(sheet.npgettext(context, one, many, count), {"num": count, **values})


def _filled(words: str, values: dict[str, Any]) -> Markup:
    # Also without values it is a format: "%%" stands for one sign, as in every catalogue.
    sentence = Markup(words)  # noqa: S704 - our own words, from the catalogues
    return sentence % values if "%" in words else sentence


GETTEXT = {
    "_": gettext,
    "gettext": gettext,
    "ngettext": ngettext,
    "pgettext": pgettext,
    "npgettext": npgettext,
}
