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
from tts_service.settings import Settings


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


_SENDER = {"TTS_MAIL_FROM": "audio@example.org", "TTS_PUBLIC_URL": "https://audio.example.org"}
S3 = {"TTS_STORE_URL": "s3://clips"}
RATES = [name for name in Settings.model_fields if name.startswith("rate_") and name != "rate_store_url"]
_JUNK = {"TTS_SIGNING_CERT": "/etc/passwd", "TTS_SIGNING_KEY": "/etc/passwd"}
PLANTED = (
    one("TTS_DATABASE_URL", "postgres://tts:secret@db/tts", "write postgresql+psycopg://"),
    one("TTS_DATABASE_URL", "postgresql://tts:secret@db/tts", "write postgresql+psycopg://"),
    one("TTS_DATABASE_URL", "postgresql+asyncpg://tts:secret@db/tts", "write postgresql+psycopg://"),
    one("TTS_DATABASE_URL", "postgresql+psycopg://tts:se/cret@db:5432/tts", "percent-encode the password"),
    one("TTS_DATABASE_URL", "postgresql+psycopg://tts:secret@db:54x2/tts", "write the port as a number"),
    one("TTS_DATABASE_URL", "postgresql+psycopg://tts:secret@db", "names no database"),
    one("TTS_DATABASE_URL", "mysql://tts:secret@db/tts", "is not a supported database: write postgresql+psycopg://"),
    one("TTS_DATABASE_URL", "sqlite://tts.sqlite3", "three slashes"),
    one("TTS_DATABASE_URL", "sqlite+pysqlite:///tts.sqlite3", "is not supported for SQLite: write sqlite://…"),
    one("TTS_DATABASE_URL", "SQLite:///tts.sqlite3", "is not supported for SQLite: write sqlite://…"),
    one("TTS_DATABASE_URL", "sqlite:///~/tts.sqlite3", "~ isn't expanded here: write sqlite:////"),
    one("TTS_DATABASE_URL", "sqlite:///${HOME}/tts.sqlite3", "${HOME} isn't expanded here: write sqlite:////"),
    one("TTS_DATABASE_URL", "sqlite:////proc/tts/tts.sqlite3", "no folder can be created there"),
    one("TTS_DATABASE_URL", "postgresql+psycopg://u:se@cret@127.0.0.1:1/db", "percent-encode the password"),
    one("TTS_DATABASE_URL", "postgresql+psycopg://u:1#se@cret/db", "percent-encode the password"),
    one("TTS_DATABASE_URL", "postgresql+psycopg://u:1?se@cret/db", "percent-encode the password"),
    Planted(
        {"TTS_SMTP_URL": "mail.example.org:587", **_SENDER},
        "TTS_SMTP_URL",
        "it has no scheme: write one such as smtp://user",
    ),
    Planted(
        {"TTS_SMTP_URL": "https://mail.example.org", **_SENDER},
        "TTS_SMTP_URL",
        "write smtp://user:password@mail.example.org:587",
    ),
    Planted({"TTS_SMTP_URL": "smtp://", **_SENDER}, "TTS_SMTP_URL", "it names no host"),
    Planted(
        {"TTS_SMTP_URL": "smtp://me:secret@mail.example.org:abc", **_SENDER},
        "TTS_SMTP_URL",
        "write the port as a number",
    ),
    Planted(
        {"TTS_SMTP_URL": "smtp://me:sec/ret@mail.example.org:587", **_SENDER},
        "TTS_SMTP_URL",
        "percent-encode the password",
    ),
    Planted(
        {"TTS_SMTP_URL": "smtp://me:sec#ret@mail.example.org:587", **_SENDER},
        "TTS_SMTP_URL",
        "percent-encode the password",
    ),
    Planted(
        {"TTS_SMTP_URL": "smtp://me@mail.example.org:587", **_SENDER}, "TTS_SMTP_URL", "user and password go together"
    ),
    Planted(
        {"TTS_SMTP_URL": "smtp://mail.example.org/relay", **_SENDER}, "TTS_SMTP_URL", "nothing may follow the port"
    ),
    Planted(
        {"TTS_SMTP_URL": "smtp://mail.example.org", "TTS_PUBLIC_URL": "https://audio.example.org"},
        "TTS_SMTP_URL",
        "set TTS_MAIL_FROM=audio@example.org too",
    ),
    Planted(
        {"TTS_MAIL_FROM": "The Gazette", "TTS_SMTP_URL": "smtp://mail.lan"},
        "TTS_MAIL_FROM",
        "it is no e-mail address: write one such as audio@example.org",
    ),
    Planted(
        {"TTS_SMTP_URL": "smtp://mail.lan", "TTS_MAIL_FROM": "audio@example.org"},
        "TTS_SMTP_URL",
        "set TTS_PUBLIC_URL=https://audio.example.org too",
        False,
    ),
    one("TTS_MAIL_FROM", "audio@example.org", "it has no effect on its own: set TTS_SMTP_URL=", False),
    one("TTS_REPORT_EMAIL_DAYS", "91", "write a number from 0 to 90"),
    one("TTS_PORT", "0", "write a number from 1 to 65535"),
    one("TTS_PORT", "70000", "write a number from 1 to 65535"),
    one("TTS_PORT", "http", "is not a whole number: write one such as 8000"),
    one("TTS_HOST", "http://0.0.0.0", "write 0.0.0.0"),
    one("TTS_PORT", "8000.0", "is not a whole number: write one such as 8000"),
    one("TTS_PORT", "8_000", "is not a whole number: write one such as 8000"),
    one("TTS_WORKER_SLOTS", "4.0", "is not a whole number"),
    one("TTS_SLICE_S", "6_0", "is not a number"),
    one("TTS_HOST", "[::]", "without brackets: write ::"),
    one("TTS_HOST", "*", "write 0.0.0.0"),
    one("TTS_HOST", "0.0.0.0:8000", "the port belongs in TTS_PORT: write 0.0.0.0"),
    one("TTS_HOST", "http://0.0.0.0:8000/", "write 0.0.0.0"),
    one("TTS_HOST", "[::1]:8000", "the port belongs in TTS_PORT: write ::1"),
    one("TTS_HOST", "256.0.0.1", "is not an address: write 0.0.0.0 for every network, or 127.0.0.1"),
    one("TTS_HOST", "10.0.0.0/8", "write 10.0.0.0"),
    one("TTS_HOST", "my host", "is not an address: write 0.0.0.0 for every network, or 127.0.0.1"),
    one("TTS_BROKER_URL", "valkey:6379/0", "it has no scheme: write redis://valkey:6379/0"),
    one("TTS_BROKER_URL", "valkey://valkey:6379", "write redis://"),
    one("TTS_BROKER_URL", "amqp://guest:guest@rabbit", "write redis://host:6379/0"),
    one("TTS_BROKER_URL", "redis://valkey:six", "write the port as a number"),
    one("TTS_BROKER_URL", "redis://127.0.0.1:6379/x", "is not a database number: write redis://127.0.0.1:6379/0"),
    one("TTS_BROKER_URL", "redis://", "it names no host: write redis://host:6379/0"),
    one("TTS_BROKER_URL", "redis://:secret@/0", "it names no host: write redis://host:6379/0"),
    one("TTS_BROKER_URL", ":6379", "it has no scheme: write redis://host:6379/0"),
    one("TTS_BROKER_URL", "redis://valkey?db=x", "'x' is not a database number: write redis://valkey/0"),
    one(
        "TTS_BROKER_URL",
        "redis+socket://run/valkey.sock",
        "three slashes and the whole path: write redis+socket:///run",
    ),
    one("TTS_BROKER_URL", "redis+socket://", "it names no socket: write redis+socket:///"),
    one("TTS_BROKER_URL", "sentinel://valkey:26379", "write redis+sentinel://"),
    one("TTS_BROKER_URL", "redis+sentinel://:secret@valkey:26379", "write redis+sentinel://host1:26379,host2:26379/"),
    one("TTS_BROKER_URL", "redis+sentinel://valkey:x/leader", "write redis+sentinel://host1:26379,host2:26379/"),
    one("TTS_BROKER_URL", "redis+sentinel://valkey,/leader", "write redis+sentinel://host1:26379,host2:26379/"),
    one("TTS_BROKER_URL", "redis+sentinel://valkey/leader/x", "write redis+sentinel://host1:26379,host2:26379/"),
    one(
        "TTS_DATABASE_URL",
        "postgresql+psycopg://tts:secret@one:5432,two:5432/tts",
        "several hosts are parameters: write postgresql+psycopg://user:password@/name?host=first:5432&host=second",
    ),
    one("TTS_RATE_STORE_URL", "redis://valkey:6379/one", "is not a database number: write redis://valkey:6379/0"),
    one("TTS_RATE_STORE_URL", "localhost:6379", "write redis://localhost:6379"),
    one("TTS_PUBLIC_URL", "audio.example.org/listen", "it has no scheme: write https://audio.example.org/listen"),
    one("TTS_PUBLIC_URL", "ftp://audio.example.org", "write https://audio.example.org"),
    one("TTS_PUBLIC_URL", "https://", "names no host"),
    one("TTS_PUBLIC_URL", "http://audio.example.org:80a", "its port is not valid"),
    one("TTS_PUBLIC_URL", "http://audio.example.org/?a=b", "write http://audio.example.org/"),
    one("TTS_PUBLIC_URL", "http://me:secret@audio.example.org", "which everybody could read"),
    one("TTS_PUBLIC_URL", "http://audio.example.org/staff", "choose another path"),
    one("TTS_PUBLIC_URL", "http://127.0.0.1:18481/a/../hör/", "write http://127.0.0.1:18481/h%C3%B6r/"),
    one("TTS_PUBLIC_URL", "http://x.example/./audio", "write http://x.example/audio"),
    one("TTS_PUBLIC_URL", "http://x.example/a/%2e%2E/audio", "write http://x.example/audio"),
    one("TTS_PUBLIC_URL", "http://x.example//audio", "write http://x.example/audio"),
    one("TTS_PUBLIC_URL", "http://x.example/audio//", "write http://x.example/audio"),
    one("TTS_PUBLIC_URL", "https:/x.example", "write https://x.example"),
    one("TTS_PUBLIC_URL", r"https:\x.example\audio", "write https://x.example/audio"),
    one("TTS_PUBLIC_URL", r"http://x.example\audio", "write http://x.example/audio"),
    one("TTS_PUBLIC_URL", "//x.example", "it has no scheme: write https://x.example"),
    one("TTS_PUBLIC_URL", "http://x.example/an article", "it contains a space: write http://x.example/an%20article"),
    one("TTS_PUBLIC_URL", "https://*.example", "its host can't be read"),
    one("TTS_PUBLIC_URL", "http://x.example/a/../staff", "/staff is where staff sign in"),
    one("TTS_PUBLIC_URL", "http://a%b.example", "its host can't be read"),
    one("TTS_PUBLIC_URL", "'https://x.example'", "it is in quotes: write https://x.example"),
    one("TTS_PUBLIC_URL", "“https://x.example”", "it is in quotes: write https://x.example"),
    one("TTS_DATABASE_URL", '"postgresql+psycopg://tts:secret@db/tts"', "it is in quotes: write it without them"),
    one("TTS_RATE_PUBLIC", '"100/minute"', "it is in quotes: write 100/minute"),
    one("TTS_DATA_DIR", "'/tmp/tts'", "it is in quotes: write /tmp/tts"),
    one("TTS_STORE_URL", "/var/lib/audio", "write file:///var/lib/audio"),
    one("TTS_STORE_URL", "file://audio", "write file:///audio"),
    one("TTS_STORE_URL", "gs://clips", "write file:///folder or s3://bucket/prefix"),
    one("TTS_STORE_URL", "s3://", "names no bucket"),
    one("TTS_STORE_URL", "file:///~/audio", "~ isn't expanded here: write file:///"),
    one("TTS_STORE_URL", "file://~/audio", "~ isn't expanded here: write file:///"),
    one("TTS_STORE_URL", "~/audio", "it has no scheme: write file:///"),
    one("TTS_STORE_URL", "file:audio", "it has no scheme: write file:///"),
    one("TTS_STORE_URL", "file:", "it has no scheme: write file:///folder"),
    one("TTS_STORE_URL", "$HOME/audio", "it has no scheme: write file:///"),
    one("TTS_STORE_URL", "../audio", "it has no scheme: write file:///"),
    one("TTS_STORE_URL", "s3:clips", "it has no scheme: write s3://clips"),
    one("TTS_STORE_URL", "'s3://b'", "it is in quotes: write it without them"),
    one("TTS_STORE_URL", "file:///$HOME/audio", "$HOME isn't expanded here: write file:///"),
    one("TTS_STORE_URL", "file:///proc/audio", "no folder can be created there"),
    one("TTS_STORE_URL", "s3://My_Bucket", "is not a bucket name: write 3 to 63 lower-case letters", refuses=False),
    one("TTS_STORE_URL", "s3://ab/all", "is not a bucket name: write 3 to 63 lower-case letters", refuses=False),
    Planted({**S3, "TTS_S3_ENDPOINT": "minio:9000"}, "TTS_S3_ENDPOINT", "write https://minio:9000 (or http://)"),
    Planted({**S3, "TTS_S3_ACCESS_KEY_ID": "me"}, "TTS_S3_ACCESS_KEY_ID", "TTS_S3_SECRET_ACCESS_KEY"),
    Planted({**S3, "TTS_ACCEL_REDIRECT": "/protected/"}, "TTS_ACCEL_REDIRECT", "can't serve a bucket"),
    one("TTS_S3_ENDPOINT", "http://minio:9000", "set TTS_STORE_URL=s3://bucket", refuses=False),
    one("TTS_SIGNED_STORE_URLS", "true", "only a bucket can sign URLs"),
    one("TTS_AUDIO_BASE_URL", "cdn.example.org", "write https://cdn.example.org"),
    Planted(
        {"TTS_OIDC_ISSUER": "login.example.org", "TTS_OIDC_CLIENT_ID": "tts"},
        "TTS_OIDC_ISSUER",
        "write https://login.example.org.",
    ),
    one("TTS_AUDIO_BASE_URL", "https://müller.example/hör", "write https://xn--mller-kva.example/h%C3%B6r"),
    one("TTS_SIGNING_TSA_URL", "http://müller.example/", "write http://xn--mller-kva.example/"),
    one("TTS_EGRESS_PROXY", "http://me:secret@prüfer:3128", "write its host as xn--prfer-lva:3128"),
    one("TTS_OIDC_ISSUER", "https://login.example.org", "set TTS_OIDC_CLIENT_ID too"),
    Planted(
        {"TTS_OIDC_ISSUER": "http://login.example.org", "TTS_OIDC_CLIENT_ID": "tts"},
        "TTS_OIDC_ISSUER",
        "an issuer must use https: write https://login.example.org",
    ),
    one("TTS_OIDC_CLIENT_ID", "tts", "set TTS_OIDC_ISSUER", refuses=False),
    one("TTS_OIDC_CLIENT_SECRET", "secret", "set TTS_OIDC_ISSUER", refuses=False),
    one("TTS_S3_SECRET_ACCESS_KEY", "secret", "TTS_S3_ACCESS_KEY_ID"),
    one("TTS_SIGNING_TSA_URL", "tsa.example.org", "write https://tsa.example.org"),
    one("TTS_EGRESS_PROXY", "proxy:3128", "write https://proxy:3128 (or http://)"),
    one("TTS_TRUSTED_PROXIES", "*", "write the networks of your proxies"),
    one("TTS_TRUSTED_PROXIES", "10.0.0.0/8, proxy", "'proxy' can't be read"),
    one("TTS_TRUSTED_PROXIES", "10.0.0.7/8", "write 10.0.0.0/8"),
    one("TTS_TRUSTED_PROXIES", "10.0.0.0/33", "can't be read"),
    one("TTS_TRUSTED_PROXIES", "0.0.0.0/0", "lets every caller choose", refuses=False),
    Planted(
        {"TTS_PUBLIC_URL": "https://audio.example.org"}, "TTS_TRUSTED_PROXIES", "there is a proxy in front of", False
    ),
    one(
        "TTS_TRUSTED_PROXIES", "0.0.0.0/1,128.0.0.0/1", "together they let every caller with IPv4 choose", refuses=False
    ),
    one("TTS_TRUSTED_PROXIES", "::/1, 8000::/1", "together they let every caller with IPv6 choose", refuses=False),
    one("TTS_TRUSTED_PROXIES", "0.0.0.0/1", "0.0.0.0/1 lets every caller of half the world", refuses=False),
    one("TTS_DENY_NETWORKS", "10.0.0.0-10.0.0.9", "can't be read: write networks, such as 203.0.113.0/24"),
    one("TTS_DENY_NETWORKS", "203.0.113.5/24", "has bits set after its prefix: write 203.0.113.0/24"),
    one("TTS_ALLOW_HOSTS", "https://cms.lan", "'https://cms.lan' is a URL: write cms.lan"),
    one("TTS_ALLOW_HOSTS", "https://cms.intern/", "'https://cms.intern/' is a URL: write cms.intern"),
    one("TTS_ALLOW_HOSTS", "http://cms.lan:8080/wp", "write cms.lan:8080"),
    one("TTS_ALLOW_HOSTS", "https://me:secret@cms.lan/wp", "'cms.lan/wp' is a URL: write cms.lan"),
    one("TTS_ALLOW_HOSTS", "http://cms.lan:http", "'http://cms.lan:http' can't be read: write a name, name:port"),
    one("TTS_ALLOW_HOSTS", "cms.lan; b.lan", "can't be read: write a name, name:port"),
    one("TTS_ALLOW_HOSTS", "cms.lan:http", "'cms.lan:http' can't be read: write a name, name:port"),
    one("TTS_ALLOW_HOSTS", "10.0.3.5/24", "has bits set after its prefix: write 10.0.3.0/24"),
    one("TTS_ALLOW_PORTS", "8080-8090", "can't be read: write numbers, such as 8080, 8443"),
    one("TTS_RATE_PUBLIC", "many", "write one such as 100/minute"),
    *(
        one(f"TTS_{name.upper()}", "0/minute", "allows no requests: write one such as 100/minute, or leave it empty")
        for name in RATES
    ),
    one("TTS_RATE_KEY", "5/0 minutes", "is not a limit: write one such as 100/minute"),
    one("TTS_RATE_LOGIN", "5/minute; 30/hour", "are two limits: write one such as 100/minute"),
    one("TTS_DATA_DIR", "~/tts", "~ isn't expanded here: write /"),
    one("TTS_DATA_DIR", "$HOME/tts", "$HOME isn't expanded here: write /"),
    one("TTS_DATA_DIR", "file:///srv/nothing", "it is a URL: write /srv/nothing"),
    one("TTS_DATA_DIR", "/proc/tts", "no folder can be created there"),
    one("TTS_DATA_DIR", "/etc/passwd/tts", "no folder can be created there"),
    one("TTS_DATA_DIR", "/etc/passwd", "is a file: write the path of a folder"),
    one("TTS_VOICES_DIR", "file:///voices", "it is a URL: write /voices"),
    one("TTS_VOICE_MIRROR", "mirror.example.org/voices", "write https://mirror.example.org/voices"),
    one("TTS_VOICES_DIR", "~/voices", "~ isn't expanded here: write /"),
    one("TTS_OUTBOUND_CA_FILE", "/nowhere/ca.pem", "there is no file /nowhere/ca.pem"),
    one("TTS_OUTBOUND_CA_FILE", "/etc/passwd", "/etc/passwd holds no certificate"),
    one("TTS_SIGNING_CERT", "/nowhere/cert.pem", "TTS_SIGNING_KEY"),
    Planted(_JUNK, "TTS_SIGNING_CERT", "/etc/passwd holds no certificate: write the path of a PEM file"),
    Planted(_JUNK, "TTS_SIGNING_KEY", "/etc/passwd holds no private key: write the path of a PEM file"),
    one("TTS_WORKER_SLOTS", "0", "write a number from 1 to 1000"),
    one("TTS_SLICE_S", "3600", "write a number from 1 to 500"),
    one("TTS_TRUE_PEAK_DBTP", "3", "write a number from -20 to 0"),
    one("TTS_STAFF_OVER_HTTP", "maybe", "is neither true nor false"),
    one("TTS_PAUSES", "600", 'is not a JSON object: write one like {"paragraph_ms": 600}'),
    one("TTS_PAUSES", "{paragraph_ms: 600}", 'is not JSON: write it like {"paragraph_ms": 600}'),
    one("TTS_PAUSES", '{"paragraf_ms":600}', "paragraf_ms is not one of its names: the closest is paragraph_ms"),
    one("TTS_PAUSES", '{"xyz":600}', "xyz is not one of its names: write headline_ms, standfirst_ms"),
    one("TTS_PAUSES", '{"paragraph_ms":-600}', "paragraph_ms: -600 is too small: write a number of 0 or more"),
    one(
        "TTS_PAUSES", '{"paragraph_ms":9999999}', "paragraph_ms: 9999999 is too large: write a number of 10000 or less"
    ),
    one("TTS_PAUSES", '{"paragraph_ms":"long"}', "paragraph_ms: 'long' is not a whole number"),
    one("TTS_PAUSES", '{"paragraph_ms":null}', "paragraph_ms: null is not a whole number"),
    one("TTS_PAUSES", '{"paragraph_ms":0.5}', "paragraph_ms: 0.5 is not a whole number"),
    one("TTS_SPOKEN_NOTICE", "yes", 'is not JSON: write it like {"every_minutes": 10}'),
    one("TTS_SPOKEN_NOTICE", "true", 'is not a JSON object: write one like {"every_minutes": 10}'),
    one("TTS_SPOKEN_NOTICE", '{"text":{}}', "text is not one of its names: the closest is texts"),
    one(
        "TTS_SPOKEN_NOTICE",
        '{"texts":{"english":"Hi."}}',
        "'english' is not a language: write a tag such as en or de-CH",
    ),
    one("TTS_SPOKEN_NOTICE", '{"texts":{"e":"Hi."}}', "'e' is not a language: write a tag such as en or de-CH"),
    one("TTS_SPOKEN_NOTICE", '{"texts":{"en":""}}', "texts.en: it is empty"),
    one("TTS_SPOKEN_NOTICE", '{"texts":{"en":5}}', "texts.en: 5 is not text"),
    one("TTS_SPOKEN_NOTICE", '{"texts":["Hi."]}', "is not a JSON object"),
    one("TTS_SPOKEN_NOTICE", '{"every_minutes":0}', "every_minutes: 0 is too small: write a number of 1 or more"),
    one("TTS_DEFAULT_VOICE_EN", "joe", "write one from `tts-service voices`, such as hibari:heart"),
    one("TTS_DEFAULT_VOICE_EN", "piper:nope", "Unknown voice 'piper:nope'", refuses=False),
    one("TTS_WARM_VOICES", "tone:beep, tone:nope", "Unknown voice 'tone:nope'", refuses=False),
    one("TTS_TRUSTED_PROXY", "10.0.0.0/8", "the closest is TTS_TRUSTED_PROXIES", refuses=False),
    one("TTS_PUBLICURL", "https://x.example", "the closest is TTS_PUBLIC_URL", refuses=False),
)
SECRETS = ("secret@", ":secret", "se/cret", "se@cret", "se@")
_PRODUCTION = {
    "TTS_DATABASE_URL": "postgresql+psycopg://tts:p%40ss@postgres:5432/tts?sslmode=require",
    "TTS_BROKER_URL": "rediss://:secret@valkey:6379/0",
    "TTS_RATE_STORE_URL": "valkey://valkey:6379/1",
    "TTS_STORE_URL": "s3://clips/all",
    "TTS_S3_ENDPOINT": "http://minio:9000",
    "TTS_PUBLIC_URL": "https://audio.example.org/listen/",
    "TTS_TRUSTED_PROXIES": "10.0.0.0/8, 127.0.0.1, fd00::/8",
    "TTS_SMTP_URL": "smtps://tts:p%40ss@mail.example.org",
    "TTS_MAIL_FROM": "The Gazette's audio <audio@gazette.example>",
    "TTS_ALLOW_HOSTS": "cms.lan:8080, 10.0.3.0/24",
    "TTS_RATE_PUBLIC": "",
    "TTS_WARM_VOICES": "",
    "TTS_HOST": "::",
    "TTS_POSTGRES_PASSWORD": "docker-compose's own",
}
_OTHERS = {
    "TTS_DATABASE_URL": "sqlite:////var/lib/tts.sqlite3",
    "TTS_PUBLIC_URL": "HTTP://Müller.example:8080/hör%20x/",
    "TTS_BROKER_URL": "redis+socket:///run/valkey.sock",
    "TTS_OIDC_ISSUER": "https://login.example.org/realms/news",
    "TTS_OIDC_CLIENT_ID": "tts",
    "TTS_TRUSTED_PROXIES": "fc00::/7, 10.0.0.0/8",
    "TTS_RATE_LOGIN": "5 per 15 minutes",
    "TTS_PAUSES": '{"paragraph_ms": 600}',
    "TTS_SPOKEN_NOTICE": '{"texts": {"de-CH": "Eine Stimme."}, "every_minutes": 10}',
    "TTS_SETTLE_S": "1e1",
    "TTS_PORT": " 8000 ",
    "TTS_DATA_DIR": "of $5 & ~more",
    "TTS_SIGNING_CERT": "",
    "TTS_SIGNING_KEY": "",
    "TTS_OUTBOUND_CA_FILE": "",
    "TTS_VOICES_DIR": "",
}
USABLE: tuple[dict[str, str], ...] = (
    {},
    _PRODUCTION,
    _OTHERS,
    {"TTS_BROKER_URL": "redis://valkey?ssl_cert_reqs=none"},
    {"TTS_BROKER_URL": "redis+sentinel://:secret@one,two:26379,[::1]:26379/leader/1"},
    {"TTS_DATABASE_URL": "postgresql+psycopg://tts:p%40ss@/tts?host=one:5432&host=two&target_session_attrs=read-write"},
    {"TTS_DATABASE_URL": "postgresql+psycopg:///tts?user=me@realm", "TTS_DATA_DIR": ""},
)


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
        (
            fault
            for fault in faults
            if fault.setting == planted.setting and planted.says in fault.message and fault.refuses == planted.refuses
        ),
        None,
    )
