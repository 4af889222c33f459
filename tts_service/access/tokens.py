"""Random secrets: shown once, stored only as their SHA-256."""

from __future__ import annotations

import hashlib
import hmac
import secrets


def fresh() -> str:
    """A secret of 256 bits, usable in URLs and cookies."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """The stored form. No salt or slow hash: a random token can't be guessed."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def form_token(session_token: str) -> str:
    """CSRF token of a session's forms, derived from its cookie."""
    return hmac.digest(session_token.encode(), b"form", hashlib.sha256).hex()


def form_fits(session_token: str, sent: str) -> bool:
    """Whether a form carries its session's CSRF token."""
    return hmac.compare_digest(form_token(session_token).encode(), sent.encode("utf-8", "replace"))
