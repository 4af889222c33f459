"""A finished clip's plan, chapters, tags and files."""

from __future__ import annotations

from dataclasses import dataclass

from tts_service.values.speech import DigitalSourceType
from tts_service.values.web_address import WebAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A heading's stretch of the clip."""

    title: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipTags:
    """What a clip's file says of itself."""

    title: str
    author: str | None
    date: str | None
    """ISO 8601 date of the article."""
    url: WebAddress | None
    language: str
    notice: str
    """The disclosure sentence in the article's language."""
    digital_source_type: DigitalSourceType
    encoder: str
    """What made it: service, engine, voice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedUtterance:
    """An utterance's place in the clip, in samples of the clip's rate."""

    segment_key: str
    samples: int
    """Length of the segment."""
    start: int
    """First sample of the segment in the clip."""
    pause: int
    """Samples of silence behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """One finished file of a clip revision."""

    format: str
    """mp3, m4a, opus or wav."""
    media_type: str
    bytes: int
    sha256: str
    """Hex digest of the file: also its strong ETag, the same on every replica."""
    stored: str = ""
    """Name of the file below its revision in the store; empty: not stored yet, or audio.{format}."""
    manifest: bool = False
    """Whether its C2PA manifest lies beside it (the same name and .c2pa) because the format can't hold one."""

    @property
    def file_name(self) -> str:
        return self.stored or f"audio.{self.format}"
