"""Cookie scope: https, this host, below the public URL's path."""

from __future__ import annotations

from starlette.responses import Response

from tts_service.public_addresses import path_prefix
from tts_service.settings import Settings


def cookie_name(settings: Settings, name: str) -> str:
    """A cookie's name with what browsers demand of such a name (RFC 6265bis, 4.1.3).

    `__Host-` allows no path: where other services share the host, they would be sent the cookie too.
    """
    if not settings.base_url.startswith("https:"):
        return name
    return f"__Secure-{name}" if path_prefix(settings) else f"__Host-{name}"


def set_cookie(answer: Response, settings: Settings, name: str, value: str, max_age: int) -> None:
    """Set a cookie that no script can read. Lax: whoever comes by a link from another site brings it along."""
    answer.set_cookie(
        cookie_name(settings, name),
        value,
        max_age=max_age,
        path=path_prefix(settings) or "/",
        httponly=True,
        samesite="lax",
        secure=settings.base_url.startswith("https:"),
    )


def delete_cookie(answer: Response, settings: Settings, name: str) -> None:
    """Take a cookie back."""
    answer.delete_cookie(
        cookie_name(settings, name),
        path=path_prefix(settings) or "/",
        httponly=True,
        samesite="lax",
        secure=settings.base_url.startswith("https:"),
    )
