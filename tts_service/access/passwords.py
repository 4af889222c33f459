"""Passwords: Argon2id hashes, and constant time for unknown names."""

from __future__ import annotations

import threading
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tts_service.errors import InputRefused

SHORTEST, LONGEST = 12, 200
"""Characters of a password. No rules about signs: length is what counts (NIST SP 800-63B, 3.1.1)."""
_DIFFERENT = 5
"""Different characters at least: not one key held down."""
_AT_ONCE = threading.BoundedSemaphore(2)
"""Hashes made at the same time: each takes the memory below, and sign-ins must not starve everything else."""
# OWASP's Password Storage Cheat Sheet, Argon2id: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hashed(password: str, name: str) -> str:
    """A password as it is kept. Raises InputRefused for one that is too short, too long or as good as the name."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise InputRefused(f"A password has {SHORTEST} to {LONGEST} characters.")
    if len(set(password)) < _DIFFERENT or name.casefold() in password.casefold():
        raise InputRefused("This password is too easy to guess: take several words, and not your name.")
    with _AT_ONCE:
        return _HASHER.hash(password)


def fits(kept: str | None, password: str) -> bool:
    """Whether it is the password; of nobody's (None) it never is, after as long a time."""
    with _AT_ONCE:
        try:
            right = _HASHER.verify(kept or _nobodys(), password[: LONGEST + 1])
        except (VerificationError, InvalidHashError):
            return False
    return right and kept is not None


def outdated(kept: str) -> bool:
    """Whether it was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(kept)


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return _HASHER.hash("nobody has this password")
