"""All settings with their meaning and unit. No other code reads the environment."""

from __future__ import annotations

import json
import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from tts_service.values import WebAddress
from tts_service.values.speech_policy import PauseTable, SpokenNotice

_OWN_ADDRESS = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}
"""Wildcard listen address -> the address by which the machine reaches itself."""


WARM_DEFAULT = "default"
"""In `warm_voices`: the voices that English is spoken with."""
NOT_JSON = "not_json"
"""Error type for invalid JSON."""
_NUMBERS = {
    int: ("int_parsing", re.compile(r"[+-]?[0-9]+")),
    float: ("float_parsing", re.compile(r"[^_]+")),
}
"""Allowed number formats: 8_000 and 8000.0 are accepted as integers only by Python and pydantic."""


def _from_json(value: Any) -> Any:
    """Parsed here, as pydantic-settings would stop at the first invalid JSON."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError) as error:
        raise PydanticCustomError(NOT_JSON, "no JSON") from error


_Json = BeforeValidator(_from_json)


class Settings(BaseSettings):
    """`TTS_*` environment variables, or a .env file. Defaults: everything embedded, below `data_dir`."""

    model_config = SettingsConfigDict(env_prefix="TTS_", env_file=".env", extra="ignore", frozen=True)

    data_dir: Path = Path(".tts-data")
    """Folder of the embedded parts: database, broker socket, clips, keys."""
    database_url: str = ""
    """SQLAlchemy URL; empty: SQLite in the data folder. PostgreSQL: postgresql+psycopg://…; of several servers
    the one that takes writes: postgresql+psycopg://user:password@/name?host=a:5432&host=b:5432&target_session_attrs=read-write"""
    broker_url: str = ""
    """redis://…, rediss://… (TLS) or redis+sentinel://host1:26379,host2:26379/master; empty: the embedded Valkey."""
    store_url: str = ""
    """Location of the audio store: file:///… or s3://bucket/prefix; empty: folder `audio` in the data folder."""
    s3_endpoint: str = ""
    """URL of an S3-compatible server; empty: AWS."""
    s3_region: str = "us-east-1"
    s3_access_key_id: str = ""
    s3_secret_access_key: str = ""
    host: str = "127.0.0.1"
    """Address the API listens on. 0.0.0.0: all IPv4 addresses of this machine; ::: all IPv6 and IPv4 addresses."""
    port: int = 8000
    """Port the API listens on; if it is taken, `run` uses the next free one."""
    instance: str = ""
    """Name reported by /healthz; `run` sets a random one at each start to recognise its own API."""
    public_url: str = ""
    """URL at which readers reach this service, optionally with a path (https://news.example/audio); empty:
    http://host:port."""
    worker_slots: int = Field(default_factory=lambda: os.cpu_count() or 2)
    """Jobs processed concurrently on this machine."""
    breaking_slots: int = 0
    """Additional slots of `run` that serve only the queue `breaking`."""
    warm_voices: str = WARM_DEFAULT
    """Voices each worker loads at start, comma-separated; `default`: the default ones for English; empty: none."""
    default_voice_en: str = ""
    """Voice for English where neither the article nor its site names one; empty: the first that is installed in the
    order of docs/voices.md."""
    test_voices: bool = False
    """Enable tone:faulty, whose words break the engine; for tests only."""
    voices_dir: Path | None = None
    """Folder of added voices; None: `voices` in the data folder."""
    voice_mirror: str = ""
    """URL of a folder with the files of the catalogue's voices; empty: where their makers offer them."""
    callback_slots: int = 24
    """Callbacks sent concurrently."""
    slice_s: float = 60.0
    """Seconds a worker spends on one job before the next gets its turn."""
    lease_s: float = 60.0
    """Seconds without a sign of life after which a worker's job is given to another."""
    settle_s: float = 5.0
    """Seconds to wait for further changes before rendering a changed article; never for new or `breaking` ones."""
    sweep_s: float = 15.0
    """Seconds between sweeps for abandoned jobs."""
    utterance_deadline_s: float = 20.0
    """Seconds an engine may take per utterance, plus 0.1 s per character (more for a voice that costs much)."""
    engine_memory_mb: int = 2048
    """Maximum memory of an engine child in MB; beyond it, the child is replaced."""
    min_free_mb: int = 200
    """Free disk space in MB below which workers take no jobs (embedded store)."""
    accel_redirect: str = ""
    """Prefix for X-Accel-Redirect, with which nginx serves finished audio itself; empty: off."""
    audio_base_url: str = ""
    """URL of a CDN that serves the store to everybody: public audio redirects there, restricted audio isn't stored;
    empty: off."""
    signed_store_urls: bool = False
    """Redirect finished audio to signed URLs of the S3 store."""
    loudness_lufs: float = -16.0
    """Integrated loudness of finished clips (BS.1770)."""
    true_peak_dbtp: float = -1.0
    """Maximum true peak of finished clips."""
    pauses: Annotated[PauseTable, NoDecode, _Json] = Field(default_factory=PauseTable)
    """Silence after each kind of block in ms, for sites without their own: JSON, for example {"paragraph_ms": 600}."""
    spoken_notice: Annotated[SpokenNotice | None, NoDecode, _Json] = None
    """Spoken notice for sites without their own: JSON, for example {} or {"every_minutes": 10}; None: no notice."""
    trusted_proxies: str = ""
    """Networks of trusted reverse proxies, comma-separated: their X-Forwarded-For is trusted."""
    rate_store_url: str = ""
    """redis://… for rate limits shared by all API processes; empty: the broker."""
    rate_key: str = "6000/minute"
    """Requests per API key; empty, here and below: unlimited."""
    rate_public: str = "3000/minute"
    """Requests per client address on routes without a key."""
    rate_webhooks: str = "6000/minute"
    """Webhooks per client address and hook."""
    rate_login: str = "5/15 minutes"
    """Sign-in attempts per account and client address."""
    rate_login_address: str = "30/15 minutes"
    """Sign-in attempts per client address."""
    rate_login_account: str = "100/hour"
    """Sign-in attempts per account."""
    rate_feedback_token: str = "10/hour"
    """Reports per opened page or player."""
    rate_feedback_address: str = "30/hour"
    """Reports per client address."""
    rate_feedback_clip: str = "1000/day"
    """Reports per clip."""
    rate_listening: str = "120/hour"
    """Listening updates per client address and clip."""
    feedback_min_s: float = 2.0
    """Minimum seconds between opening and sending a report form; faster ones are from bots."""
    report_email_days: int = 90
    """Days after a report at which its sender's email address is erased, at most 90, as the form says. Once the answer
    is sent, it is erased at once."""
    report_sender_days: int = 30
    """Days after which the keyed hash of a report's sender is erased."""
    listening_days: int = 400
    """Days after which listening figures are erased."""
    smtp_url: str = ""
    """SMTP server for answers to listeners and weekly summaries: smtp://user:password@host:587 (STARTTLS) or
    smtps://user:password@host:465; empty: no mail is sent."""
    mail_from: str = ""
    """Sender of these mails: an address, or Name <address>."""
    staff_over_http: bool = False
    """Allow staff to sign in over plain http from other machines: only in a trusted network."""
    staff_passwords: bool = True
    """Allow staff to sign in with passwords; links and OIDC always work."""
    oidc_issuer: str = ""
    """URL of an OpenID Connect issuer for staff sign-in; empty: off."""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    """Empty: a public client, with PKCE only."""
    oidc_name: str = "single sign-on"
    """Name on the sign-in button: Sign in with …"""
    allow_hosts: str = ""
    """Internal hosts this service may call, comma-separated: cms.lan, cms.lan:8080, 10.0.3.0/24."""
    allow_ports: str = ""
    """Ports this service may call in addition to 80 and 443, comma-separated."""
    deny_networks: str = ""
    """Public networks this service must not call, for example your own, comma-separated."""
    egress_proxy: str = ""
    """http://host:port of a proxy for all outgoing calls; empty: direct."""
    outbound_ca_file: Path | None = None
    """PEM file of additional trusted certificate authorities, for an internal CMS."""
    signing_cert: Path | None = None
    """PEM file of the certificate for signing clips (C2PA), followed by its issuers; None: a self-made one."""
    signing_key: Path | None = None
    """PEM file of its private key."""
    signing_tsa_url: str = ""
    """URL of a time-stamp authority (RFC 3161) called for each signature; empty: none."""
    catch_up_s: float = 900.0
    """Seconds between polls of a site's feed for articles missed by webhooks; 0: off."""
    catch_up_days: float = 3.0
    """Days back within which a feed's article counts as missed; older ones are left to the backfill."""
    check_every_s: float = 86_400.0
    """Seconds per round of checks, in which every known article is checked once against its CMS; 0: off."""
    check_confirm_s: float = 120.0
    """Seconds between the two checks that must agree before an article's audio is withdrawn or restored."""
    check_most_closed: float = 0.05
    """Share of a site's articles that checks may withdraw in one round; beyond it they are only closed and staff are
    alerted, and one click restores all of them."""
    fetch_pause_s: float = 1.0
    """Seconds between two article requests to the same host."""
    fetch_urls: bool = False
    """Whether `speak` and `extract` accept a page's address and fetch it."""
    max_followers: int = 500
    """Streams of events (of jobs and of the desk) that one API process keeps open; more are answered 503."""
    metrics_token: str = ""
    """Bearer token with which Prometheus reads /metrics; empty: there are no metrics."""
    log_format: Literal["plain", "json"] = "plain"
    """json: one JSON object per log line, with the job, article and site that it is about."""
    traces_url: str = ""
    """URL to which OpenTelemetry traces are sent (OTLP/HTTP), such as http://collector:4318/v1/traces; empty: off.
    Needs the package's extra `tracing`."""

    @field_validator("*", mode="before")
    @classmethod
    def _as_written(cls, value: Any, info: ValidationInfo) -> Any:
        """Strict text forms: an empty path is not the current folder, and 8_000 is not a number."""
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
        # The folder's name may contain "#", "?" or "%".
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
        """Public URL of this service, normalised, without a trailing slash."""
        return _as_browsers_write(self.public_url or self.local_url)

    @property
    def local_url(self) -> str:
        """URL at which this machine reaches the API; the loopback address if it listens on all networks."""
        host = _OWN_ADDRESS.get(self.host, self.host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    def environment(self) -> dict[str, str]:
        """The process environment plus these settings, for the processes `run` starts."""
        env = dict(os.environ)
        for name, value in self.model_dump().items():
            if value is not None:
                env[f"TTS_{name.upper()}"] = json.dumps(value) if isinstance(value, dict) else str(value)
        return env


@lru_cache(maxsize=16)
def _as_browsers_write(url: str) -> str:
    """Normalised URL (Punycode host, percent-encoded), as it is used unchanged in JSON, mails and feeds."""
    return (WebAddress.read(url) or url).rstrip("/")


def load_settings(**given: Any) -> Settings:
    """Reads the settings; `given` takes precedence. tts_service/installation/ validates them as a whole.

    Raises ValidationError for unparsable values, UnicodeDecodeError for a .env file that isn't UTF-8.
    """
    return Settings(**given)
