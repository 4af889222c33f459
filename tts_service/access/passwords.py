"""Passwords: Argon2id hashes, and constant time for unknown names."""

from __future__ import annotations

import threading
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tts_service.errors import InputRefused

SHORTEST, LONGEST = 12, 200
"""Length of a password. No rules on character classes: length is what counts (NIST SP 800-63B, 3.1.1)."""
_DIFFERENT = 5
"""Minimum number of different characters."""
_AT_ONCE = threading.BoundedSemaphore(2)
"""Limits concurrent hashing: each takes the memory below, and sign-ins must not starve other requests."""
# OWASP's Password Storage Cheat Sheet, Argon2id: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hashed(password: str, name: str) -> str:
    """Hashes a password for storage. Raises InputRefused if it is too short, too long or similar to the name."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise InputRefused(f"A password must have {SHORTEST} to {LONGEST} characters.")
    if len(set(password)) < _DIFFERENT or name.casefold() in password.casefold():
        raise InputRefused("This password is too easy to guess: use several words, and don't use your name.")
    with _AT_ONCE:
        return _HASHER.hash(password)


def fits(stored: str | None, password: str) -> bool:
    """Whether the password matches; for an unknown name (None) always False, after the same time."""
    with _AT_ONCE:
        try:
            right = _HASHER.verify(stored or _nobodys(), password[: LONGEST + 1])
        except (VerificationError, InvalidHashError):
            return False
    return right and stored is not None


def outdated(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return _HASHER.hash("nobody has this password")
