"""Every setting with its meaning and unit. Nothing else reads the environment."""

from __future__ import annotations

import json
import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from tts_service.policy import PauseTable, SpokenNotice
from tts_service.values import WebAddress

MAX_ARTICLE_CHARACTERS = 200_000
"""Characters of plain text or Markdown an article may have."""
MAX_HTML_BYTES = 5_000_000
"""Bytes of HTML an article may have."""
_OWN_ADDRESS = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}
"""By the address that stands for all of a machine's: the one by which it reaches itself."""


NOT_JSON = "not_json"
"""Kind of error for text that is no JSON where JSON is asked for."""
_NUMBERS = {
    int: ("int_parsing", re.compile(r"[+-]?[0-9]+")),
    float: ("float_parsing", re.compile(r"[^_]+")),
}
"""How numbers are written: 8_000 and 8000.0 are Python's and pydantic's ways to write a whole number, nobody else's."""


def _from_json(value: Any) -> Any:
    """Read here, not by pydantic-settings, which would stop at the first one that is no JSON."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError) as error:
        raise PydanticCustomError(NOT_JSON, "no JSON") from error


_Json = BeforeValidator(_from_json)


class Settings(BaseSettings):
    """`TTS_*` environment variables (or a .env file). Without any: everything embedded, below `data_dir`."""

    model_config = SettingsConfigDict(env_prefix="TTS_", env_file=".env", extra="ignore", frozen=True)

    data_dir: Path = Path(".tts-data")
    """Folder of the embedded parts: database, broker socket, clips, keys."""
    database_url: str = ""
    """SQLAlchemy URL; empty: SQLite in the data folder. PostgreSQL: postgresql+psycopg://…"""
    broker_url: str = ""
    """Celery broker URL (redis://…); empty: Valkey of the embedded service on a unix socket."""
    store_url: str = ""
    """Where audio lies: empty: folder `audio` in the data folder; file:///… or s3://bucket/prefix."""
    s3_endpoint: str = ""
    """Address of an S3-compatible server; empty: AWS."""
    s3_region: str = "us-east-1"
    s3_access_key_id: str = ""
    s3_secret_access_key: str = ""
    host: str = "127.0.0.1"
    """Address the API listens on; 0.0.0.0: every IPv4 address of this machine, ::: every IPv6 and IPv4 address."""
    port: int = 8000
    """Port the API listens on; `run` takes the next free one when it is taken."""
    instance: str = ""
    """Name that /healthz answers with; `run` draws one for each start, so that it knows its own API."""
    public_url: str = ""
    """Address readers reach this service at, with a path of its own or not (https://news.example/audio); empty:
    http://host:port."""
    worker_slots: int = Field(default_factory=lambda: os.cpu_count() or 2)
    """Jobs worked on at the same time on this machine."""
    breaking_slots: int = 0
    """Extra slots of `run` that serve only the queue `breaking`."""
    warm_voices: str = "piper:en_US-joe-medium"
    """Voices each worker loads at its start, separated by commas; empty: none."""
    default_voice_en: str = "piper:en_US-joe-medium"
    """Voice for English articles that name none."""
    test_voices: bool = False
    """Also find tone:faulty, whose words break the engine; for tests only."""
    voices_dir: Path | None = None
    """Folder of voices added by hand; None: `voices` in the data folder."""
    callback_slots: int = 24
    """Callbacks sent at the same time."""
    slice_s: float = 60.0
    """Seconds a worker stays with one job before the next gets its turn."""
    lease_s: float = 60.0
    """Seconds after which a job whose worker fell silent is given to another."""
    settle_s: float = 5.0
    """Seconds a changed article waits for further changes before it is rendered; a new one and `breaking` never do."""
    sweep_s: float = 15.0
    """Seconds between two sweeps for jobs left behind."""
    utterance_deadline_s: float = 20.0
    """Seconds an engine may take for one utterance, before 0.1 s per character is added."""
    engine_memory_mb: int = 2048
    """Memory an engine child may take, in MB; beyond it, it is replaced."""
    min_free_mb: int = 200
    """Free disk space, in MB, below which workers take no job (embedded store)."""
    accel_redirect: str = ""
    """Prefix for X-Accel-Redirect: nginx serves finished audio itself; empty: off."""
    audio_base_url: str = ""
    """Address of a CDN that serves the store to everybody; audio redirects there, and what isn't public isn't kept;
    empty: off."""
    signed_store_urls: bool = False
    """Finished audio redirects to a signed URL of the S3 store."""
    loudness_lufs: float = -16.0
    """Integrated loudness of finished clips (BS.1770)."""
    true_peak_dbtp: float = -1.0
    """Ceiling of the true peak of finished clips."""
    pauses: Annotated[PauseTable, NoDecode, _Json] = Field(default_factory=PauseTable)
    """Silence after each kind of block, in ms, for sites that say nothing else: JSON, such as {"paragraph_ms": 600}."""
    spoken_notice: Annotated[SpokenNotice | None, NoDecode, _Json] = None
    """A notice spoken in clips of sites that say nothing else: JSON, such as {} or {"every_minutes": 10}; None: no."""
    trusted_proxies: str = ""
    """Networks of the proxies before the API, separated by commas: who they say calls (X-Forwarded-For) is believed."""
    rate_store_url: str = ""
    """redis://… that counts requests for every API process; empty: the broker."""
    rate_key: str = "6000/minute"
    """Requests of one API key; empty, here and below: not limited."""
    rate_public: str = "3000/minute"
    """Requests of one address on routes without a key."""
    rate_webhooks: str = "6000/minute"
    """Webhooks from one address to one hook."""
    rate_login: str = "5/15 minutes"
    """Tries to sign in to one account from one address."""
    rate_login_address: str = "30/15 minutes"
    """Tries to sign in from one address."""
    rate_login_account: str = "100/hour"
    """Tries to sign in to one account from anywhere."""
    rate_feedback_token: str = "10/hour"
    """Reports from one opened page or player."""
    rate_feedback_address: str = "30/hour"
    """Reports from one address."""
    rate_feedback_clip: str = "1000/day"
    """Reports about one clip."""
    rate_listening: str = "120/hour"
    """Times that players behind one address tell how far one clip was heard."""
    feedback_min_s: float = 2.0
    """Seconds between opening the form and sending it that no person stays below."""
    report_email_days: int = 30
    """Days after which the e-mail address of a settled report is erased; of any report after a year."""
    report_sender_days: int = 30
    """Days after which the keyed hash of a report's sender is erased."""
    listening_days: int = 400
    """Days after which figures of listening are erased."""
    staff_over_http: bool = False
    """Let staff sign in over plain http at another address than this machine's own: only in a network you trust."""
    staff_passwords: bool = True
    """Whether staff may sign in with a password; links and OIDC work in any case."""
    oidc_issuer: str = ""
    """Address of an OpenID Connect issuer that staff may sign in with; empty: off."""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    """Empty: a public client, by PKCE alone."""
    oidc_name: str = "single sign-on"
    """What the button says: Sign in with …"""
    allow_hosts: str = ""
    """Hosts in the own network this service may call, separated by commas: cms.lan, cms.lan:8080, 10.0.3.0/24."""
    allow_ports: str = ""
    """Ports this service may call besides 80 and 443, separated by commas."""
    deny_networks: str = ""
    """Networks this service never calls although they are public, such as the own ones, separated by commas."""
    egress_proxy: str = ""
    """http://host:port of the proxy every call to the outside goes through; empty: calls go out directly."""
    outbound_ca_file: Path | None = None
    """PEM file with certificates of authorities to trust besides the public ones, for a CMS in the own network."""
    signing_cert: Path | None = None
    """PEM file with the certificate that clips are signed with (C2PA), its issuers behind it; None: a self-made one."""
    signing_key: Path | None = None
    """PEM file with its private key."""
    signing_tsa_url: str = ""
    """Address of a time-stamp authority (RFC 3161) asked at each signature; empty: none is asked."""
    catch_up_s: float = 900.0
    """Seconds between two readings of a site's feed for what its webhooks missed; 0: feeds are not read."""
    catch_up_days: float = 3.0
    """Days back from now in which an article in a feed counts as missed; older ones are the backfill's."""
    check_every_s: float = 86_400.0
    """Length of a round, in seconds: in each, every known article is checked against its CMS once; 0: none is."""
    check_confirm_s: float = 120.0
    """Seconds between the two looks that must agree before an article's audio is taken offline or brought back."""
    check_most_closed: float = 0.05
    """Share of a site's articles that checks may take offline in one round; beyond it they are only closed, staff are
    told, and one click brings all of them back."""
    fetch_pause_s: float = 1.0
    """Seconds between two articles that are fetched from the same host."""
    fetch_urls: bool = False
    """Whether `speak` and `extract` take the address of a page and fetch it."""

    @field_validator("*", mode="before")
    @classmethod
    def _as_written(cls, value: Any, info: ValidationInfo) -> Any:
        """Text as other programs read it: no path is not the folder this was started in, and 8_000 is no number."""
        field = cls.model_fields[info.field_name or ""]
        if not isinstance(value, str):
            return value
        if not value and field.annotation in (Path, Path | None):
            return field.default
        if field.annotation in _NUMBERS:
            error, form = _NUMBERS[field.annotation]
            if not form.fullmatch(value.strip()):
                raise PydanticCustomError(error, "no number")
        return value

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{(self.data_dir / 'tts.sqlite3').absolute()}"

    @property
    def broker(self) -> str:
        # A folder's name may have "#", "?" or "%" in it.
        return self.broker_url or f"redis+socket://{quote(str(self.broker_socket.absolute()))}"

    @property
    def broker_socket(self) -> Path:
        return self.data_dir / "valkey.sock"

    @property
    def store(self) -> str:
        return self.store_url or f"file://{(self.data_dir / 'audio').absolute()}"

    @property
    def voices_folder(self) -> Path:
        return self.voices_dir or self.data_dir / "voices"

    @property
    def base_url(self) -> str:
        """Address readers reach this service at, as browsers write it, without a slash at the end."""
        return _as_browsers_write(self.public_url or self.local_url)

    @property
    def local_url(self) -> str:
        """Where this machine reaches the API; its own address where that listens on every network."""
        host = _OWN_ADDRESS.get(self.host, self.host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    def environment(self) -> dict[str, str]:
        """The process environment with these settings in it, for the parts `run` starts."""
        env = dict(os.environ)
        for name, value in self.model_dump().items():
            if value is not None:
                env[f"TTS_{name.upper()}"] = json.dumps(value) if isinstance(value, dict) else str(value)
        return env


@lru_cache(maxsize=16)
def _as_browsers_write(url: str) -> str:
    """Host in Punycode, everything else percent-encoded: it goes out in JSON, mails and feeds as it is."""
    return (WebAddress.read(url) or url).rstrip("/")


def load_settings(**given: Any) -> Settings:
    """Read the settings as they are written; `given` stands above them. tts_service/installation/ checks them.

    Raises ValidationError for what can't be read at all, UnicodeDecodeError for a .env file that isn't UTF-8.
    """
    return Settings(**given)
