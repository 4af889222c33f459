"""Settings that are addresses: database, broker, store, this service's own, and the servers it calls."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from tts_service.installation.fault import Fault, variable
from tts_service.settings import Settings

POSTGRESQL = "postgresql+psycopg"
_SQLITE = "sqlite"
_POSTGRESQL_LIKE = ("postgres", "postgresql", "psql", "pgsql")
_BROKERS = ("redis", "rediss", "redis+socket")
_BROKER_LIKE = {"valkey": "redis", "valkeys": "rediss", "unix": "redis+socket"}
_WEB = ("http", "https")
_MOST_PORTS = 65535


def address_faults(settings: Settings) -> Iterator[Fault]:
    """Every fault of every address."""
    yield from _database(settings.database_url)
    for name in ("broker_url", "rate_store_url"):
        yield from _broker(name, getattr(settings, name))
    yield from _store(settings)
    yield from _public(settings.public_url)
    for name in ("s3_endpoint", "audio_base_url", "oidc_issuer", "signing_tsa_url", "egress_proxy"):
        yield from _web(name, getattr(settings, name))
    yield from _listening(settings)


def _database(url: str) -> Iterator[Fault]:
    if not url:
        return
    scheme, _, rest = url.partition(":")
    base = scheme.lower().partition("+")[0]
    if base == _SQLITE and rest.startswith("///") and len(rest) > len("///"):
        return
    if base == _SQLITE:
        yield _fault("database_url", "SQLite takes three slashes before the path: write sqlite:///folder/file.sqlite3")
    elif base in _POSTGRESQL_LIKE and scheme != POSTGRESQL:
        yield _fault("database_url", f"{scheme}:// names no driver that is installed: write {POSTGRESQL}://…")
    elif scheme != POSTGRESQL:
        yield _fault("database_url", f"{_named(url)} is no database of this service: write {POSTGRESQL}://user:password"
                     "@host/name, or leave it empty for SQLite")  # fmt: skip
    else:
        parts = _split(url)
        if parts is None or not _port_is_fine(parts):
            yield _fault("database_url", "host and port can't be read: percent-encode the password (/ is %2F, @ is %40,"
                         " # is %23) and write the port as a number")  # fmt: skip
        elif not parts.path.strip("/"):
            yield _fault("database_url", f"it names no database: write {POSTGRESQL}://user:password@host/name")


def _broker(name: str, url: str) -> Iterator[Fault]:
    if not url:
        return
    scheme, found, _ = url.partition("://")
    if not found:
        yield _fault(name, f"it has no scheme: write redis://{url.rpartition('@')[2]}")
    elif scheme in _BROKER_LIKE and name == "broker_url":
        yield _fault(name, f"{scheme}:// is not known here: write {_BROKER_LIKE[scheme]}://…")
    elif scheme not in (*_BROKERS, *(() if name == "broker_url" else ("valkey",))):
        yield _fault(name, f"{scheme}:// is no broker of this service: write redis://host:6379/0 (Redis or Valkey)")
    elif scheme != "redis+socket":
        parts = _split(url)
        if parts is None or not _port_is_fine(parts):
            yield _fault(name, "host and port can't be read: percent-encode the password and write the port as a "
                         "number, such as redis://host:6379/0")  # fmt: skip


def _store(settings: Settings) -> Iterator[Fault]:
    url = settings.store_url
    scheme, found, rest = url.partition("://")
    if url and not found:
        path = url if url.startswith("/") else f"/{url}"
        yield _fault("store_url", f"it has no scheme: write file://{path} or s3://bucket/prefix")
    elif url and scheme not in ("file", "s3"):
        yield _fault(
            "store_url", f"{scheme}:// is no store of this service: write file:///folder or s3://bucket/prefix"
        )
    elif scheme == "file" and not rest.startswith(("/", "~")):
        yield _fault("store_url", f"a folder takes three slashes and the whole path: write file:///{rest}")
    elif scheme == "s3" and not rest.strip("/").partition("/")[0]:
        yield _fault("store_url", "it names no bucket: write s3://bucket/prefix")
    if bool(settings.s3_access_key_id) != bool(settings.s3_secret_access_key):
        yield _fault("s3_access_key_id", "it belongs together with TTS_S3_SECRET_ACCESS_KEY: set both, or none")
    if scheme != "s3" and settings.s3_endpoint:
        yield _fault("s3_endpoint", "the store is a folder: set TTS_STORE_URL=s3://bucket too, or remove it", False)
    if scheme != "s3" and settings.signed_store_urls:
        yield _fault("signed_store_urls", "only a bucket signs addresses: set TTS_STORE_URL=s3://bucket, or remove it")
    if settings.accel_redirect and scheme == "s3":
        yield _fault("accel_redirect", "nginx can't serve a bucket from its disk: remove it, or use a folder as store")
    elif settings.accel_redirect and not settings.accel_redirect.startswith("/"):
        yield _fault("accel_redirect", f"it is a path of nginx's: write /{settings.accel_redirect}")


def _public(url: str) -> Iterator[Fault]:
    if not url:
        return
    faults = list(_web("public_url", url))
    yield from faults
    parts = _split(url)
    if faults or parts is None:
        return
    if parts.query or parts.fragment or "?" in url or "#" in url:
        yield _fault("public_url", f"nothing may stand behind the path: write {_plain(parts)}")
    if parts.path.strip("/").partition("/")[0] == "staff":
        yield _fault("public_url", "/staff is where staff sign in: choose another path")
    if parts.username or parts.password:
        yield _fault("public_url", f"everybody would read the password in it: write {_plain(parts)}")


def _web(name: str, url: str) -> Iterator[Fault]:
    """An http or https address with a host."""
    if not url:
        return
    parts = _split(url)
    scheme, found, rest = url.partition("://")
    bare = rest if found else url.lstrip("/")
    if url != url.strip() or any(map(str.isspace, url)):
        yield _fault(name, "there is a blank in it: remove it")
    elif not found:
        yield _fault(name, f"it has no scheme: write https://{bare.rpartition('@')[2]} (or http://)")
    elif scheme.lower() not in _WEB:
        yield _fault(name, f"{scheme}:// is not the web's: write https://{bare.rpartition('@')[2]} (or http://)")
    elif parts is None or not parts.hostname:
        yield _fault(name, f"it names no host: write {scheme}://host/")
    elif not _port_is_fine(parts):
        yield _fault(name, f"its port is none: write {scheme}://{parts.hostname}:8000, or no port")


def _listening(settings: Settings) -> Iterator[Fault]:
    if not 0 < settings.port <= _MOST_PORTS:
        yield _fault("port", f"{settings.port} is no port: write a number from 1 to {_MOST_PORTS}, such as 8000")
    host = settings.host
    if "://" in host or "/" in host:
        bare = host.partition("://")[2] or host
        yield _fault("host", f"it is an address to listen on, not a web address: write {bare.partition('/')[0]}")
    elif host.startswith("["):
        yield _fault("host", f"it is written without brackets: write {host.strip('[]')}")
    elif not host or any(map(str.isspace, host)):
        yield _fault("host", "it is empty: write 127.0.0.1, or 0.0.0.0 for every network")


def _fault(name: str, message: str, refuses: bool = True) -> Fault:
    return Fault(setting=variable(name), message=message + ("" if message.endswith("…") else "."), refuses=refuses)


def _named(url: str) -> str:
    """The scheme alone: what stands behind it may hold a password."""
    return f"{url.partition('://')[0]}://" if "://" in url else "what is written there"


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None


def _port_is_fine(parts: SplitResult) -> bool:
    try:
        return parts.port is None or parts.port > 0
    except ValueError:
        return False


def _plain(parts: SplitResult) -> str:
    """The address without user, query and fragment."""
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
