"""Grants: short-lived tokens that let their holder hear a clip that isn't public.

A grant is signed with the key of the day (access.daily), so every process of one database reads those of the others,
nothing is kept for it, and a key that is gone takes its grants along: none lives longer than a day. It is bound to
its clip and to who the article is for, so one given to members opens nothing that is for payers now.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from tts_service.access.daily import DailyKeys
from tts_service.errors import GrantExpired, GrantNeeded, GrantRefused

LIFE_S = 3600
"""Seconds a grant opens its clip, where nobody says otherwise."""
RENEW_S = 6 * 3600
"""Seconds in which it can be renewed, where nobody says otherwise."""
LONGEST_S = 86_400
"""Seconds neither may be longer than: the key of yesterday is the oldest there is."""
_GRANT = re.compile(r"([0-9]{10})\.([0-9]{5})\.([0-9]{10})\.([0-9a-f]{64})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a grant opens."""

    clip_id: str
    visibility: str
    """Who its article is for, as its CMS names them: members, paid, …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A grant and how long it holds."""

    token: str
    expires_s: int
    """Seconds since 1970 from which on it opens nothing."""
    life_s: int
    """Seconds each renewal lasts."""
    until_s: int
    """Seconds since 1970 that no renewal goes beyond."""


class Grants:
    """Gives grants, reads them, renews them."""

    def __init__(self, keys: DailyKeys, clock: Callable[[], float] = time.time) -> None:
        self._keys = keys
        self.clock = clock

    def give(self, subject: Subject, life_s: int = LIFE_S, renew_s: int = RENEW_S) -> Grant:
        """A grant for `life_s` seconds, which its holder can renew for `renew_s` seconds in all.

        At most LONGEST_S each. Raises DatabaseUnavailable."""
        now = int(self.clock())
        life_s = min(life_s, LONGEST_S)
        return self._signed(subject, now + life_s, life_s, now + min(max(life_s, renew_s), LONGEST_S))

    def read(self, subject: Subject, token: str) -> Grant:
        """A grant that opens this clip now. Raises GrantNeeded (none), GrantExpired, GrantRefused (no such grant)."""
        if not token:
            raise GrantNeeded("Only who may read the article hears it: its page asks for a grant.")
        match = _GRANT.fullmatch(token)
        if match is None:
            raise GrantRefused("This is no grant.")
        head, _, given = token.rpartition(".")
        if not any(hmac.compare_digest(_mac(key, subject, head), given) for key in self._keys.recent()):
            raise GrantRefused("This grant opens another clip, or was given before the article was for others.")
        expires_s, life_s, until_s = (int(match.group(number)) for number in (1, 2, 3))
        if self.clock() >= expires_s:
            raise GrantExpired("This grant has expired: the article's page asks for another one.")
        return Grant(token=token, expires_s=expires_s, life_s=life_s, until_s=until_s)

    def renewed(self, subject: Subject, held: Grant) -> Grant:
        """The same for another life, as far as it may be renewed; `held` itself where nothing can be gained."""
        expires_s = min(int(self.clock()) + held.life_s, held.until_s)
        return self._signed(subject, expires_s, held.life_s, held.until_s) if expires_s > held.expires_s else held

    def _signed(self, subject: Subject, expires_s: int, life_s: int, until_s: int) -> Grant:
        head = f"{expires_s:010}.{life_s:05}.{until_s:010}"
        token = f"{head}.{_mac(self._keys.today(), subject, head)}"
        return Grant(token=token, expires_s=expires_s, life_s=life_s, until_s=until_s)


def _mac(key: bytes, subject: Subject, head: str) -> str:
    # As a JSON list, so that no two subjects are written alike; the first word tells it from all else this key signs.
    text = json.dumps(["grant", subject.clip_id, subject.visibility, head])
    return hmac.digest(key, text.encode(), hashlib.sha256).hex()
