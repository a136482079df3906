"""Four ways to work a page: with the mouse, with the keyboard alone, where no script runs, and on a phone."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.browser import NARROW, check_page, open_page, overflow, unlabelled

MOST_STEPS = 150  # presses of the tabulator: whoever needs more has not found it


class Hand:
    """With the mouse. Things are named as people read them: links, buttons and fields by their words."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def follow(self, link: str, inside: str = "body") -> None:
        """Go where a link leads."""
        self._press(self._seen(self.page.locator(inside).get_by_role("link", name=link)), "Enter")

    def press(self, button: str) -> None:
        """Press a button."""
        self._press(self._seen(self.page.get_by_role("button", name=button, exact=True)), "Enter")

    def tick(self, choice: str) -> None:
        """Choose one of several, or put a mark."""
        one = self._seen(self.page.get_by_label(choice))
        self._press(one, "Space")
        expect(one).to_be_checked()

    def write(self, field: str, text: str) -> None:
        """Write into a field, over what stands there."""
        self._seen(self.page.get_by_label(field, exact=True)).fill(text)

    def pick(self, field: str, option: str) -> None:
        """Take one of a list."""
        self._seen(self.page.get_by_role("combobox", name=field, exact=True)).select_option(label=option)

    def look(self, *words: str) -> None:
        """Wait until the page says these words; then it must be for everybody."""
        self.read(*words)
        check_page(self.page)

    def read(self, *words: str) -> None:
        """Wait until the page says these words."""
        for one in words:
            expect(self.page.get_by_role("main")).to_contain_text(one)

    def _press(self, one: Locator, _key: str) -> None:
        one.click()

    def _seen(self, one: Locator) -> Locator:
        """The first that can be seen: on a phone the same link may stand in the menu and in the dock."""
        return one.locator("visible=true").first


class Plain(Hand):
    """Where no script runs. What axe says of a page it says of the same page with scripts."""

    def look(self, *words: str) -> None:
        self.read(*words)
        assert unlabelled(self.page) == []
        assert overflow(self.page) <= 0


class Keys(Plain):
    """With the keyboard alone: from where one is, step by step to the next thing."""

    def write(self, field: str, text: str) -> None:
        one = self._reach(self._seen(self.page.get_by_label(field, exact=True)))
        if one.get_attribute("type") == "date":
            year, month, day = text.split("-")
            self.page.keyboard.type(f"{month}{day}{year}")  # part by part, as an English browser asks
            return
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def pick(self, field: str, option: str) -> None:
        one = self._reach(self._seen(self.page.get_by_role("combobox", name=field, exact=True)))
        self.page.keyboard.type(option)
        expect(one.locator("option:checked")).to_have_text(option)

    def _press(self, one: Locator, key: str) -> None:
        self._reach(one)
        self.page.keyboard.press(key)

    def _reach(self, one: Locator) -> Locator:
        """Step on until the thing has the focus, and can be seen to have it."""
        thing = one.element_handle()
        if thing.evaluate(BEHIND_THE_MENU):
            self.page.keyboard.press("Tab")
            self.page.keyboard.press("Enter")
        for _ in range(MOST_STEPS):
            self.page.keyboard.press("Tab")
            found = thing.evaluate(FOUND)
            if found == "it":
                return one
            if found == "its choice":
                self.page.keyboard.press("Space")
                return self._along(one)
        raise AssertionError(f"{one} can't be reached with the keyboard")

    def _along(self, one: Locator) -> Locator:
        """Among radio buttons one goes with the arrows; each that is reached is chosen."""
        for _ in range(MOST_STEPS):
            if one.is_checked():
                return one
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{one} can't be chosen with the keyboard")


# Whether nothing has the focus yet and the thing lies where the first link of a page leads: to its own part.
BEHIND_THE_MENU = """one => document.activeElement === document.body && !!document.querySelector('.skip')
    && document.querySelector('main').contains(one)"""
# Whether it has the focus, seen by its ring; or another of the same group of radio buttons has it.
FOUND = """one => {
    const here = document.activeElement;
    if (here === one) return one.matches(':focus-visible') ? 'it' : 'not seen';
    const same = here.type === 'radio' && one.type === 'radio' && here.name === one.name;
    return same && here.form === one.form ? 'its choice' : '';
}"""


class Finger(Plain):
    """On a phone."""

    def _press(self, one: Locator, _key: str) -> None:
        one.tap()


WAYS = {"mouse": Hand, "keyboard": Keys, "no script": Plain, "phone": Finger}


@contextmanager
def hand(browser: Browser, way: str) -> Iterator[Hand]:
    """One of `WAYS`, on a page of its own that knows nobody."""
    options: dict[str, object] = {}
    if way == "no script":
        options["java_script_enabled"] = False
    if way == "phone":
        options |= {"viewport": NARROW, "has_touch": True, "is_mobile": True}
    with open_page(browser, **options) as page:
        yield WAYS[way](page)
