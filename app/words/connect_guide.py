"""The way to a Meta app in words: what to click at Meta, what to copy, and how far each step is.

Sources: Meta, Create an App; Pages API, create an app; Instagram use case; App Dashboard, basic settings;
Facebook Login, redirect URI; Access levels; App modes.
"""

from collections.abc import Mapping

from app.foundation.i18n import N_, translations

STATES: dict[str, str] = {
    "done": N_("Done"),
    "not_yet": N_("Not yet"),
    "unknown": N_("Nobody can tell from here"),
    "later": N_("Not asked yet"),
}
TITLES: dict[str, str] = {
    "address": N_("Kuliss has an address that opens from outside"),
    "developer": N_("Become a developer at Meta"),
    "create": N_("Make the app"),
    "permissions": N_("Tick what the app may ask for"),
    "return": N_("Say where people come back to"),
    "domain": N_("Enter the library's domain"),
    "privacy": N_("Enter the privacy policy"),
    "keys": N_("Bring number and secret to Kuliss"),
    "roles": N_("Give a role to everybody who will connect a page"),
    "publish": N_("Publish the app"),
    "connect": N_("Connect the pages"),
    "second": N_("Let a second person sign in too"),
}
# What to do, sentence by sentence. Names of buttons at Meta are those of its English pages.
WAYS: dict[str, tuple[str, ...]] = {
    "address": (
        N_("Whoever runs the server sets PUBLIC_URL to an address that begins with https://."),
        N_("The sign-in comes back to it, and Instagram fetches pictures from it."),
    ),
    "developer": (
        N_("Open developers.facebook.com in a browser, and sign in with your own Facebook account."),
        N_("Choose “Get Started” and confirm what is asked. Whoever has apps there already skips this."),
        N_("It must be an account of a real person who has full control of the library's page."),
    ),
    "create": (
        N_("Choose “My Apps”, then “Create App”."),
        N_("Give it a name that your colleagues know, and a mail address of the library that is read."),
        N_("Choose the use case “Manage everything on your Page”."),
        N_("For Instagram choose “Manage messaging & content on Instagram” too; it can be added later."),
        N_("If your library has a business portfolio, connect it. If not, go on without one."),
    ),
    "permissions": (
        N_("On the app's “Use cases” choose “Customize” at each use case."),
        N_("At Instagram choose the setup with Facebook login, not the one with Instagram login."),
        N_("Press “Add” at each of these names. Leave the others as they are."),
    ),
    "return": (
        N_("Open the settings of “Facebook Login for Business” in the app's menu."),
        N_("Paste this address among “Valid OAuth Redirect URIs”, exactly as it is, and save."),
        N_("If a sign-in says “URL blocked” later, this line differs by a sign."),
    ),
    "domain": (N_("Open “App settings”, then “Basic”, and paste this at “App domains”."),),
    "privacy": (
        N_("On the same page enter the address of your library's privacy policy, and a category."),
        N_("Meta also asks how people have their data deleted: the same page may say it."),
        N_("Save the page."),
    ),
    "keys": (
        N_("On the same page stand the “App ID” and, after “Show”, the “App secret”."),
        N_("Copy both into Kuliss. The secret is stored sealed and never shown again."),
    ),
    "roles": (
        N_("Open “App roles”, then “Roles”, and add each colleague who looks after a page."),
        N_("They accept it at developers.facebook.com. With a role no review by Meta is needed."),
        N_("Libraries that only share your app need roles too, or an app of their own."),
    ),
    "publish": (
        N_("Choose “Publish” in the app's menu. Meta says what is still missing."),
        N_("Until then only people with a role see what the app posts, though it looks public to you."),
    ),
    "connect": (
        N_("Sign in with the account that has full control of the page, and leave everything ticked."),
        N_("Choose all pages that Kuliss shall use, and the profiles on Instagram that are linked to them."),
    ),
    "second": (
        N_("A colleague with a role on the page connects the same page. Kuliss keeps both sign-ins."),
        N_("When one of them leaves or changes the password, posts go out with the other's."),
    ),
}
WHYS: dict[str, str] = {
    "address_here": N_("%(address)s opens on this machine alone."),
    "address_plain": N_("%(address)s is not encrypted. Meta sends nobody back to it."),
    "address_silent": N_(
        "This machine could not open %(address)s itself. From outside it may open all the same: "
        "the try with a sample picture, on a profile's page, tells it for certain."
    ),
    "address_other": N_("Something else than Kuliss answers at %(address)s."),
    "no_answer": N_("Meta gave no answer. Is the way out to the internet open?"),
    "keys_none": N_("No app is entered for this unit."),
    "keys_wrong": N_("Meta does not know this number with this secret. Copy both anew."),
    "keys_fit": N_("Meta knows it as “%(name)s”."),
    "permissions_later": N_(
        "Meta tells only what somebody has granted, so it shows after the first sign-in."
    ),
    "permissions_lack": N_("Nobody has granted these yet: %(names)s."),
    "roles_listed": N_("Meta lists %(count)s with a role; who they are it tells by numbers only."),
    "second_count": N_("Two sign-ins have %(pairs)s of %(of)s channels."),
}


def state(told: str, locale: str) -> str:
    """How far a step is."""
    return translations(locale).gettext(STATES[told])


def title(step: str, locale: str) -> str:
    """What a step is called."""
    return translations(locale).gettext(TITLES[step])


def way(step: str, locale: str) -> list[str]:
    """What to do, sentence by sentence."""
    say = translations(locale).gettext
    return [say(sentence) for sentence in WAYS[step]]


def why(code: str, facts: Mapping[str, str], locale: str) -> str:
    """More about how far a step is; an empty text for none."""
    return translations(locale).gettext(WHYS[code]) % facts if code else ""
