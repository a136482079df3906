"""Who and what lives on the practice network: people, Pages, posts, tokens, codes."""

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


class Post(BaseModel):
    """One post. All instants are of the practice clock, except real_* which are of the machine's."""

    id: str
    seq: int
    page_id: str
    message: str = ""
    link: str = ""
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
