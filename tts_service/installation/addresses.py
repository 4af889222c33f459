"""Settings with the addresses of database, broker and store."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from urllib.parse import SplitResult, parse_qsl, urlsplit

from tts_service.installation.fault import Fault, fault_of
from tts_service.settings import Settings
from tts_service.values.broker_address import SENTINEL, SENTINEL_FORM, read_sentinels

POSTGRESQL = "postgresql+psycopg"
_SQLITE = "sqlite"
_POSTGRESQL_LIKE = ("postgres", "postgresql", "psql", "pgsql")
_BROKERS = ("redis", "rediss", "redis+socket", SENTINEL)
_BROKER_LIKE = {"valkey": "redis", "valkeys": "rediss", "unix": "redis+socket"}
_BROKER = "redis://host:6379/0"
_SOCKET = "redis+socket:///run/valkey.sock"
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
"""Bucket names (Amazon S3 User Guide, "General purpose bucket naming rules")."""


def address_faults(settings: Settings) -> Iterator[Fault]:
    """All faults of these addresses."""
    yield from _database(settings.database_url)
    for name in ("broker_url", "rate_store_url"):
        yield from _broker(name, getattr(settings, name))
    yield from _store(settings.store_url)


def _database(url: str) -> Iterator[Fault]:
    if not url:
        return
    scheme, _, rest = url.partition(":")
    base = scheme.lower().partition("+")[0]
    if scheme == _SQLITE and rest.startswith("///") and len(rest) > len("///"):
        return
    if base == _SQLITE and scheme != _SQLITE and rest.startswith("///"):
        yield fault_of("database_url", f"{scheme}:// is not supported for SQLite: write {_SQLITE}://…")
        return
    if base == _SQLITE:
        yield fault_of(
            "database_url", "SQLite takes three slashes before the path: write sqlite:///folder/file.sqlite3"
        )
    elif base in _POSTGRESQL_LIKE and scheme != POSTGRESQL:
        yield fault_of("database_url", f"{scheme}:// needs a driver that is not installed: write {POSTGRESQL}://…")
    elif scheme != POSTGRESQL:
        yield fault_of(
            "database_url",
            f"{_named(url)} is not a supported database: write {POSTGRESQL}://user:password"
            "@host/name, or leave it empty for SQLite",
        )
    else:
        yield from _postgresql(url)


def _postgresql(url: str) -> Iterator[Fault]:
    parts = split(url)
    # SQLAlchemy takes everything after the first @ as the host; after / ? # it finds none.
    if parts is not None and "," in parts.netloc.rpartition("@")[2]:
        yield fault_of(
            "database_url",
            f"several hosts are parameters: write {POSTGRESQL}://user:password@/name?host=first:5432"
            "&host=second:5432&target_session_attrs=read-write",
        )
        return
    behind = "" if parts is None else f"{parts.path}{parts.fragment}{'' if '=' in parts.query else parts.query}"
    spilt = parts is not None and (parts.netloc.count("@") > 1 or ("@" in behind and "@" not in parts.netloc))
    if parts is None or spilt or not port_is_fine(parts):
        yield fault_of(
            "database_url",
            "host and port can't be read: percent-encode the password (/ is %2F, @ is %40,"
            " # is %23, ? is %3F) and write the port as a number",
        )
    elif not parts.path.strip("/"):
        yield fault_of("database_url", f"it names no database: write {POSTGRESQL}://user:password@host/name")


def _broker(name: str, url: str) -> Iterator[Fault]:
    if not url:
        return
    scheme, found, rest = url.partition("://")
    if not found:
        suggestion = f"redis://{url.rpartition('@')[2]}"
        yield fault_of(name, f"it has no scheme: write {_BROKER if any(_broker(name, suggestion)) else suggestion}")
    elif scheme == "sentinel":
        yield fault_of(name, f"{scheme}:// is not supported: write {SENTINEL_FORM}")
    elif scheme in _BROKER_LIKE and name == "broker_url":
        yield fault_of(name, f"{scheme}:// is not supported: write {_BROKER_LIKE[scheme]}://…")
    elif scheme not in (*_BROKERS, *(() if name == "broker_url" else ("valkey",))):
        yield fault_of(name, f"{scheme}:// is not a supported broker: write {_BROKER} (Redis or Valkey)")
    elif scheme == "redis+socket":
        if not rest.strip("/"):
            yield fault_of(name, f"it names no socket: write {_SOCKET}")
        elif not rest.startswith("/"):
            yield fault_of(name, f"a socket takes three slashes and the whole path: write {scheme}:///{rest}")
    elif scheme == SENTINEL:
        yield from _sentinels(name, url)
    else:
        yield from _server(name, url)


def _sentinels(name: str, url: str) -> Iterator[Fault]:
    try:
        read_sentinels(url)
    except ValueError:
        yield fault_of(name, f"sentinels, master or database number can't be read: write {SENTINEL_FORM}")


def _server(name: str, url: str) -> Iterator[Fault]:
    parts = split(url)
    if parts is None or not port_is_fine(parts):
        yield fault_of(
            name,
            "host and port can't be read: percent-encode the password and write the port as a "
            f"number, such as {_BROKER}",
        )
    elif not parts.hostname:
        yield fault_of(name, f"it names no host: write {_BROKER}")
    elif (number := dict(parse_qsl(parts.query)).get("db") or parts.path.strip("/")) and not _is_number(number):
        host = parts.netloc.rpartition("@")[2]
        yield fault_of(name, f"{number[:30]!r} is not a database number: write {parts.scheme}://{host}/0")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _store(url: str) -> Iterator[Fault]:
    scheme, found, rest = url.partition("://")
    if not url:
        return
    if not found:
        yield fault_of("store_url", f"it has no scheme: write {_meant_store(url)}")
    elif scheme not in ("file", "s3"):
        yield fault_of("store_url", f"{scheme}:// is not a supported store: write file:///folder or s3://bucket/prefix")
    elif scheme == "file" and not rest.startswith(("/", "~", "$")):
        yield fault_of(
            "store_url", f"a folder takes three slashes and the whole path: write file:///{rest or 'folder'}"
        )
    elif scheme == "s3" and not rest.strip("/").partition("/")[0]:
        yield fault_of("store_url", "it names no bucket: write s3://bucket/prefix")
    elif scheme == "s3" and not _BUCKET.fullmatch(rest.partition("/")[0]):
        problem = f"{rest.partition('/')[0]!r} is not a bucket name"
        yield fault_of("store_url", f"{problem}: write 3 to 63 lower-case letters, digits, dots and hyphens", False)


def _meant_store(url: str) -> str:
    """The store probably meant by a path or by a URL without slashes."""
    if url.startswith("s3:"):
        return f"s3://{url.removeprefix('s3:').strip('/') or 'bucket/prefix'}"
    path = os.path.expandvars(os.path.expanduser(url.removeprefix("file:")))  # noqa: PTH111
    whole = os.path.abspath(path) if path else "/folder"  # noqa: PTH100
    return f"file:///{whole.lstrip('/')} or s3://bucket/prefix"


def split(url: str) -> SplitResult | None:
    """The parts of a URL; None if it can't be parsed."""
    try:
        return urlsplit(url)
    except ValueError:
        return None


def port_is_fine(parts: SplitResult) -> bool:
    """Whether the port is absent or valid."""
    try:
        return parts.port is None or parts.port > 0
    except ValueError:
        return False


def _named(url: str) -> str:
    """Only the scheme: the rest may contain a password."""
    return f"{url.partition('://')[0]}://" if "://" in url else "the value"
