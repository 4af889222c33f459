"""Daily keys: addresses are stored only as keyed hashes, which can't be attributed once the key is destroyed.

Days are in UTC. Yesterday's key is kept for values signed just before midnight; older keys are destroyed.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
import threading
import time
from datetime import date, timedelta
from functools import lru_cache

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from tts_service.db.session import Database
from tts_service.db.tables import DailyKeyRow

_DAY_S = 86_400


class DailyKeys:
    """Keys of today and yesterday, shared by all processes of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._keys: dict[str, bytes] = {}

    def at_hand(self) -> bool:
        """Whether today's key is cached, so that no database access is needed."""
        return _day(0) in self._keys

    def today(self) -> bytes:
        """Today's key, created on first use. Raises DatabaseUnavailable."""
        day = _day(0)
        with self._lock:
            if day not in self._keys:
                self._keys = {name: key for name, key in self._keys.items() if name == _day(-1)}
                self._keys[day] = _key_of(self._database, day)
            return self._keys[day]

    def recent(self) -> list[bytes]:
        """Today's key, and yesterday's if it exists. Raises DatabaseUnavailable."""
        found = [self.today()]
        with self._lock:
            if _day(-1) not in self._keys:
                with self._database.reading() as session:
                    row = session.get(DailyKeyRow, _day(-1))
                self._keys[_day(-1)] = bytes.fromhex(row.key) if row else b""
            return found + [key for key in (self._keys[_day(-1)],) if key]

    def hashed(self, address: str) -> str:
        """Today's pseudonym of an address: 128 bits of a keyed hash. IPv6 addresses count by their first 64 bits."""
        return hmac.digest(self.today(), f"address {network_of(address)}".encode(), hashlib.sha256).hex()[:32]


def destroy_old_keys(database: Database) -> int:
    """Destroys all keys before yesterday's. Returns how many."""
    with database.writing() as session:
        destroyed = delete(DailyKeyRow).where(DailyKeyRow.day < _day(-1)).returning(DailyKeyRow.day)
        return len(session.execute(destroyed).all())


def network_of(address: str) -> str:
    """The network of one sender: an IPv4 address, or an IPv6 address's /64; anything else unchanged."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found), 64), strict=False))


def _day(days: int) -> str:
    return _written(int(time.time() // _DAY_S) + days)


@lru_cache(maxsize=4)  # asked for with each request
def _written(days: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=days)).isoformat()


def _key_of(database: Database, day: str) -> bytes:
    """The key of a day, created if missing; if two processes create it at once, the first wins."""
    try:
        with database.writing() as session:
            row = session.get(DailyKeyRow, day)
            if row is None:
                row = DailyKeyRow(day=day, key=secrets.token_hex(32))
                session.add(row)
    except IntegrityError:
        with database.reading() as session:
            row = session.scalars(select(DailyKeyRow).where(DailyKeyRow.day == day)).one()
    return bytes.fromhex(row.key)
