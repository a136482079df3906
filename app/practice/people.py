"""Who and what lives on the practice network: people, Pages with their posts, photos, videos and stories,
profiles with their media, comments, tokens, codes."""

from datetime import datetime

from pydantic import BaseModel, Field

ALL_TASKS = ["ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MESSAGING", "MODERATE", "MANAGE"]
PERMISSIONS = (
    "public_profile",
    "pages_show_list",
    "pages_read_engagement",
    "pages_read_user_content",
    "pages_manage_posts",
    "pages_manage_engagement",
    "pages_manage_metadata",
    "read_insights",
    "business_management",
    "instagram_basic",
    "instagram_content_publish",
    "instagram_manage_comments",
    "instagram_manage_insights",
    "instagram_manage_contents",
    "publish_video",
    "pages_messaging",
)


class Person(BaseModel):
    """Somebody with an account. permissions: name to granted or declined; roles: Page id to tasks; through:
    those Pages of them that come through a business portfolio; app_role: in the program, "" for none."""

    id: str
    name: str
    permissions: dict[str, str] = Field(default_factory=dict)
    roles: dict[str, list[str]] = Field(default_factory=dict)
    through: list[str] = Field(default_factory=list)
    app_role: str = "administrators"
    authorised_at: datetime | None = None

    def granted(self) -> list[str]:
        """The permissions that are in force."""
        return [name for name, status in self.permissions.items() if status == "granted"]


class Portfolio(BaseModel):
    """A business portfolio. people: ids of those who belong to it; owned, clients: ids of its own Pages, and
    of others' Pages that it works for."""

    id: str
    name: str
    people: list[str] = Field(default_factory=list)
    owned: list[str] = Field(default_factory=list)
    clients: list[str] = Field(default_factory=list)


class Page(BaseModel):
    """A Page. followers: a made-up count; zone: IANA name, for times on our own screens."""

    id: str
    name: str
    category: str = "Library"
    about: str = ""
    username: str = ""
    followers: int = 4210
    zone: str = "Europe/Helsinki"


class Picture(BaseModel):
    """What is known of a picture's bytes. hash: sha256 of them as they came; kind: Pillow's name of the
    format; plain: a baseline or progressive JPEG and nothing more; width, height: pixels; size: bytes; name:
    the file that the public is given."""

    hash: str
    kind: str
    plain: bool
    width: int
    height: int
    size: int
    name: str


class Clip(BaseModel):
    """What is known of a video's bytes. hash: sha256 of them as they came; kind: mp4 or mov; seconds: length;
    width, height: pixels, as it is seen; frames: a second; codec, sound: their names, sound "" for none;
    rate: of the sound, hertz; bits: a second; moov_first: it can be played while it comes; name: the file
    that the public is given; poster: its first picture."""

    hash: str
    kind: str
    size: int
    seconds: float
    width: int
    height: int
    frames: float
    codec: str
    sound: str = ""
    rate: int = 0
    bits: int = 0
    moov_first: bool = True
    name: str
    poster: Picture


class Photo(BaseModel):
    """A photo of a Page. post_id: the post or story that holds it, "" while none does."""

    id: str
    seq: int
    page_id: str
    picture: Picture
    caption: str = ""
    alt_text: str = ""
    is_published: bool = True
    by_app: bool = True
    post_id: str = ""
    created_at: datetime
    deleted_at: datetime | None = None


class Profile(BaseModel):
    """A professional account on Instagram, linked to a Page. followers: a made-up count."""

    id: str
    page_id: str
    username: str
    name: str
    biography: str = ""
    followers: int = 1_930


class Container(BaseModel):
    """What a profile is about to publish. media_type: IMAGE, CAROUSEL, REELS, STORIES or VIDEO; is_item: a
    part of a carousel.

    image_url, video_url, cover_url: only until they were fetched, for they open a file to whoever has them.
    resumable: its bytes are sent; file_size, kept: how many there are and have come; got_at: when all had.
    trouble: code and subcode of what is wrong with the file. media_ids: what was made of it; several if it
    was published twice.
    """

    id: str
    seq: int
    profile_id: str
    media_type: str = "IMAGE"
    is_item: bool = False
    image_url: str = ""
    video_url: str = ""
    cover_url: str = ""
    resumable: bool = False
    file_size: int = 0
    kept: int = 0
    caption: str = ""
    alt_text: str = ""
    thumb_offset: int | None = None
    share_to_feed: bool = True
    children: list[str] = Field(default_factory=list)
    picture: Picture | None = None
    clip: Clip | None = None
    poster: Picture | None = None
    trouble: tuple[int, int] | None = None
    got_at: datetime | None = None
    made_at: datetime
    published_at: datetime | None = None
    media_ids: list[str] = Field(default_factory=list)


class Media(BaseModel):
    """Something public on a profile, or one part of a carousel (parent_id). Neither picture nor clip: a
    carousel. product: FEED, REELS or STORY; hidden: archived by hand; due_at: when a story ends; counted:
    numbers that it was laid with, they do not change."""

    id: str
    seq: int
    profile_id: str
    product: str = "FEED"
    picture: Picture | None = None
    clip: Clip | None = None
    poster: Picture | None = None
    caption: str = ""
    alt_text: str = ""
    parent_id: str = ""
    children: list[str] = Field(default_factory=list)
    share_to_feed: bool = True
    comments_on: bool = True
    by_app: bool = True
    hidden: bool = False
    counted: dict[str, int] = Field(default_factory=dict)
    created_at: datetime
    due_at: datetime | None = None
    deleted_at: datetime | None = None


class Post(BaseModel):
    """One post. photos: ids, in their order; video: the id of its video; is_reel: it stands among the reels,
    not in the feed; hidden: by hand, by a person; due_at: when it is shown by itself; counted: numbers that
    it was laid with, they do not change. All instants are of the practice clock."""

    id: str
    seq: int
    page_id: str
    message: str = ""
    link: str = ""
    photos: list[str] = Field(default_factory=list)
    video: str = ""
    is_reel: bool = False
    is_published: bool = True
    by_app: bool = True
    hidden: bool = False
    counted: dict[str, int] = Field(default_factory=dict)
    made_at: datetime
    created_at: datetime
    changed_at: datetime
    shown_at: datetime | None = None
    due_at: datetime | None = None
    deleted_at: datetime | None = None


class Video(BaseModel):
    """A video of a Page. use: video, reel or story, by the edge that began it.

    file_size, kept: bytes that there are and that have come; session: of an upload in phases; trouble: code,
    subcode and words of what is wrong with it. wanted: "" (nothing yet), hidden, draft, published or
    scheduled; asked_at: since when; due_at: when its processing ends; ready_at: when that went well.
    staged: it was hidden first; post_id: the post or story that shows it.
    """

    id: str
    seq: int
    page_id: str
    use: str = "video"
    file_size: int = 0
    kept: int = 0
    session: str = ""
    clip: Clip | None = None
    poster: Picture | None = None
    title: str = ""
    description: str = ""
    trouble: tuple[int, int, str] | None = None
    wanted: str = ""
    by_app: bool = True
    created_at: datetime
    changed_at: datetime
    asked_at: datetime | None = None
    scheduled_at: datetime | None = None
    due_at: datetime | None = None
    ready_at: datetime | None = None
    shown_at: datetime | None = None
    staged: bool = False
    post_id: str = ""
    deleted_at: datetime | None = None


class Story(BaseModel):
    """A story of a Page. id: what Meta calls its post_id; media_id: of its photo or video; due_at: when it
    appears, then when it ends; ended_at: when it did."""

    id: str
    seq: int
    page_id: str
    kind: str
    media_id: str
    by_app: bool = True
    created_at: datetime
    shown_at: datetime | None = None
    due_at: datetime | None = None
    ended_at: datetime | None = None
    deleted_at: datetime | None = None


class Session(BaseModel):
    """An upload that belongs to the app alone until a video is made of it (Meta, Resumable Upload API)."""

    id: str
    seq: int
    file_size: int
    kept: int = 0
    name: str = ""
    handle: str = ""
    clip: Clip | None = None
    trouble: tuple[int, int, str] | None = None
    created_at: datetime


class Comment(BaseModel):
    """What somebody wrote under something public. on: its id; place: the Page or the profile it stands on;
    parent_id: the comment it answers; author: a name, "" for the Page or the profile itself."""

    id: str
    seq: int
    on: str
    place: str
    parent_id: str = ""
    author: str = ""
    author_id: str
    message: str
    by_app: bool = True
    hidden: bool = False
    created_at: datetime
    deleted_at: datetime | None = None


class Token(BaseModel):
    """An access token. kind: USER, PAGE or APP; expires_at None: never; ended: a subcode of 190."""

    value: str
    kind: str
    person_id: str = ""
    page_id: str = ""
    issued_at: datetime
    expires_at: datetime | None = None
    long_lived: bool = False
    ended: int | None = None


class Code(BaseModel):
    """An authorisation code, good once and for ten minutes."""

    value: str
    person_id: str
    redirect_uri: str
    expires_at: datetime
    used: bool = False
