"""The public addresses of a clip."""

from __future__ import annotations

from collections.abc import Iterable

from tts_service.settings import Settings


def listen_url(settings: Settings, clip_id: str) -> str:
    return f"{settings.base_url}/listen/{clip_id}"


def about_url(settings: Settings, clip_id: str) -> str:
    return f"{settings.base_url}/about/{clip_id}"


def feedback_url(settings: Settings, clip_id: str) -> str:
    return f"{settings.base_url}/feedback?clip={clip_id}"


def feed_url(settings: Settings, name: str) -> str:
    """Of a site's podcast, or of one of its sections or tags: `name` below /feeds/, quoted."""
    return f"{settings.base_url}/feeds/{name}.rss"


def clip_url(settings: Settings, clip_id: str, name: str = "") -> str:
    """The clip's description, or one of the things below it."""
    return f"{settings.base_url}/v1/clips/{clip_id}" + (f"/{name}" if name else "")


def audio_urls(settings: Settings, clip_id: str, formats: Iterable[str], live: int | None) -> dict[str, str]:
    """Address by format; `live`: the revision that is being made, if one is."""
    found = {name: clip_url(settings, clip_id, f"audio.{name}") for name in formats}
    if live is not None:
        found["live"] = clip_url(settings, clip_id, f"live.mp3?r={live}")
    return found
