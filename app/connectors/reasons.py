"""Our codes for what went wrong at a network. The sentence for each stands in `words/`."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a call did not succeed, or why a channel can't be used; the same for every network."""

    # Nobody's fault, passing.
    NETWORK_DOWN = "network_down"  # no connection could be made
    NO_ANSWER = "no_answer"  # sent, and no whole answer came back
    NETWORK_TROUBLE = "network_trouble"  # the network answered that it has trouble of its own
    UNCLEAR_ANSWER = "unclear_answer"  # it may or may not have been carried out
    RATE_LIMITED = "rate_limited"
    LINK_UNREACHABLE = "link_unreachable"  # the network could not open the link
    PREPARING = "preparing"  # the network took it and still works at it
    PICTURE_NOT_FETCHED = "picture_not_fetched"  # the network could not fetch a picture from us
    BUCKET_TROUBLE = "bucket_trouble"  # the bucket that networks fetch from does not answer
    PICTURE_WAITS = "picture_waits"  # our machine is too busy to cut a picture
    QUOTA_USED = "quota_used"  # no more posts today
    UPLOAD_BROKEN = "upload_broken"  # a long file did not arrive whole; it is gone on with, or sent anew

    # A person must sign in at the network again, or set something right there.
    TOKEN_INVALID = "token_invalid"  # noqa: S105 - a code, not a token
    TOKEN_EXPIRED = "token_expired"  # noqa: S105 - a code, not a token
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a code, not a password
    APP_REMOVED = "app_removed"
    CHECKPOINT = "checkpoint"  # the network wants to know that it is them
    ROLE_LOST = "role_lost"
    PERMISSION_MISSING = "permission_missing"
    PAGE_NOT_SEEN = "page_not_seen"  # the page is gone, or not for our eyes any more
    PAGE_NOT_AUTHORISED = "page_not_authorised"  # Page Publishing Authorisation is asked for
    APP_SETUP = "app_setup"  # app id, secret or the app's own rights are wrong
    SIGN_IN_FAILED = "sign_in_failed"  # the callback's code was refused

    # The content, or the account, is refused.
    BLOCKED_FOR_NOW = "blocked_for_now"
    POSTING_TOO_FAST = "posting_too_fast"
    DUPLICATE_TEXT = "duplicate_text"
    PHOTOS_ALREADY_POSTED = "photos_already_posted"
    PHOTO_REFUSED = "photo_refused"
    PICTURE_LOST = "picture_lost"  # its file is gone or damaged on our side
    STORE_FULL = "store_full"  # no room left on our disk
    PICTURE_SHAPE = "picture_shape"  # too high or too wide for the network
    PICTURE_TOO_HEAVY = "picture_too_heavy"  # more bytes than the network takes
    VIDEO_REFUSED = "video_refused"  # a file that the network can't read or work at
    SAID_TOO_BIG = "said_too_big"  # these four: of a video, by the network
    SAID_TOO_SHORT = "said_too_short"
    SAID_TOO_LONG = "said_too_long"
    SAID_TOO_SMALL = "said_too_small"  # too few pixels, or too few bytes
    COVER_REFUSED = "cover_refused"  # the moment that the cover shows, or its picture
    TEXT_REFUSED = "text_refused"  # too long, or too many hashtags or mentions
    NOT_OFFERED = "not_offered"  # the network can't do this to a post
    LINK_REFUSED = "link_refused"
    CONTENT_REFUSED = "content_refused"  # against the network's rules
    NETWORK_CHANGED = "network_changed"  # the network no longer offers this
    REFUSED = "refused"  # anything else; the network's own words are shown

    POST_GONE = "post_gone"  # deleted, or not for our eyes
