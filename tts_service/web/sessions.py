"""Signed tokens of the staff pages: sign-in links that work once, session cookies, form tokens."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
import threading
import time
from contextlib import suppress
from typing import Any

from tts_service.settings import Settings

LIFE_S = 24 * 3600
"""Seconds a sign-in link and a session last."""


def staff_secret(settings: Settings) -> str:
    """The key that signs: as set, else made once and kept in the data folder, readable by its owner only."""
    if settings.staff_secret:
        return settings.staff_secret
    path = settings.data_dir / "staff.secret"
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        # Linked into place whole: another process that starts now reads all of it or nothing.
        fresh = path.with_name(f"staff.secret.{secrets.token_hex(8)}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32))
        try:
            os.link(fresh, path)
        finally:
            fresh.unlink()
    return path.read_text("ascii").strip()


def sign(secret: str, purpose: str, life_s: float = LIFE_S) -> str:
    """A fresh token for one purpose."""
    claims = {"for": purpose, "until": int(time.time() + life_s), "id": secrets.token_urlsafe(12)}
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"{body}.{_mac(secret, body)}"


def token_id(secret: str, purpose: str, token: str) -> str | None:
    """The id of a token that is ours, for this purpose and not too old; else None."""
    claims = _claims(secret, token)
    if claims is None or claims.get("for") != purpose or claims.get("until", 0) <= time.time():
        return None
    return str(claims["id"])


def form_token(secret: str, session_id: str) -> str:
    """What a form of this session must carry: another site can't know it."""
    return _mac(secret, f"form {session_id}")


def fits(secret: str, session_id: str, sent: str) -> bool:
    """Whether a form carries its session's token."""
    return hmac.compare_digest(form_token(secret, session_id).encode(), sent.encode("utf-8", "replace"))


class UsedOnce:
    """Ids of links that were used, as long as they could be used again."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}
        self._lock = threading.Lock()

    def take(self, link_id: str) -> bool:
        """True the first time."""
        now = time.time()
        with self._lock:
            self._until = {name: until for name, until in self._until.items() if until > now}
            if link_id in self._until:
                return False
            self._until[link_id] = now + LIFE_S
            return True


def _claims(secret: str, token: str) -> dict[str, Any] | None:
    body, dot, mac = token.partition(".")
    # On bytes: compare_digest raises on a str that isn't ASCII.
    if not dot or not hmac.compare_digest(_mac(secret, body).encode(), mac.encode("utf-8", "replace")):
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (ValueError, binascii.Error):
        return None
    return claims if isinstance(claims, dict) else None


def _mac(secret: str, body: str) -> str:
    digest = hmac.digest(secret.encode(), body.encode("utf-8", "replace"), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
