"""The service's own addresses: the one place that makes them.

Inside, a path is the application's (`/v1/jobs`). Outside, it stands below the public URL, which may have a path of its
own: `https://news.example/audio/v1/jobs`. Headers get that path at the door (`web/doors/paths.py`), pages by the
variable `at`, everything else by the functions here.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote, unquote, urlsplit

from tts_service.settings import Settings
from tts_service.values import PageIdentity, WebAddress

_IN_PATHS = "/!$&'()*+,;=:@~"
"""Characters besides letters and digits that stand unescaped in a path (RFC 3986, 3.3)."""


def path_prefix(settings: Settings) -> str:
    """The public URL's own path as it stands in addresses, such as /audio; empty: there is none.

    Raises ValueError for a path that can't be told from one of the service's own.
    """
    path = "/".join(part for part in unquote(urlsplit(settings.base_url).path).split("/") if part)
    if path.partition("/")[0] == "staff":
        raise ValueError("TTS_PUBLIC_URL: choose another path than /staff, which is where staff sign in.")
    return f"/{quote(path, safe=_IN_PATHS)}" if path else ""


def public_path(settings: Settings, path: str) -> str:
    """A path of the application as a browser has to ask for it."""
    return path_prefix(settings) + path


def public_url(settings: Settings, path: str) -> str:
    """The full address of a path of the application."""
    return settings.base_url + path


def path_at(settings: Settings, address: str) -> str | None:
    """The application's path that a full address leads to; None: it is no address of this service.

    How it is spelled makes no difference, nor do a query, a fragment, and a slash at the end.
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
    """Of a site's podcast, or of one of its sections or tags: `name` below /feeds/, quoted."""
    return public_url(settings, f"/feeds/{name}.rss")


def clip_url(settings: Settings, clip_id: str, name: str = "") -> str:
    """The clip's description, or one of the things below it."""
    return public_url(settings, f"/v1/clips/{clip_id}" + (f"/{name}" if name else ""))


def audio_urls(settings: Settings, clip_id: str, formats: Iterable[str], live: int | None) -> dict[str, str]:
    """Address by format; `live`: the revision that is being made, if one is."""
    found = {name: clip_url(settings, clip_id, f"audio.{name}") for name in formats}
    if live is not None:
        found["live"] = clip_url(settings, clip_id, f"live.mp3?r={live}")
    return found
