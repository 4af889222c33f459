"""The line to the audio service: signing by Standard Webhooks, posting, and what an answer means in words.

Nothing here needs Django.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import socket
import ssl
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

POST_TIMEOUT_S = 5.0
_MOST_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; status 0: nothing did, and `error` says why."""

    status: int
    body: bytes = b""
    error: str = ""
    allowed_origin: str = ""
    """What the answer says of other sites' pages (CORS)."""

    @property
    def accepted(self) -> bool:
        return 200 <= self.status < 300

    @property
    def blames_the_body(self) -> bool:
        """Whether the service refused this one message; everything else would meet the next message as well."""
        return self.status in (400, 409, 413, 415, 422)

    def json(self) -> Any:
        """The body as JSON, None if it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def reason(self) -> str:
        """Why it wasn't accepted, for editors."""
        if self.status == 0:
            return self.error
        if self.status == 401:
            return (
                "The audio service refused the signature: LISTEN_SECRET is not this hook's secret, or a clock is wrong."
            )
        if self.status == 404:
            return "The audio service knows no such hook: LISTEN_ADDRESS is wrong, or the hook was removed."
        if 300 <= self.status < 400:
            return f"The address redirects (HTTP {self.status}): LISTEN_ADDRESS must be the final address."
        if self.status in (413, 415):
            return f"The audio service refused the text: too long or not readable (HTTP {self.status})."
        if self.status == 429:
            return "The audio service asks for fewer requests (HTTP 429)."
        if self.status >= 500:
            return f"The audio service has a fault (HTTP {self.status})."
        return f"The audio service answered HTTP {self.status}."


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirected POST would arrive as a GET and look delivered."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def signing_key(secret: str) -> bytes | None:
    """The key in a secret of the form whsec_…; None if it has another form."""
    if not secret.startswith("whsec_"):
        return None
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if 24 <= len(key) <= 64 else None


def signed_headers(secret: str, message_id: str, body: bytes, seconds: int) -> dict[str, str]:
    """The headers of Standard Webhooks 1.0.0. Raises ValueError for a secret of another form."""
    key = signing_key(secret)
    if key is None:
        raise ValueError("LISTEN_SECRET must be whsec_ and 24 to 64 bytes in base64")
    digest = hmac.digest(key, f"{message_id}.{seconds}.".encode() + body, hashlib.sha256)
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def request(url: str, *, headers: dict[str, str], body: bytes | None = None, timeout_s: float) -> Answer:
    """GET, or POST with a body. Never raises, follows no redirect, and ends soon after `timeout_s`."""
    if urlsplit(url).scheme not in ("http", "https"):
        return Answer(0, error=f"{url or 'The address'} is not an http(s) address.")
    until = time.monotonic() + timeout_s
    opener = urllib.request.build_opener(_NoRedirects)
    asked = urllib.request.Request(url, data=body, headers=headers)
    try:
        with opener.open(asked, timeout=timeout_s) as answer:
            allowed = answer.headers.get("Access-Control-Allow-Origin", "")
            return Answer(answer.status, _read(answer, until), allowed_origin=allowed)
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code)
    except urllib.error.URLError as error:
        return Answer(0, error=_words(error.reason, url))
    except (OSError, HTTPException, ValueError) as error:
        return Answer(0, error=_words(error, url))


def _read(answer: Any, until: float) -> bytes:
    """The body, however slowly it drips, no longer than `until`."""
    read = bytearray()
    while len(read) < _MOST_BYTES and (piece := answer.read1(16_384)):
        read += piece
        if time.monotonic() > until:
            raise TimeoutError
    return bytes(read)


def _words(error: Any, url: str) -> str:
    host = urlsplit(url).netloc
    if isinstance(error, TimeoutError):
        return f"The audio service at {host} did not answer in time."
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The certificate of {host} is not trusted: {error.verify_message}."
    if isinstance(error, ssl.SSLError):
        return f"No encrypted connection to {host}: {error.reason or error}."
    if isinstance(error, socket.gaierror):
        return f"The name {host} cannot be found."
    if isinstance(error, ConnectionRefusedError):
        return f"Nothing listens at {host}."
    return f"The audio service at {host} cannot be reached: {error or type(error).__name__}."
