"""Warnings in words: what is the matter, what to do about it, and how much time is left."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.domain.warnings import NOT_MAILED, OF_A_PUBLICATION, OF_A_STRATEGY, Code, days_left
from app.foundation.former import called
from app.foundation.i18n import N_, format_instant, format_number, translations
from app.words import duties, metrics
from app.words.channels import lacks
from app.words.sentences import sentence

_C = Code


@dataclass(frozen=True)
class Said:
    """One warning in words. `left`: how much time, an empty text where none is counted.

    `path`: where it can be put right, an empty text where no page can do it.
    """

    what: str
    to_do: str
    left: str
    path: str


CONNECT = N_("Connect the channel again; a person with a role on the page can do it in a minute.")
WORDS: dict[Code, tuple[str, str]] = {
    _C.SIGN_IN_DEAD: (
        N_("Nothing goes out on %(channel)s. %(why)s"),
        N_("Once it is connected again, what waits goes out by itself, or asks you if it is too late."),
    ),
    _C.PERMISSION_MISSING: (
        N_("Nothing goes out on %(channel)s, because something is missing. %(why)s"),
        N_("Connect the channel again, and leave every permission ticked."),
    ),
    _C.SIGN_IN_ENDS: (N_("Our sign-in for %(channel)s ends %(until)s."), CONNECT),
    _C.DATA_ACCESS_ENDS: (N_("What Kuliss may do on %(channel)s ends %(until)s."), CONNECT),
    _C.SIGN_IN_TAKEN_OVER: (
        N_("The sign-in of %(was)s for %(channel)s has ended; posts go out with that of %(by)s."),
        N_("Let a second person connect the channel again, so that one of them may leave."),
    ),
    _C.SIGN_IN_LEFT: (
        N_("Posts on %(channel)s go out with the sign-in of somebody whose account here is closed."),
        N_("Let somebody with a role on the page connect the channel again, then remove the old sign-in."),
    ),
    _C.NOT_CHECKED: (
        N_("%(channel)s has not been checked since %(at)s: the network does not answer."),
        N_("Look whether this machine reaches the internet, then check the channel."),
    ),
    _C.NOT_REACHED: (
        N_("The network can't fetch pictures for %(channel)s from Kuliss. %(why)s"),
        N_("Whoever looks after Kuliss opens its address to the outside, or sets a bucket; then try again."),
    ),
    _C.QUOTA: (
        N_("%(channel)s has used %(used)s of the %(of)s posts that the network takes in a day."),
        N_("Move what can wait to tomorrow. What is too much waits by itself, within its limit."),
    ),
    _C.USAGE: (
        N_("%(percent)s per cent of the calls that the network allows for %(channel)s are used."),
        N_("Nothing for now: numbers are read more slowly, so that posts still go out."),
    ),
    _C.PAUSED: (
        N_("The network takes no calls for %(channel)s until %(until)s."),
        N_("Nothing for now: Kuliss goes on by itself. Give a post that is urgent to another channel."),
    ),
    _C.VERSION_ENDS: (
        N_("Meta stops serving version %(version)s of its interface %(until)s."),
        N_("Update Kuliss, or set GRAPH_API_VERSION to a newer version."),
    ),
    _C.VERSION_UNKNOWN: (
        N_("Kuliss does not know how long Meta serves version %(version)s of its interface."),
        N_("Look at GRAPH_API_VERSION: is it written right? An update of Kuliss may know it."),
    ),
    _C.VERSION_GONE: (
        N_("Meta answers with version %(served)s of its interface, not with %(version)s."),
        N_("Update Kuliss, or set GRAPH_API_VERSION to a version that is served."),
    ),
    _C.CLOCK_OFF: (
        N_("The clock of this machine is %(seconds)s seconds off the network's."),
        N_("Let the machine set its clock from a time server (NTP)."),
    ),
    _C.CLOCK_STOPPED: (
        N_("No publishing clock is running, so nothing goes out."),
        N_("Start kuliss serve, or kuliss worker where it runs apart."),
    ),
    _C.DISK_FILLS: (
        N_("%(megabytes)s MB are left on the disk of the %(name)s."),
        N_("Make room on it or give it more. Without room no picture is taken and nothing is written down."),
    ),
    _C.BACKUP_OLD: (
        N_("The last backup was made %(at)s."),
        N_("Run kuliss backup, best every night, and keep its file on another machine."),
    ),
    _C.BACKUP_NEVER: (
        N_("No backup was ever made."),
        N_("Run kuliss backup, best every night, and keep its file on another machine."),
    ),
    _C.MAIL_FAILS: (
        N_("Mails that can't be sent: %(waiting)s. %(why)s"),
        N_("Look at the SMTP settings with kuliss check. The mails are kept and tried again."),
    ),
    _C.MAIL_GIVEN_UP: (
        N_("Mails of the last week that never went out: %(given_up)s. %(why)s"),
        N_("Look at the SMTP settings with kuliss check, and at people's addresses."),
    ),
    _C.KEYS_MISSING: (
        N_("The keys of this installation do not open %(count)s of its stored sign-ins."),
        N_("Put back the file keys of the data folder or SECRET_KEYS, or connect the channels again."),
    ),
    _C.HISTORY_BROKEN: (
        N_("History is not as it was written. %(why)s"),
        N_(
            "Run kuliss check on the server: it names every place. Compare with a backup or an export of "
            "before, keep the file history-seal.json, and find out who can write to the database."
        ),
    ),
    _C.UNAPPROVED: (
        N_("“%(title)s” is to go out on %(channel)s %(until)s, and nobody has said yes to it."),
        N_("It needs an approver's yes, or a later time. Without a yes it does not go out."),
    ),
    _C.STUCK: (
        N_("“%(title)s” should be out on %(channel)s since %(until)s."),
        N_("Open it: its page says what happened and what comes next."),
    ),
    _C.SHOWN_ELSEWHERE: (
        N_("“%(title)s” was given up here, but somebody has shown it on %(channel)s."),
        N_("Look at it there. If it should not be public, delete it at the network."),
    ),
    _C.METRIC_GONE: (
        N_("%(network)s does not tell its number “%(name)s” any more (%(ours)s)."),
        N_("Nothing goes wrong: the rest is read without it. Update Kuliss, which may know its new name."),
    ),
    _C.STRATEGY_OLD: (
        N_("The strategy of %(unit)s was to be looked at again on %(day)s."),
        N_("Look whether it still fits. A new version, even if nothing else changes, sets the next day."),
    ),
    _C.TIME_CHANGED: (
        N_("The rules of the time zone have changed: “%(title)s” on %(channel)s goes out %(until)s."),
        N_("Nothing, if the hour on the clock there is what you meant. Else give it another time."),
    ),
}
NETWORKS = {"facebook": "Facebook", "instagram": "Instagram"}
DISKS = {"store": N_("pictures"), "database": N_("database")}
BROKEN = {
    "changed": N_("Entry %(entry)s was changed after it was sealed."),
    "missing": N_("Entry %(entry)s was taken out."),
    "seals_missing": N_("After seal %(place)s seals are missing."),
    "cut": N_("Its end was cut off or written anew: seal %(place)s is not there any more."),
    "unreadable": N_("The entry after seal %(place)s can't be read."),
}
_PAST = frozenset({_C.STUCK, _C.SHOWN_ELSEWHERE})  # no time is left for what has happened
ACTS_FOR = N_("Whoever looks after the channel has been told.")
NEVER = N_("it was connected")


def said(light: Any, locale: str, zone: str, now: datetime, acts: bool = True) -> Said:
    """A warning in the reader's language. `light`: a row of `queries.warnings`, or anything with its names.

    `acts`: the reader may put it right; else they are only told of it.
    """
    say = translations(locale).gettext
    what, to_do = WORDS[Code(light.code)]
    facts = _facts(light, locale, light.facts.get("zone") or zone)
    left = "" if light.until_at is None or light.code in _PAST else left_words(light.until_at, now, locale)
    return Said((say(what) % facts).strip(), say(to_do if acts else ACTS_FOR), left, path(light))


def left_words(until: datetime, now: datetime, locale: str) -> str:
    """How much time is left, in hours on the last day."""
    told = translations(locale)
    hours = max(int((until - now).total_seconds() // 3600), 0)
    if (until - now).total_seconds() <= 0:
        return told.gettext("No time left")
    if hours < 24:
        return told.ngettext("%(num)s hour left", "%(num)s hours left", hours) % {"num": hours}
    days = days_left(until, now)
    return told.ngettext("%(num)s day left", "%(num)s days left", days) % {"num": days}


def path(light: Any) -> str:
    """The address of the page where a warning can be put right, without our host."""
    if light.code in OF_A_PUBLICATION:
        return f"/publications/{light.publication_id}"
    if light.code in NOT_MAILED:
        return "/mails"
    if light.code in OF_A_STRATEGY:
        return f"/strategy?unit={light.unit_id}"
    return f"/channels/{light.channel_id}" if light.channel_id else ""


def _facts(light: Any, locale: str, zone: str) -> dict[str, str]:
    told = {name: called(_written(value, locale), locale) for name, value in light.facts.items()}
    say = translations(locale).gettext
    told |= {"channel": light.channel or "", "title": light.title or "", "unit": light.unit or ""}
    told["until"] = format_instant(light.until_at, zone, locale) if light.until_at else ""
    if "at" in light.facts:
        at = light.facts["at"]
        told["at"] = format_instant(datetime.fromisoformat(at), zone, locale) if at else say(NEVER)
    if "on" in light.facts:
        told["day"] = duties.day(date.fromisoformat(light.facts["on"]), locale)
    if "ahead" in light.facts:
        told["seconds"] = format_number(abs(light.facts["ahead"]), locale)
    if light.code == _C.DISK_FILLS:
        told["name"] = say(DISKS.get(light.facts["name"], light.facts["name"]))
    if light.code == _C.METRIC_GONE:
        told["network"] = NETWORKS.get(light.facts["network"], light.facts["network"])
        told["ours"] = metrics.name(light.facts["ours"], locale)
    return {**told, "why": _why(light, locale)}


def _written(value: Any, locale: str) -> str:
    return format_number(value, locale) if isinstance(value, int | float) else str(value)


def _why(light: Any, locale: str) -> str:
    """The cause in words, and how much waits for it."""
    if light.code == _C.HISTORY_BROKEN:
        words = BROKEN.get(light.facts["kind"], BROKEN["changed"])
        why: str = translations(locale).gettext(words) % light.facts
        return why
    told = list(lacks(light.facts.get("missing") or (), locale))
    if not told and light.facts.get("reason"):
        told.append(sentence(light.facts["reason"], locale))
    waiting = light.facts.get("waiting")
    if waiting and light.code in (_C.SIGN_IN_DEAD, _C.PERMISSION_MISSING):
        words = translations(locale).ngettext("%(num)s post waits.", "%(num)s posts wait.", waiting)
        told.append(words % {"num": waiting})
    return " ".join(told)
