"""The provenance record for search engines: a schema.org AudioObject as JSON-LD."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tts_service.provenance.record import Provenance

_SECOND_MS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicClip:
    """What a clip's page adds to the record. None and empty values are left out."""

    title: str
    language: str
    """BCP 47 tag."""
    notice: str
    """Disclosure sentence in the clip's language."""
    content_url: str
    encoding_format: str
    """Media type of the audio file."""
    content_bytes: int
    duration_ms: int
    uploaded_at: str
    """ISO 8601: when the revision was finished."""
    url: str = ""
    """Address of the clip's page."""
    embed_url: str = ""
    transcript: str = ""
    """The text as read, or empty."""
    caption_url: str = ""
    article_url: str | None = None


def json_ld(record: Provenance, clip: PublicClip) -> dict[str, Any]:
    """The AudioObject for `<script type="application/ld+json">`; the caller escapes `<`."""
    source = record.source_type.value
    bit_rate = round(clip.content_bytes * 8 * _SECOND_MS / clip.duration_ms / 1000) if clip.duration_ms else 0
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "AudioObject",
        "name": clip.title,
        "description": clip.notice,
        "contentUrl": clip.content_url,
        "encodingFormat": clip.encoding_format,
        "contentSize": str(clip.content_bytes),
        "bitrate": f"{bit_rate} kbit/s" if bit_rate else None,
        "duration": iso_duration(clip.duration_ms),
        "inLanguage": clip.language,
        "uploadDate": clip.uploaded_at,
        "url": clip.url,
        "embedUrl": clip.embed_url,
        "transcript": clip.transcript,
        "caption": {"@type": "MediaObject", "contentUrl": clip.caption_url, "encodingFormat": "text/vtt"}
        if clip.caption_url
        else None,
        "associatedArticle": {"@type": "NewsArticle", "headline": clip.title, "url": clip.article_url}
        if clip.article_url
        else None,
        "digitalSourceType": f"https://schema.org/{source[0].upper()}{source[1:]}DigitalSource",
        "creditText": credit(record),
    }
    return {name: value for name, value in found.items() if value}


def credit(record: Provenance) -> str:
    """The voices with their licences and the lines that these ask for, on one line; empty where a person reads."""
    if record.is_recorded:
        return ""
    return "; ".join([*(f"{voice.voice} ({voice.licence})" for voice in record.voices), *record.credits])


def iso_duration(duration_ms: int) -> str:
    """ISO 8601 duration, rounded to seconds: PT3M12S."""
    minutes, seconds = divmod(round(duration_ms / _SECOND_MS), 60)
    hours, minutes = divmod(minutes, 60)
    parts: Mapping[str, int] = {"H": hours, "M": minutes}
    return "PT" + "".join(f"{amount}{unit}" for unit, amount in parts.items() if amount) + f"{seconds}S"
