"""The broker's address: one Redis server, or the sentinels that know which server leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

SENTINEL = "redis+sentinel"
SENTINEL_FORM = f"{SENTINEL}://host1:26379,host2:26379/mymaster/0"
_PORT = 26379
_SCHEMES = {"redis": "redis", "rediss": "rediss", "redis+socket": "unix", "valkey": "redis"}
"""Ours, and what redis-py calls them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentinels:
    """Sentinels, and the leading server to ask them for."""

    hosts: tuple[tuple[str, int], ...]
    """Name and port of each."""
    master: str
    """The name by which the sentinels know the leading server."""
    username: str | None
    """Name and password are the servers'. Sentinels with a password of their own aren't supported."""
    password: str | None
    db: int

    @property
    def celery_url(self) -> str:
        """As Celery writes it; the master's name is an option of its transport."""
        account = "" if self.password is None else f"{quote(self.username or '', '')}:{quote(self.password, '')}@"
        return ";".join(f"sentinel://{account}{_bracketed(host)}:{port}/{self.db}" for host, port in self.hosts)

    @property
    def login(self) -> dict[str, Any]:
        """Parameters with which redis-py opens the leading server."""
        return {"username": self.username, "password": self.password, "db": self.db}


def read_sentinels(url: str) -> Sentinels | None:
    """The sentinels of a broker's URL; None: it is the address of a server. Raises ValueError."""
    if not url.startswith(f"{SENTINEL}://"):
        return None
    parts = urlsplit(url)
    account, _, hosts = parts.netloc.rpartition("@")
    username, _, password = account.partition(":")
    master, _, number = parts.path.strip("/").partition("/")
    if not master:
        raise ValueError("it names no master")
    return Sentinels(
        hosts=tuple(_host_of(host) for host in hosts.split(",")),
        master=unquote(master),
        username=unquote(username) or None,
        password=unquote(password) or None,
        db=int(number or 0),
    )


def redis_url(url: str) -> str | None:
    """A server's URL as redis-py writes it; None: it is no Redis server."""
    scheme, _, rest = url.partition("://")
    return f"{_SCHEMES[scheme]}://{rest}" if scheme in _SCHEMES else None


def _host_of(text: str) -> tuple[str, int]:
    parts = urlsplit(f"//{text}")
    if not parts.hostname:
        raise ValueError("one of its sentinels has no host")
    return parts.hostname, parts.port or _PORT


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
