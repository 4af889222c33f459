"""What machines read off a clip's page: JSON-LD (schema.org), Open Graph, and the frame of oEmbed."""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup

from tts_service.pipeline import notice
from tts_service.public_addresses import clip_url, listen_url
from tts_service.settings import Settings
from tts_service.values import DigitalSourceType
from tts_service.web.reading import Shown, iso

FRAME_WIDTH, FRAME_HEIGHT = 640, 240
"""Pixels the framed player asks for; narrower is fine down to 320."""
_SCHEMA_SOURCES = {
    DigitalSourceType.TRAINED.value: "https://schema.org/TrainedAlgorithmicMediaDigitalSource",
}
_RULES = "https://schema.org/AlgorithmicMediaDigitalSource"


def embed_url(settings: Settings, clip_id: str) -> str:
    return f"{settings.base_url}/embed/{clip_id}"


def audio_object(settings: Settings, shown: Shown) -> dict[str, Any] | None:
    """schema.org AudioObject of a finished clip; None before, and of one that isn't public."""
    row, clip_id = shown.revision, shown.clip.id
    if not shown.public or shown.state != "ready" or row is None or not row.renditions:
        return None
    made = next((kept for kept in row.renditions if kept["format"] == "mp3"), row.renditions[0])
    below = f"r/{row.revision}/"
    article = {"@type": "NewsArticle", "headline": shown.title, "url": row.url} if row.url else None
    found: dict[str, Any] = {
        "@context": "https://schema.org", "@type": "AudioObject", "name": shown.title,
        "description": notice(row.language), "inLanguage": row.language,
        "contentUrl": clip_url(settings, clip_id, f"{below}audio.{made['format']}"),
        "encodingFormat": made["media_type"], "contentSize": str(made["bytes"]),
        "duration": _iso_duration(row.duration_ms), "uploadDate": iso(row.ready_ms or row.created_ms),
        "embedUrl": embed_url(settings, clip_id), "url": listen_url(settings, clip_id),
        "digitalSourceType": _source_type([row.voice, *(row.other_voices or [])]),
        "caption": {"@type": "MediaObject", "contentUrl": clip_url(settings, clip_id, f"{below}captions.vtt"),
                    "encodingFormat": "text/vtt"},
        "encodesCreativeWork": article,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value is not None}


def as_script(data: dict[str, Any] | None) -> Markup | None:
    """JSON for the inside of a <script>: nothing in it can end the element."""
    if data is None:
        return None
    text = json.dumps(data, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def open_graph(settings: Settings, shown: Shown) -> list[tuple[str, str]]:
    """(property, content) of a clip's page; nothing of one that isn't public."""
    if not shown.public:
        return []
    clip_id = shown.clip.id
    found = [("og:type", "article"), ("og:title", shown.title), ("og:description", notice(shown.language)),
             ("og:url", listen_url(settings, clip_id)), ("og:locale", shown.language.replace("-", "_"))]  # fmt: skip
    if shown.state == "ready":
        audio = clip_url(settings, clip_id, f"r/{shown.number}/audio.mp3")
        found += [("og:audio", audio), ("og:audio:type", "audio/mpeg")]
    if shown.article.site:
        found.append(("og:site_name", shown.article.site))
    return found


def _source_type(voices: list[dict[str, Any]]) -> str:
    kinds = {voice.get("digital_source_type") for voice in voices}
    return next((_SCHEMA_SOURCES[kind] for kind in kinds if kind in _SCHEMA_SOURCES), _RULES)


def _iso_duration(ms: int | None) -> str | None:
    """ISO 8601: PT3M12.5S."""
    if ms is None:
        return None
    minutes, rest = divmod(ms, 60_000)
    return f"PT{minutes}M{rest / 1000:g}S" if minutes else f"PT{rest / 1000:g}S"
