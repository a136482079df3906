"""Facebook's dictionary: their error numbers -> what to do next and our reason.

Sources: Meta, Graph API, error handling and rate limiting; Page reference, feed and photos. Seven-digit
numbers come as code or as subcode and are known from use.
"""

from app.connectors.meta_errors import (
    BLOCKED,
    BROKEN,
    CHECKPOINT,
    COMMON_CODES,
    COMMON_PAIRS,
    DOUBT,
    PERMISSION,
    STALE,
    VIDEO,
    Dictionary,
    Rule,
    Verdict,
)
from app.connectors.reasons import Reason

_LINK: Rule = (Verdict.REJECTED, Reason.LINK_REFUSED)
_PHOTO: Rule = (Verdict.REJECTED, Reason.PHOTO_REFUSED)
_CONTENT: Rule = (Verdict.REJECTED, Reason.CONTENT_REFUSED)

_TOO_BIG: Rule = (Verdict.REJECTED, Reason.SAID_TOO_BIG)
_TOO_SMALL: Rule = (Verdict.REJECTED, Reason.SAID_TOO_SMALL)

LONG: dict[int, Rule] = {
    1346003: _CONTENT,
    1349125: _PHOTO,
    1363005: PERMISSION,
    1363019: STALE,
    1363020: STALE,
    1363021: STALE,
    1363022: _TOO_SMALL,
    1363023: _TOO_BIG,
    1363024: VIDEO,
    1363025: (Verdict.REJECTED, Reason.SAID_TOO_SHORT),
    1363026: (Verdict.REJECTED, Reason.SAID_TOO_LONG),
    1363030: BROKEN,
    1363031: VIDEO,
    1363032: VIDEO,
    1363033: BROKEN,
    1363037: BROKEN,
    1363041: STALE,
    1363042: PERMISSION,
    1363045: STALE,
    1363047: DOUBT,
    1366046: _PHOTO,
    1366051: (Verdict.DUPLICATE, Reason.PHOTOS_ALREADY_POSTED),
    1390008: (Verdict.REJECTED, Reason.POSTING_TOO_FAST),
    1404006: CHECKPOINT,
    1404078: (Verdict.RECONNECT, Reason.PAGE_NOT_AUTHORISED),
    1404102: _CONTENT,
    1404112: BLOCKED,
    1609005: (Verdict.LATER, Reason.LINK_UNREACHABLE),
    1609008: _LINK,
    1609010: DOUBT,
    2061006: _LINK,
    2069019: _PHOTO,
    4854002: CHECKPOINT,
}
CODES: dict[int, Rule] = {
    **COMMON_CODES,
    324: _PHOTO,
    382: _TOO_SMALL,
    389: BROKEN,
    506: (Verdict.DUPLICATE, Reason.DUPLICATE_TEXT),
    6000: STALE,
    6001: STALE,
}

DICTIONARY = Dictionary(COMMON_PAIRS, LONG, CODES)
rule_for, failure_for = DICTIONARY.rule_for, DICTIONARY.failure_for
reading, hidden, visible = DICTIONARY.reading, DICTIONARY.hidden, DICTIONARY.visible
# A reel, a story or a comment is made by this very call: only a listed and clear "no" is believed.
making = commenting = Dictionary(COMMON_PAIRS, LONG, CODES, strict=True).visible
