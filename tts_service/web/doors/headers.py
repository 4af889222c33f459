"""Headers every answer carries: no sniffing, no foreign code, no foreign frames, https where it is there; and whatever
was asked for with a grant is kept by no cache, whichever route answered.

Also the answer to a fault of ours: made here, since what is made outside of this has none of these headers.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders, QueryParams
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tts_service.settings import Settings
from tts_service.web.doors.grant import PARAMETER
from tts_service.web.problems import unexpected
from tts_service.web.sound.files import PRIVATE

NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""Policy of everything that is no page: opened in a browser by itself, it may do nothing."""
_READERS = ("/v1/clips", "/static/", "/player.js", "/player-report.js", "/player-texts.json")
"""What pages of other sites load."""
_FRAMES = "/embed/"
"""Pages that others may frame: that is what they are for."""
FRAMED_BY = "framed_by"
"""Where a page's route leaves who may frame it: a source list of CSP."""
_PAGE = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}


class SecurityHeaders:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.policy = policy(settings)
        self.https = settings.base_url.startswith("https:")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False
        state = scope.setdefault("state", {})

        async def sending(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                found = MutableHeaders(scope=message)
                self._add(found, scope["path"], state.get(FRAMED_BY, "*"))
                if PARAMETER in query:
                    found["Cache-Control"] = PRIVATE
            await send(message)

        query = QueryParams(scope["query_string"])
        try:
            await self.app(scope, receive, sending)
        except Exception:
            if not started:
                await unexpected(Request(scope))(scope, receive, sending)
            raise  # the server logs it

    def _add(self, headers: MutableHeaders, path: str, framed_by: str) -> None:
        kind = headers.get("content-type", "")
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "cross-origin" if path.startswith(_READERS) else "same-origin"
        if kind.startswith("text/html"):
            framed = path.startswith(_FRAMES)
            headers["Content-Security-Policy"] = policy(self.settings, framed_by) if framed else self.policy
            headers.update({} if framed else _PAGE)
        elif not kind.startswith("audio/"):  # a browser plays audio by a page of its own
            headers["Content-Security-Policy"] = NOTHING
        if self.https:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        if path.startswith("/staff"):
            headers["Cache-Control"] = "no-store"


def allow_frames(request: Request, origins: Sequence[str]) -> None:
    """Of a page below /embed/: only pages of these origins, and our own, may frame it; without any, every page may."""
    if origins:
        setattr(request.state, FRAMED_BY, " ".join(["'self'", *origins]))


def policy(settings: Settings, frame_ancestors: str = "'none'") -> str:
    """The content security policy (CSP level 3) of the pages."""
    # blob: what the player puts together while a clip is being made (Media Source Extensions).
    media = " ".join(["'self'", "blob:", *_audio_origins(settings)])
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; media-src {media}; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; "
        f"frame-ancestors {frame_ancestors}"
    )


def _audio_origins(settings: Settings) -> list[str]:
    """Where audio.mp3 may redirect to: the policy is checked again after a redirect (CSP 3, 4.1.2)."""
    found = []
    if settings.audio_base_url:
        found.append(settings.audio_base_url)
    elif settings.signed_store_urls:
        found.append(settings.s3_endpoint or "https://*.amazonaws.com")
    return [f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, found) if parts.netloc]
