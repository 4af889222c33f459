"""Headers every answer carries: no sniffing; on pages, a content security policy that allows no foreign code."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tts_service.settings import Settings


class SecurityHeaders:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.policy = policy(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Content-Type-Options"] = "nosniff"
                if headers.get("content-type", "").startswith("text/html"):
                    headers["Content-Security-Policy"] = self.policy
                    headers["Referrer-Policy"] = "same-origin"
            await send(message)

        await self.app(scope, receive, sending)


def policy(settings: Settings) -> str:
    """The content security policy (CSP level 3) of the pages."""
    media = " ".join(["'self'", *_audio_origins(settings)])
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; media-src {media}; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def _audio_origins(settings: Settings) -> list[str]:
    """Where audio.mp3 may redirect to: the policy is checked again after a redirect (CSP 3, 4.1.2)."""
    found = []
    if settings.audio_base_url:
        found.append(settings.audio_base_url)
    elif settings.signed_store_urls:
        found.append(settings.s3_endpoint or "https://*.amazonaws.com")
    return [f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, found) if parts.netloc]
