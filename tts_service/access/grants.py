"""Grants: short-lived tokens that give access to a restricted clip.

A grant is signed with the daily key (access.daily), so all processes of one database accept it without storing it,
and destroying the key ends its grants: none lives longer than a day. It is bound to its clip and the article's
audience, so a grant for members doesn't open an article that now requires payment.
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
"""Default lifetime of a grant in seconds."""
RENEW_S = 6 * 3600
"""Default period in seconds in which it can be renewed."""
LONGEST_S = 86_400
"""Maximum of both in seconds: the oldest existing key is yesterday's."""
_GRANT = re.compile(r"([0-9]{10})\.([0-9]{5})\.([0-9]{10})\.([0-9a-f]{64})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a grant gives access to."""

    clip_id: str
    visibility: str
    """The article's audience, as named by its CMS: members, paid, …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A grant with its validity."""

    token: str
    expires_s: int
    """Expiry in seconds since 1970."""
    life_s: int
    """Seconds added by each renewal."""
    until_s: int
    """Latest possible expiry after renewals, in seconds since 1970."""


class Grants:
    """Issues, reads and renews grants."""

    def __init__(self, keys: DailyKeys, clock: Callable[[], float] = time.time) -> None:
        self._keys = keys
        self.clock = clock

    def give(self, subject: Subject, life_s: int = LIFE_S, renew_s: int = RENEW_S) -> Grant:
        """A grant for `life_s` seconds, renewable for `renew_s` seconds in total.

        At most LONGEST_S each. Raises DatabaseUnavailable."""
        now = int(self.clock())
        life_s = min(life_s, LONGEST_S)
        return self._signed(subject, now + life_s, life_s, now + min(max(life_s, renew_s), LONGEST_S))

    def read(self, subject: Subject, token: str) -> Grant:
        """Verifies a grant for this clip. Raises GrantNeeded (none), GrantExpired, GrantRefused (invalid)."""
        if not token:
            raise GrantNeeded(
                "This article is restricted: request the audio with a grant, which the article's page obtains."
            )
        match = _GRANT.fullmatch(token)
        if match is None:
            raise GrantRefused("The grant is malformed: obtain a new one.")
        head, _, mac = token.rpartition(".")
        if not any(hmac.compare_digest(_mac(key, subject, head), mac) for key in self._keys.recent()):
            raise GrantRefused(
                "The grant is for another clip, or was issued before the article's "
                "visibility changed: obtain a new one."
            )
        expires_s, life_s, until_s = (int(match.group(number)) for number in (1, 2, 3))
        if self.clock() >= expires_s:
            raise GrantExpired("The grant has expired: obtain a new one.")
        return Grant(token=token, expires_s=expires_s, life_s=life_s, until_s=until_s)

    def renewed(self, subject: Subject, held: Grant) -> Grant:
        """The grant extended by its lifetime, within its renewal period; `held` itself if that gains nothing."""
        expires_s = min(int(self.clock()) + held.life_s, held.until_s)
        return self._signed(subject, expires_s, held.life_s, held.until_s) if expires_s > held.expires_s else held

    def _signed(self, subject: Subject, expires_s: int, life_s: int, until_s: int) -> Grant:
        head = f"{expires_s:010}.{life_s:05}.{until_s:010}"
        token = f"{head}.{_mac(self._keys.today(), subject, head)}"
        return Grant(token=token, expires_s=expires_s, life_s=life_s, until_s=until_s)


def _mac(key: bytes, subject: Subject, head: str) -> str:
    # A JSON list is unambiguous; the first item separates grants from other uses of this key.
    text = json.dumps(["grant", subject.clip_id, subject.visibility, head])
    return hmac.digest(key, text.encode(), hashlib.sha256).hex()
