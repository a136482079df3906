"""What every name in the results means, with the base that it is counted on, for pages and exports."""

from app.foundation.i18n import N_, translations

# Name, meaning.
_DEFINITIONS: tuple[tuple[str, str], ...] = (
    (
        N_("Post"),
        N_("One post on one channel. A post that went out on two channels is counted twice."),
    ),
    (
        N_("Figure"),
        N_("What the network told seven days after publication (give or take 12 hours), so that old and new "
           "posts are seen at the same age. Of a story: just before it ends."),
    ),
    (
        N_("Not told"),
        N_("The network gave no number, or the post is not a week old yet. An empty cell means the same; it "
           "is never 0."),
    ),
    (
        N_("Usual"),
        N_("The middle value: half of the posts lie above it, half below. One lucky post does not move it."),
    ),
    (
        N_("Our own usual"),
        N_("The middle value of the same channel's posts of the same kind in the 90 days before each post, "
           "the post itself left out; with fewer than 8 of them there is none."),
    ),
    (
        N_("Times shown"),
        N_("How often posts were shown or played (the networks call it views). One person may count several "
           "times."),
    ),
    (
        N_("Reach"),
        N_("The network's estimate of how many different accounts saw a post. Accounts are not people, and "
           "reach is never added up over posts or days."),
    ),
    (
        N_("Per 1,000 inhabitants"),
        N_("The usual reach of one channel, divided by the inhabitants of the unit's area and multiplied by "
           "1,000. Accounts are not inhabitants, and channels are never added up."),
    ),
    (
        N_("Engagement"),
        N_("Reactions, comments, shares and saves together, of those that the network tells. Clicks are "
           "counted apart."),
    ),
    (
        N_("Engagement rate"),
        N_("Engagement divided by reach, both at seven days. Posts that reached fewer than 50 accounts have "
           "none."),
    ),
    (
        N_("Informative, human"),
        N_("The tone that the writer gave the post before it went out: what, where, when; or how, why, what "
           "we feel."),
    ),
    (
        N_("Times as many"),
        N_("Human posts divided by informative ones, held side by side only within the same channel, kind of "
           "post, paid or not, and quarter (Hodges-Lehmann estimate)."),
    ),
    (
        N_("Somewhere between"),
        N_("The interval (95 %): all ratios that the posts do not speak against (van Elteren test, posts of "
           "one unit's week taken as one)."),
    ),
    (
        N_("Too few posts"),
        N_("Fewer than 8 on a side. A verdict takes 30 on each, on four whole quarters, for one figure "
           "chosen beforehand."),
    ),
    (
        N_("Goes together"),
        N_("We chose ourselves which stories to tell in which way, so a difference does not show what caused "
           "it."),
    ),
    (
        N_("Mix"),
        N_("The share of human posts on a channel in 28 days, with its interval (80 %). A single post is "
           "never judged."),
    ),
    (
        N_("Simulated"),
        N_("Numbers of the practice network are made up by a machine. They say nothing about real people."),
    ),
)  # fmt: skip


def definitions(locale: str) -> list[tuple[str, str]]:
    """Every name with its meaning, in the reader's language."""
    say = translations(locale).gettext
    return [(say(name), say(meaning)) for name, meaning in _DEFINITIONS]
