"""Settings, read from the environment or from `.env` in the working folder. Every one is in the README."""

import ssl
from functools import cache
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@cache
def _read_certificates(path: str, _changed: float) -> None:
    """Raises ValueError for a file that holds no certificates: else it is found out by the first call."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except OSError:
        raise ValueError("a file of certificates (PEM) that can be read") from None


class Settings(BaseSettings):
    """What an installation may choose. Names in the environment are the same in capitals."""

    model_config = SettingsConfigDict(
        env_file=".env",
        extra="ignore",
        env_ignore_empty=True,
        hide_input_in_errors=True,  # some of it is secret
    )

    host: str = Field("127.0.0.1", description="Address that the pages listen on.")
    port: int = Field(8000, ge=1, le=65535, description="Port of the pages and the API.")
    data_dir: Path = Field(Path("data"), description="Folder of the database, keys and locks; back it up.")
    database_url: str = Field("", description="Empty: SQLite in the data folder. Else postgresql://…")
    public_url: str = Field("", description="Address people use, for example https://kuliss.example.org.")
    secret_keys: str = Field(
        "",
        description="Keys for stored credentials, base64, newest first, comma between. Empty: DATA_DIR/keys.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="How much is logged.")
    log_format: Literal["text", "json"] = Field("text", description="Log lines for people or for programs.")
    locale: Literal["en", "sv", "fi", "nb"] = Field("en", description="Language of the log and of mails.")
    trusted_proxies: str = Field(
        "127.0.0.1", description="Addresses whose X-Forwarded-* headers are believed."
    )
    metrics_token: str = Field(
        "",
        repr=False,
        description="Token that /metrics asks for (Bearer). Empty: it answers on this machine alone.",
    )
    session_lock_minutes: int = Field(
        30, ge=0, description="The password is asked again after so many minutes without a touch; 0: never."
    )
    session_idle_minutes: int = Field(
        720, ge=5, description="Signed out after so many minutes without a touch."
    )
    session_most_days: int = Field(
        30, ge=1, description="Signed out after so many days, however much it is used."
    )
    oidc_issuer: str = Field(
        "", description="OpenID provider that people may sign in with, for example Entra ID. Empty: none."
    )
    oidc_client_id: str = Field("", description="Name by which that provider knows Kuliss.")
    oidc_client_secret: str = Field("", repr=False, description="Secret of that name.")
    oidc_name: str = Field("", description="What the button says people sign in with. Empty: work account.")
    oidc_trust_emails: bool = Field(
        False, description="Believe the provider's e-mail addresses though it does not say they are verified."
    )
    oidc_passwords: bool = Field(
        True, description="Whether people who are linked to that provider may use a password here as well."
    )
    argon2_memory_mib: int = Field(64, ge=8, description="Memory of one password check, in MiB.")
    graph_api_version: str = Field(
        "v25.0", pattern=r"^v\d+\.\d+$", description="Version of Meta's Graph API that is called."
    )
    meta_app_id: str = Field("", description="Meta app of the top unit; may be entered in the pages instead.")
    meta_app_secret: str = Field("", description="Secret of that Meta app.")
    smtp_host: str = Field("", description="Mail server that sends our mails. Empty: no mail is sent.")
    smtp_port: int = Field(587, ge=1, le=65535, description="Port of the mail server.")
    smtp_security: Literal["none", "starttls", "tls"] = Field(
        "starttls", description="How the way to the mail server is encrypted."
    )
    smtp_user: str = Field("", description="Name that Kuliss signs in with at the mail server. Empty: none.")
    smtp_password: str = Field("", repr=False, description="Password of that name.")
    mail_from: str = Field("", description="Address that mails come from, for example kuliss@example.org.")
    https_proxy: str = Field(
        "", repr=False, description="Proxy for calls to networks, http://HOST:PORT. Empty: none."
    )
    no_proxy: str = Field("", description="Hosts that are called without that proxy, comma between.")
    ssl_cert_file: str = Field(
        "", description="File of further certificates (PEM) that are believed, as of a proxy's own."
    )
    network_timeout_seconds: float = Field(30.0, gt=0, description="How long one call to a network may take.")
    upload_video_megabytes: int = Field(
        1000, ge=1, le=4000, description="Largest video that is taken in, in MB."
    )
    show_threads: int = Field(48, ge=1, le=200, description="Posts that can be shown at the same moment.")
    media_bucket: str = Field(
        "", description="S3 bucket from which networks fetch pictures. Empty: they fetch from PUBLIC_URL."
    )
    media_bucket_endpoint: str = Field(
        "", description="Address of the bucket's service, https. Empty: Amazon's for the region."
    )
    media_bucket_region: str = Field("us-east-1", description="Region of the bucket.")
    media_bucket_key_id: str = Field("", description="Access key of the bucket: may write, read and delete.")
    media_bucket_secret: str = Field("", repr=False, description="Secret of that access key.")
    media_bucket_prefix: str = Field(
        "", description="What the bucket's keys begin with, for example kuliss/."
    )
    practice_host: str = Field("127.0.0.1", description="Address that the practice network listens on.")
    practice_port: int = Field(8001, ge=1, le=65535, description="Port of the practice network.")

    @field_validator("public_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if value and not (urlsplit(value).scheme in ("http", "https") and urlsplit(value).hostname):
            raise ValueError("an address that begins with https://")
        return value.rstrip("/")

    @field_validator("https_proxy")
    @classmethod
    def _is_proxy(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in ("http", "https"):
            raise ValueError("an address that begins with http://")
        return value.rstrip("/")

    @field_validator("ssl_cert_file")
    @classmethod
    def _is_there(cls, value: str) -> str:
        if value and not Path(value).is_file():
            raise ValueError("a file that is there")
        if value:
            _read_certificates(value, Path(value).stat().st_mtime)  # once: a system's has hundreds
        return value

    @field_validator("media_bucket_endpoint", "oidc_issuer")
    @classmethod
    def _encrypted(cls, value: str) -> str:
        """Pictures, signatures and people's names cross no network in the clear; on this machine they may."""
        parts = urlsplit(value)
        if value and not (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)):
            raise ValueError("an address that begins with https://")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _bucket_whole(self) -> Self:
        if self.media_bucket and not (self.media_bucket_key_id and self.media_bucket_secret):
            raise ValueError("MEDIA_BUCKET needs MEDIA_BUCKET_KEY_ID and MEDIA_BUCKET_SECRET")
        return self

    @model_validator(mode="after")
    def _provider_whole(self) -> Self:
        if self.oidc_issuer and not (self.oidc_client_id and self.oidc_client_secret):
            raise ValueError("OIDC_ISSUER needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET")
        return self

    @model_validator(mode="after")
    def _mail_whole(self) -> Self:
        if self.smtp_host and "@" not in self.mail_from:
            raise ValueError("SMTP_HOST needs MAIL_FROM, an address")
        if self.smtp_user and self.smtp_security == "none" and self.smtp_host not in LOOPBACK:
            raise ValueError("SMTP_USER needs SMTP_SECURITY starttls or tls: a password goes encrypted only")
        return self

    @property
    def address(self) -> str:
        """The address people use, without a slash at the end."""
        everywhere = ("0.0.0.0", "::", "127.0.0.1")  # noqa: S104 - only compared with
        host = "localhost" if self.host in everywhere else self.host
        return self.public_url or f"http://{host}:{self.port}"

    @property
    def database(self) -> str:
        """The database URL, with the SQLite file in the data folder when none is given."""
        return self.database_url or f"sqlite:///{self.data_dir.absolute() / 'kuliss.db'}"

    @property
    def practice_address(self) -> str:
        """Where this program reaches the practice network, without a slash at the end."""
        return f"http://{self.practice_host}:{self.practice_port}"

    @property
    def practice_public_address(self) -> str:
        """Where a browser reaches the practice network: through our own address."""
        return f"{self.address}/practice"
