"""Clip tokens: prove that a reporter had the clip's page open, and for how long.

Signed with the key of the day, so nothing has to be kept for it, and none outlives its key.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from typing import Annotated

from fastapi import Depends, Request

from tts_service.access.daily import DailyKeys
from tts_service.errors import FeedbackRefused

LIFE_S = 7200
"""Seconds a token can be used."""
_TOKEN = re.compile(r"([0-9]{13})\.([0-9a-f]{16})\.([0-9a-f]{64})", re.ASCII)
_ADVICE = "Send the clip's current feedback_token as clip_token"


class ClipTokens:
    """Gives tokens and reads them."""

    def __init__(self, keys: DailyKeys) -> None:
        self._keys = keys

    def issue(self, clip_id: str) -> str:
        """A token for one opened page. Raises DatabaseUnavailable."""
        head = f"{time.time_ns() // 1_000_000:013}.{secrets.token_hex(8)}"
        return f"{head}.{_signed(self._keys.today(), clip_id, head)}"

    def age_s(self, clip_id: str, token: str) -> float:
        """Seconds since it was given for this clip. Raises FeedbackRefused for a forged, foreign or old one."""
        match = _TOKEN.fullmatch(token)
        if match is None:
            raise FeedbackRefused(f"{_ADVICE}.", reason="token")
        head = token.rpartition(".")[0]
        if not any(hmac.compare_digest(_signed(key, clip_id, head), match.group(3)) for key in self._keys.recent()):
            raise FeedbackRefused(f"This token belongs to another clip. {_ADVICE}.", reason="token")
        age_s = time.time() - int(match.group(1)) / 1000
        if age_s > LIFE_S:
            raise FeedbackRefused(f"This token is too old. {_ADVICE}.", reason="token")
        return age_s


def tokens_of(request: Request) -> ClipTokens:
    """A dependency."""
    tokens: ClipTokens = request.app.state.clip_tokens
    return tokens


GivenTokens = Annotated[ClipTokens, Depends(tokens_of)]


def _signed(key: bytes, clip_id: str, head: str) -> str:
    return hmac.digest(key, f"feedback {clip_id} {head}".encode("utf-8", "replace"), hashlib.sha256).hex()
