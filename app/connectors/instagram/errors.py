"""Instagram's dictionary: their error numbers -> what to do next and our reason.

| code/subcode | what next | reason |
|---|---|---|
| -1/2207001, 2207032, 2207053, 2207077, 2207082, 2207085 | doubt: perhaps it was done | network_trouble |
| 1, 2, -2, any 5xx, anything unlisted after `media_publish` | doubt | network_trouble |
| 9004/2207052, -2/2207003 | later, with a new container | picture_not_fetched |
| 9007/2207027 | wait, it still works at it | preparing |
| 24/2207006, 24/2207008, -2/2207020, 100/33 | gone, or not seen; doubt after `media_publish` | post_gone |
| 9/2207042 | stop for a while | quota_used |
| 4, 17, 32, 341, 613, 80002 | stop until told | rate_limited |
| 36000/2207004 | a person changes the picture | picture_too_heavy |
| 36001/2207005, 36002/2207024 | the same | photo_refused |
| 352/2207026 | a person changes the video | video_refused |
| 1/2207057 | a person chooses another cover | cover_refused |
| 36003/2207009 | the same | picture_shape |
| 36004/2207010 | a person changes the text | text_refused |
| 100/2207023, 2207028, 2207035-2207040 | a person changes the post | refused |
| 4/2207051, 25/2207050, 368 | stop; a person looks at the profile | blocked_for_now |
| 190s, 102, 490, 10, 200-299, 101, 104, 3 | a person signs in or sets it right | as everywhere at Meta |

Sources: Meta, Instagram Platform, error codes; those without a page of Meta's (2207077 to 2207085) are known
from use.
"""

from app.connectors.meta_errors import (
    BLOCKED,
    COMMON_CODES,
    COMMON_PAIRS,
    DOUBT,
    GONE,
    VIDEO,
    Dictionary,
    Rule,
    Verdict,
)
from app.connectors.reasons import Reason

_NOT_FETCHED: Rule = (Verdict.LATER, Reason.PICTURE_NOT_FETCHED)
_PREPARING: Rule = (Verdict.WAIT, Reason.PREPARING)
_QUOTA: Rule = (Verdict.LIMITED, Reason.QUOTA_USED)
_TOO_BIG: Rule = (Verdict.REJECTED, Reason.PICTURE_TOO_HEAVY)
_PHOTO: Rule = (Verdict.REJECTED, Reason.PHOTO_REFUSED)
_SHAPE: Rule = (Verdict.REJECTED, Reason.PICTURE_SHAPE)
_TEXT: Rule = (Verdict.REJECTED, Reason.TEXT_REFUSED)
_REFUSED: Rule = (Verdict.REJECTED, Reason.REFUSED)

# Known by their subcode, whatever the code beside it.
SUBCODES: dict[int, Rule] = {
    2207001: DOUBT,
    2207003: _NOT_FETCHED,
    2207004: _TOO_BIG,
    2207005: _PHOTO,
    2207006: GONE,
    2207008: GONE,
    2207009: _SHAPE,
    2207010: _TEXT,
    2207020: GONE,
    2207023: _REFUSED,
    2207024: _PHOTO,
    2207026: VIDEO,
    2207027: _PREPARING,
    2207028: _REFUSED,
    2207032: DOUBT,
    **dict.fromkeys(range(2207035, 2207041), _REFUSED),
    2207042: _QUOTA,
    2207050: BLOCKED,
    2207051: BLOCKED,
    2207052: _NOT_FETCHED,
    2207053: DOUBT,
    2207057: (Verdict.REJECTED, Reason.COVER_REFUSED),
    2207077: DOUBT,
    2207082: DOUBT,
    2207085: DOUBT,
}
CODES: dict[int, Rule] = {
    **COMMON_CODES,
    -2: DOUBT,
    -1: DOUBT,
    9: _QUOTA,
    24: GONE,
    25: BLOCKED,
    9004: _NOT_FETCHED,
    9007: _PREPARING,
    36000: _TOO_BIG,
    36001: _PHOTO,
    36002: _PHOTO,
    36003: _SHAPE,
    36004: _TEXT,
}

DICTIONARY = Dictionary(COMMON_PAIRS, SUBCODES, CODES, strict=True)
rule_for, failure_for = DICTIONARY.rule_for, DICTIONARY.failure_for
reading, hidden, visible = DICTIONARY.reading, DICTIONARY.hidden, DICTIONARY.visible
