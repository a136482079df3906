"""Who and what lives on the practice network: people, Pages with their posts and photos, profiles with their
media, tokens, codes."""

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
    """Somebody with an account. permissions: name to granted or declined; roles: Page id to tasks."""

    id: str
    name: str
    permissions: dict[str, str] = Field(default_factory=dict)
    roles: dict[str, list[str]] = Field(default_factory=dict)
    authorised_at: datetime | None = None

    def granted(self) -> list[str]:
        """The permissions that are in force."""
        return [name for name, status in self.permissions.items() if status == "granted"]


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


class Photo(BaseModel):
    """A photo of a Page. post_id: the post that holds it, "" while none does."""

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
    """What a profile is about to publish. media_type: IMAGE or CAROUSEL; is_item: a part of a carousel.

    image_url: only until it was fetched, for it opens a picture to whoever has it. trouble: code and subcode
    of what is wrong with the picture. media_ids: what was made of it; several if it was published twice.
    """

    id: str
    seq: int
    profile_id: str
    media_type: str = "IMAGE"
    is_item: bool = False
    image_url: str = ""
    caption: str = ""
    alt_text: str = ""
    children: list[str] = Field(default_factory=list)
    picture: Picture | None = None
    trouble: tuple[int, int] | None = None
    made_at: datetime
    published_at: datetime | None = None
    media_ids: list[str] = Field(default_factory=list)


class Media(BaseModel):
    """Something public on a profile, or one picture of a carousel (parent_id). picture None: a carousel."""

    id: str
    seq: int
    profile_id: str
    picture: Picture | None = None
    caption: str = ""
    alt_text: str = ""
    parent_id: str = ""
    children: list[str] = Field(default_factory=list)
    comments_on: bool = True
    by_app: bool = True
    created_at: datetime
    deleted_at: datetime | None = None


class Post(BaseModel):
    """One post. photos: ids, in their order. All instants are of the practice clock."""

    id: str
    seq: int
    page_id: str
    message: str = ""
    link: str = ""
    photos: list[str] = Field(default_factory=list)
    is_published: bool = True
    by_app: bool = True
    made_at: datetime
    created_at: datetime
    changed_at: datetime
    shown_at: datetime | None = None
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
