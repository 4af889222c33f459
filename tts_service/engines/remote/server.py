"""Calls a speech server: with a deadline and retries, and without ever revealing its key."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from tts_service.errors import AddressRefused, RemoteTooLarge, RemoteUnavailable, SpeechServerUnavailable, VoiceRefused
from tts_service.http.client import Answer, Outbound
from tts_service.http.rules import Rules
from tts_service.http.target import PORTS
from tts_service.http.terms import MIB, Terms

_PAUSES_S = (0.5, 1.0, 2.0, 4.0)
"""Seconds to wait before each further attempt."""
_MOST_BYTES = 64 * MIB
_SHOWN = 200
"""Characters of the server's own words in a message."""
_MAY_PASS = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
_NOT_THE_TEXT = frozenset({401, 402, 403})
"""The key, or the account behind it: the operator has to act, and articles wait."""


class SpeechServer:
    """One server. The operator entered its address, so it may be in the operator's own network."""

    def __init__(
        self, url: str, key: str | None, deadline_s: float, *, wait: Callable[[float], None] = time.sleep
    ) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or ""
        port = parts.port or PORTS[parts.scheme]
        self._outbound = Outbound(Rules(ports=frozenset({port}), places=frozenset({(self._host, port)})))
        self._url = f"{url.rstrip('/')}/audio/speech"
        self._key = key
        self._deadline_s = deadline_s
        self._wait = wait

    def post(self, asked: Mapping[str, Any]) -> Answer:
        """The server's answer with status 200.

        Raises SpeechServerUnavailable, with `retry_after_s` if it says when; VoiceRefused for what it refuses.
        """
        body = json.dumps(asked).encode("ascii")
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {self._key}"} if self._key else {})
        until = time.monotonic() + self._deadline_s
        for pause_s in (*_PAUSES_S, None):
            retry_after_s = 0.0
            try:
                answer = self._outbound.post(self._url, body, self._terms(until - time.monotonic()), headers)
            except RemoteUnavailable as error:
                failure = error.message
            except (AddressRefused, RemoteTooLarge) as error:
                raise VoiceRefused(f"The speech server can't be used: {error.message}") from error
            else:
                if answer.status == HTTPStatus.OK:
                    return answer
                failure = self._refusal(answer)
                if answer.status not in _MAY_PASS | _NOT_THE_TEXT:
                    raise VoiceRefused(failure)
                retry_after_s = _seconds(answer.headers.get("retry-after"))
                if answer.status in _NOT_THE_TEXT:
                    pause_s = None
            next_s = max(pause_s or 0.0, retry_after_s)
            if pause_s is None or time.monotonic() + next_s >= until:
                raise SpeechServerUnavailable(failure, retry_after_s=round(retry_after_s))
            self._wait(next_s)
        raise AssertionError("the last attempt returns or raises")

    def _terms(self, left_s: float) -> Terms:
        return Terms(total_s=max(left_s, 0.1), wire_bytes=_MOST_BYTES, unpacked_bytes=_MOST_BYTES, redirects=0)

    def _refusal(self, answer: Answer) -> str:
        said = _own_words(answer.body)
        if self._key:
            said = said.replace(self._key, "…")
        return f"{self._host} answered {answer.status}" + (f": {said[:_SHOWN]}" if said else ".")


def _own_words(body: bytes) -> str:
    """What a body says of an error, on one line."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    for name in ("error", "detail", "message"):
        if isinstance(found, dict):
            found = found.get(name, found)
    return " ".join(found.split()) if isinstance(found, str) else ""


def _seconds(header: str | None) -> float:
    """Retry-After in seconds; 0 for none, or a date."""
    text = (header or "").strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0.0
