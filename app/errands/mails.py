"""Mails go out: each once, tried again while the server is away, given up after some days: what they say
is no longer true then.

A try is written down before the server is called, so that two processes never send the same mail, and no
session is open during the call. A process that dies in between leaves the mail to be sent a quarter of an
hour later; it then bears the same Message-ID, by which mail programs know a second copy.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.actions import links, mail_links
from app.domain.examples import DOMAIN
from app.domain.mails import WAITS, MailKind
from app.domain.roles import Scope
from app.errands.ground import CLOCK, Ground
from app.foundation import clock, logs
from app.foundation.mail import Letter, MailFailure, Postman, postman_of
from app.foundation.settings import Settings
from app.models.examples import ExamplePerson
from app.models.installations import Installation
from app.models.mails import MailChoice, is_off
from app.models.notices import Mail
from app.models.people import Person
from app.queries import mails as questions
from app.words import mails

TAKEN = timedelta(minutes=15)  # longer than a slow server may take
PATIENCE = timedelta(days=3)
KEPT = timedelta(days=30)
AT_ONCE = 100
_PAUSES = (1, 5, 15, 60)  # minutes before the next try; then hourly
_SERVER = frozenset({"mail_unreachable", "mail_sign_in", "mail_no_encryption", "mail_sender_refused"})
_log = logs.get(__name__)


@dataclass(frozen=True)
class Taken:
    """A mail that this process is to send now. `tries` fences what becomes of it; `outside`: it goes to
    somebody without an account, and is forgotten then."""

    id: int
    tries: int
    created_at: datetime
    letter: Letter
    outside: bool = False


def deliver(ground: Ground) -> int:
    """Send what is due; returns how many mails went. While the server is away the rest waits its turn."""
    postman = postman_of(ground.settings)
    sent = 0
    if postman is None:
        return sent
    for _ in range(AT_ONCE):
        taken = _take(ground)
        if taken is None:
            break
        reason = _send(ground, postman, taken)
        sent += not reason
        if reason in _SERVER:
            break
    return sent


def clear(ground: Ground) -> None:
    """Delete mails that are over, sent or given up a month ago; give up those that nobody sends any more."""
    with ground.database.writes() as session:
        late = Mail.created_at < clock.now() - PATIENCE - TAKEN
        gone = {"next_at": None, "given_up_at": clock.now()}
        session.execute(update(Mail).where(late, Mail.next_at.is_not(None)).values(gone))
        old = Mail.created_at < clock.now() - KEPT
        session.execute(delete(Mail).where(old, Mail.next_at.is_(None)))


def trial(settings: Settings, address: str) -> None:
    """Send one mail at once, to see whether mail works. Raises MailFailure, also when no server is set."""
    postman = postman_of(settings)
    if postman is None:
        raise MailFailure("mail_off")
    now, locale = clock.now(), settings.locale
    words = mails.trial(locale, settings.address)
    number = f"try-{now:%Y%m%d%H%M%S%f}"
    postman.send(Letter(address, "", words.subject, words.text, words.html, locale, number, now))


def _take(ground: Ground) -> Taken | None:
    """Take the mail that is due first; nobody else has it until it is due again."""
    now = clock.now()
    with ground.database.writes() as session:
        while (mail := _due(session, now)) is not None:
            person = session.get(Person, mail.person_id) if mail.person_id is not None else None
            key = session.scalar(select(Installation.key)) or ""
            dropped = _dropped(session, mail, person, key)
            begins = _begins(session, mail, now)
            if dropped or now - mail.created_at > PATIENCE:
                _give_up(mail, dropped or mail.reason, now)
            elif begins > now:
                mail.next_at = mail.created_at = begins
            else:
                mail.tries += 1
                mail.next_at = now + TAKEN
                letter = _letter(ground, session, mail, person, key)
                return Taken(mail.id, mail.tries, mail.created_at, letter, person is None)
            session.flush()
    return None


def _dropped(session: Session, mail: Mail, person: Person | None, key: str) -> str:
    """Why nobody gets a mail any more; an empty text when somebody does."""
    if mail.made_by != key:
        return "mail_copied"
    if person is None:
        return ""
    made_up = person.email.endswith(DOMAIN) and session.get(ExamplePerson, person.id) is not None
    if made_up:
        return "mail_made_up"
    if not person.active:
        return "mail_nobody"
    unwanted = is_off(session.get(MailChoice, person.id), mail.kind)
    return "mail_unwanted" if unwanted else ""


def _begins(session: Session, mail: Mail, now: datetime) -> datetime:
    """When a mail may go: now, or when its reader is at work. Of others the hour was chosen before."""
    if mail.kind not in WAITS or mail.person_id is None:
        return now
    choice = session.get(MailChoice, mail.person_id)
    if mail.kind is MailKind.URGENT and choice is not None and choice.any_hour:
        return now
    place = questions.places(session, Scope(), [mail.person_id]).get(mail.person_id)
    hours = questions.hours(session, Scope(), [place]) if place is not None else {}
    return next((one.next_open(now) for one in hours.values()), now)


def _give_up(mail: Mail, reason: str, now: datetime) -> None:
    """Of a mail to somebody without an account nothing is kept but that it did not go."""
    mail.next_at, mail.given_up_at, mail.reason = None, now, reason
    if mail.person_id is None:
        mail.address = mail.subject = mail.text = mail.html = ""


def _due(session: Session, now: datetime) -> Mail | None:
    due = select(Mail).where(Mail.next_at <= now).order_by(Mail.next_at, Mail.id).limit(1)
    return session.scalar(due.with_for_update(skip_locked=True))


def _letter(ground: Ground, session: Session, mail: Mail, person: Person | None, key: str) -> Letter:
    number, text, html = f"{mail.id}.{key or 'kuliss'}", mail.text, mail.html
    if person is None:
        return Letter(mail.address, "", mail.subject, text, html, mail.locale, number, mail.created_at)
    if mail.link_hours:
        token = links.make(session, CLOCK, person, clock.now(), timedelta(hours=mail.link_hours))
        text, html = (part.replace(Mail.TOKEN_PLACE, token) for part in (text, html))
    off = mail_links.address(ground.settings.address, ground.keyring, person.id, mail.kind)
    to, at = (person.email, person.name), mail.created_at
    return Letter(*to, mail.subject, text, html, mail.locale, number, at, off)


def _send(ground: Ground, postman: Postman, taken: Taken) -> str:
    """Send it and write down what became of it; returns why it did not go, or an empty text."""
    try:
        postman.send(taken.letter)
    except MailFailure as failure:
        _failed(ground, taken, failure)
        return failure.code
    if taken.outside:
        with ground.database.writes() as session:
            session.execute(delete(Mail).where(Mail.id == taken.id))
        return ""
    _end(ground, taken, sent_at=clock.now(), next_at=None, reason="")
    return ""


def _failed(ground: Ground, taken: Taken, failure: MailFailure) -> None:
    now = clock.now()
    _log.warning("mail not sent", mail=taken.id, reason=failure.code, tries=taken.tries)
    if failure.for_good or now - taken.created_at > PATIENCE:
        nothing = {"address": "", "subject": "", "text": "", "html": ""} if taken.outside else {}
        _end(ground, taken, given_up_at=now, next_at=None, reason=failure.code, **nothing)
        return
    minutes = _PAUSES[min(taken.tries, len(_PAUSES)) - 1]
    _end(ground, taken, next_at=now + timedelta(minutes=minutes), reason=failure.code)


def _end(ground: Ground, taken: Taken, **values: object) -> None:
    """Unless somebody else took the mail since: then it is theirs. What was withdrawn is not tried again."""
    ours = update(Mail).where(Mail.id == taken.id, Mail.tries == taken.tries)
    if values.get("next_at") is not None:
        ours = ours.where(Mail.next_at.is_not(None))
    with ground.database.writes() as session:
        session.execute(ours.values(**values))
