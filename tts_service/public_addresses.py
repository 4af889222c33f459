"""The service's own addresses, all built here.

Internally a path is the application's (`/v1/jobs`). Externally it is below the public URL, which may have its own path:
`https://news.example/audio/v1/jobs`. Headers get that prefix in `web/doors/paths.py`, pages from the variable `at`, and
everything else from the functions here.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote, unquote, urlsplit

from tts_service.settings import Settings
from tts_service.values import PageIdentity, WebAddress

_IN_PATHS = "/!$&'()*+,;=:@~"
"""Characters besides letters and digits that need no escaping in a path (RFC 3986, 3.3)."""


def path_prefix(settings: Settings) -> str:
    """The public URL's path, for example /audio; empty if it has none.

    Raises ValueError for a path that conflicts with the service's own.
    """
    path = "/".join(part for part in unquote(urlsplit(settings.base_url).path).split("/") if part)
    if path.partition("/")[0] == "staff":
        raise ValueError("TTS_PUBLIC_URL: choose a path other than /staff, where staff sign in.")
    return f"/{quote(path, safe=_IN_PATHS)}" if path else ""


def public_path(settings: Settings, path: str) -> str:
    """The external path for a path of the application."""
    return path_prefix(settings) + path


def public_url(settings: Settings, path: str) -> str:
    """The external URL for a path of the application."""
    return settings.base_url + path


def path_at(settings: Settings, address: str) -> str | None:
    """The application's path for an external URL; None if it is not an address of this service.

    Ignores spelling differences, query, fragment and a trailing slash.
    """
    if WebAddress.read(address) is None:
        return None
    key = PageIdentity().key
    own, asked = str(key(settings.base_url)).rstrip("/"), str(key(address)).partition("?")[0]
    return asked.removeprefix(own) if asked.startswith(f"{own}/") else None


def listen_url(settings: Settings, clip_id: str) -> str:
    return public_url(settings, f"/listen/{clip_id}")


def about_url(settings: Settings, clip_id: str) -> str:
    return public_url(settings, f"/about/{clip_id}")


def feedback_url(settings: Settings, clip_id: str) -> str:
    return public_url(settings, f"/feedback?clip={clip_id}")


def feed_url(settings: Settings, name: str) -> str:
    """Feed of a site's podcast or of one of its sections or tags: `name` below /feeds/, quoted."""
    return public_url(settings, f"/feeds/{name}.rss")


def clip_url(settings: Settings, clip_id: str, name: str = "") -> str:
    """The clip's description, or a resource below it."""
    return public_url(settings, f"/v1/clips/{clip_id}" + (f"/{name}" if name else ""))


def audio_urls(settings: Settings, clip_id: str, formats: Iterable[str], live: int | None) -> dict[str, str]:
    """Format -> address; `live`: the revision being made, if any."""
    found = {name: clip_url(settings, clip_id, f"audio.{name}") for name in formats}
    if live is not None:
        found["live"] = clip_url(settings, clip_id, f"live.mp3?r={live}")
    return found
