"""Planted faults in the settings, each with what the sentence about it must say; for tests and `make seams`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from tts_service.installation.check import read_settings
from tts_service.installation.fault import Fault


@dataclass(frozen=True, slots=True)
class Planted:
    """Settings with one fault in them."""

    given: Mapping[str, str]
    setting: str
    """Which one must be named."""
    says: str
    """What the sentence must say, so that the reader knows what to write."""
    refuses: bool = True


def one(setting: str, value: str, says: str, refuses: bool = True) -> Planted:
    return Planted({setting: value}, setting, says, refuses)


S3 = {"TTS_STORE_URL": "s3://clips"}
PLANTED = (
    one("TTS_DATABASE_URL", "postgres://tts:secret@db/tts", "write postgresql+psycopg://"),
    one("TTS_DATABASE_URL", "postgresql://tts:secret@db/tts", "write postgresql+psycopg://"),
    one("TTS_DATABASE_URL", "postgresql+asyncpg://tts:secret@db/tts", "write postgresql+psycopg://"),
    one("TTS_DATABASE_URL", "postgresql+psycopg://tts:se/cret@db:5432/tts", "percent-encode the password"),
    one("TTS_DATABASE_URL", "postgresql+psycopg://tts:secret@db:54x2/tts", "write the port as a number"),
    one("TTS_DATABASE_URL", "postgresql+psycopg://tts:secret@db", "names no database"),
    one("TTS_DATABASE_URL", "mysql://tts:secret@db/tts", "no database of this service: write postgresql+psycopg://"),
    one("TTS_DATABASE_URL", "sqlite://tts.sqlite3", "three slashes"),
    one("TTS_DATABASE_URL", "sqlite:///~/tts.sqlite3", "~ isn't expanded here: write /"),
    one("TTS_PORT", "0", "write a number from 1 to 65535"),
    one("TTS_PORT", "70000", "write a number from 1 to 65535"),
    one("TTS_PORT", "http", "is no whole number: write one such as 8000"),
    one("TTS_HOST", "http://0.0.0.0", "write 0.0.0.0"),
    one("TTS_HOST", "[::]", "without brackets: write ::"),
    one("TTS_BROKER_URL", "valkey:6379/0", "it has no scheme: write redis://valkey:6379/0"),
    one("TTS_BROKER_URL", "valkey://valkey:6379", "write redis://"),
    one("TTS_BROKER_URL", "amqp://guest:guest@rabbit", "write redis://host:6379/0"),
    one("TTS_BROKER_URL", "redis://valkey:six", "write the port as a number"),
    one("TTS_RATE_STORE_URL", "localhost:6379", "write redis://localhost:6379"),
    one("TTS_PUBLIC_URL", "audio.example.org/listen", "it has no scheme: write https://audio.example.org/listen"),
    one("TTS_PUBLIC_URL", "ftp://audio.example.org", "write https://audio.example.org"),
    one("TTS_PUBLIC_URL", "https://", "names no host"),
    one("TTS_PUBLIC_URL", "http://audio.example.org:80a", "its port is none"),
    one("TTS_PUBLIC_URL", "http://audio.example.org/?a=b", "write http://audio.example.org/"),
    one("TTS_PUBLIC_URL", "http://me:secret@audio.example.org", "everybody would read the password"),
    one("TTS_PUBLIC_URL", "http://audio.example.org/staff", "choose another path"),
    one("TTS_STORE_URL", "/var/lib/audio", "write file:///var/lib/audio"),
    one("TTS_STORE_URL", "file://audio", "write file:///audio"),
    one("TTS_STORE_URL", "gs://clips", "write file:///folder or s3://bucket/prefix"),
    one("TTS_STORE_URL", "s3://", "names no bucket"),
    one("TTS_STORE_URL", "file:///~/audio", "~ isn't expanded here: write /"),
    Planted({**S3, "TTS_S3_ENDPOINT": "minio:9000"}, "TTS_S3_ENDPOINT", "write https://minio:9000 (or http://)"),
    Planted({**S3, "TTS_S3_ACCESS_KEY_ID": "me"}, "TTS_S3_ACCESS_KEY_ID", "TTS_S3_SECRET_ACCESS_KEY"),
    Planted({**S3, "TTS_ACCEL_REDIRECT": "/protected/"}, "TTS_ACCEL_REDIRECT", "can't serve a bucket"),
    one("TTS_S3_ENDPOINT", "http://minio:9000", "set TTS_STORE_URL=s3://bucket", refuses=False),
    one("TTS_SIGNED_STORE_URLS", "true", "only a bucket signs"),
    one("TTS_AUDIO_BASE_URL", "cdn.example.org", "write https://cdn.example.org"),
    one("TTS_OIDC_ISSUER", "login.example.org", "write https://login.example.org"),
    one("TTS_SIGNING_TSA_URL", "tsa.example.org", "write https://tsa.example.org"),
    one("TTS_EGRESS_PROXY", "proxy:3128", "write https://proxy:3128 (or http://)"),
    one("TTS_TRUSTED_PROXIES", "*", "write the networks of your proxies"),
    one("TTS_TRUSTED_PROXIES", "10.0.0.0/8, proxy", "'proxy' can't be read"),
    one("TTS_TRUSTED_PROXIES", "10.0.0.7/8", "write 10.0.0.0/8"),
    one("TTS_TRUSTED_PROXIES", "10.0.0.0/33", "can't be read"),
    one("TTS_TRUSTED_PROXIES", "0.0.0.0/0", "lets every caller choose", refuses=False),
    Planted({"TTS_PUBLIC_URL": "https://audio.example.org"}, "TTS_TRUSTED_PROXIES", "a proxy stands before", False),
    one("TTS_DENY_NETWORKS", "10.0.0.0-10.0.0.9", "can't be read"),
    one("TTS_ALLOW_HOSTS", "https://cms.lan", "can't be read"),
    one("TTS_ALLOW_PORTS", "8080-8090", "can't be read"),
    one("TTS_RATE_PUBLIC", "many", "write one such as 100/minute"),
    one("TTS_DATA_DIR", "~/tts", "~ isn't expanded here: write /"),
    one("TTS_VOICES_DIR", "~/voices", "~ isn't expanded here: write /"),
    one("TTS_OUTBOUND_CA_FILE", "/nowhere/ca.pem", "there is no file /nowhere/ca.pem"),
    one("TTS_SIGNING_CERT", "/nowhere/cert.pem", "TTS_SIGNING_KEY"),
    one("TTS_WORKER_SLOTS", "0", "write a number from 1 to 1000"),
    one("TTS_SLICE_S", "3600", "write a number from 1 to 500"),
    one("TTS_TRUE_PEAK_DBTP", "3", "write a number from -20 to 0"),
    one("TTS_STAFF_OVER_HTTP", "maybe", "is neither true nor false"),
    one("TTS_PAUSES", "600", "can't be used"),
    one("TTS_PAUSES", "{paragraph_ms: 600}", "it is no JSON"),
    one("TTS_DEFAULT_VOICE_EN", "joe", "write engine:name"),
    one("TTS_TRUSTED_PROXY", "10.0.0.0/8", "TTS_TRUSTED_PROXIES is the nearest", refuses=False),
    one("TTS_PUBLICURL", "https://x.example", "TTS_PUBLIC_URL is the nearest", refuses=False),
)
SECRETS = ("secret", "se/cret")
_PRODUCTION = {
    "TTS_DATABASE_URL": "postgresql+psycopg://tts:p%40ss@postgres:5432/tts?sslmode=require",
    "TTS_BROKER_URL": "rediss://:secret@valkey:6379/0",
    "TTS_RATE_STORE_URL": "valkey://valkey:6379/1",
    "TTS_STORE_URL": "s3://clips/all",
    "TTS_S3_ENDPOINT": "http://minio:9000",
    "TTS_PUBLIC_URL": "https://audio.example.org/listen/",
    "TTS_TRUSTED_PROXIES": "10.0.0.0/8, 127.0.0.1, fd00::/8",
    "TTS_ALLOW_HOSTS": "cms.lan:8080, 10.0.3.0/24",
    "TTS_RATE_PUBLIC": "",
    "TTS_WARM_VOICES": "",
    "TTS_HOST": "::",
    "TTS_POSTGRES_PASSWORD": "docker-compose's own",
}
USABLE: tuple[dict[str, str], ...] = ({}, _PRODUCTION, {"TTS_DATABASE_URL": "sqlite:////var/lib/tts.sqlite3"})


@contextmanager
def environment(given: Mapping[str, str], folder: Path) -> Iterator[None]:
    """Only these settings, in a folder without a .env file of somebody else's."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("TTS_")}
    before = Path.cwd()
    os.chdir(folder)
    try:
        with patch.dict(os.environ, {**others, **given}, clear=True):
            yield
    finally:
        os.chdir(before)


def found(planted: Planted, folder: Path) -> Fault | None:
    """The sentence about the planted fault; None when nothing is said of it, or not what to do."""
    with environment(planted.given, folder):
        _, faults = read_settings()
    return next(
        (fault for fault in faults if fault.setting == planted.setting and planted.says in fault.message
         and fault.refuses == planted.refuses), None,
    )  # fmt: skip
