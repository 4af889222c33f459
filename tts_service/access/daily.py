"""Keys that live for a day: addresses are kept only as their hashes, and when a key is gone nobody can undo these.

Midnight is UTC's. Yesterday's key stays for what was signed just before midnight; older ones are destroyed.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
import threading
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from tts_service.db.session import Database
from tts_service.db.tables import DailyKeyRow


class DailyKeys:
    """The keys of today and yesterday, the same in every process of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._keys: dict[str, bytes] = {}

    def at_hand(self) -> bool:
        """Whether today's key is known here already: then nothing is asked of the database."""
        return _day(0) in self._keys

    def today(self) -> bytes:
        """Today's key; made by whoever needs it first. Raises DatabaseUnavailable."""
        day = _day(0)
        with self._lock:
            if day not in self._keys:
                self._keys = {name: key for name, key in self._keys.items() if name == _day(-1)}
                self._keys[day] = _key_of(self._database, day)
            return self._keys[day]

    def recent(self) -> list[bytes]:
        """Today's key, and yesterday's where there is one. Raises DatabaseUnavailable."""
        found = [self.today()]
        with self._lock:
            if _day(-1) not in self._keys:
                with self._database.reading() as session:
                    row = session.get(DailyKeyRow, _day(-1))
                self._keys[_day(-1)] = bytes.fromhex(row.key) if row else b""
            return found + [key for key in (self._keys[_day(-1)],) if key]

    def hashed(self, address: str) -> str:
        """Who an address is today: 128 bits of a keyed hash. An IPv6 address counts by its first 64 bits."""
        return hmac.digest(self.today(), f"address {network_of(address)}".encode(), hashlib.sha256).hex()[:32]


def destroy_old_keys(database: Database) -> int:
    """Destroy the keys before yesterday's. Returns how many."""
    with database.writing() as session:
        gone = delete(DailyKeyRow).where(DailyKeyRow.day < _day(-1)).returning(DailyKeyRow.day)
        return len(session.execute(gone).all())


def network_of(address: str) -> str:
    """What counts as one sender: an IPv4 address, or the /64 of an IPv6 one; anything else as it is."""
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
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%d")


def _key_of(database: Database, day: str) -> bytes:
    """The key of a day, made if there is none; of two processes that make one at once, the first one's counts."""
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
