"""What machines read off a clip's page: JSON-LD (schema.org), Open Graph, and the frame of oEmbed."""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup

from tts_service.provenance.json_ld import PublicClip, json_ld
from tts_service.public_addresses import clip_url, listen_url, public_url
from tts_service.settings import Settings
from tts_service.values import WebAddress
from tts_service.web.reading import Shown, iso

FRAME_WIDTH, FRAME_HEIGHT = 640, 240
"""Pixels the framed player asks for; narrower is fine down to 320."""


def embed_url(settings: Settings, clip_id: str) -> str:
    return public_url(settings, f"/embed/{clip_id}")


def audio_object(settings: Settings, shown: Shown) -> dict[str, Any] | None:
    """schema.org AudioObject of a finished clip; None before, of one that isn't public, or says not how it was made."""
    row, clip_id, record = shown.revision, shown.clip.id, shown.record
    if not shown.public or shown.state != "ready" or row is None or not row.renditions or record is None:
        return None
    made = next((kept for kept in row.renditions if kept["format"] == "mp3"), row.renditions[0])
    below = f"r/{row.revision}/"
    clip = PublicClip(
        title=shown.title,
        language=row.language,
        notice=shown.notice,
        content_url=clip_url(settings, clip_id, f"{below}audio.{made['format']}"),
        encoding_format=made["media_type"],
        content_bytes=made["bytes"],
        duration_ms=row.duration_ms or 0,
        uploaded_at=iso(row.ready_ms or row.created_ms),
        url=listen_url(settings, clip_id),
        embed_url=embed_url(settings, clip_id),
        article_url=WebAddress.read(row.url),
        caption_url="" if record.is_recorded else clip_url(settings, clip_id, f"{below}captions.vtt"),
    )
    return json_ld(record, clip)


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
    found = [
        ("og:type", "article"),
        ("og:title", shown.title),
        ("og:description", shown.notice),
        ("og:url", listen_url(settings, clip_id)),
        ("og:locale", shown.language.replace("-", "_")),
    ]
    if shown.state == "ready":
        audio = clip_url(settings, clip_id, f"r/{shown.number}/audio.mp3")
        found += [("og:audio", audio), ("og:audio:type", "audio/mpeg")]
    if shown.article.site:
        found.append(("og:site_name", shown.article.site))
    return found
