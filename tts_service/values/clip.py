"""A finished clip's plan, chapters, tags and files."""

from __future__ import annotations

from dataclasses import dataclass

from tts_service.values.speech import DigitalSourceType
from tts_service.values.web_address import WebAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A chapter of the clip: a heading and the time until the next one."""

    title: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipTags:
    """Metadata tags of a clip's file."""

    title: str
    author: str | None
    date: str | None
    """The article's date, ISO 8601."""
    url: WebAddress | None
    language: str
    notice: str
    """Disclosure sentence in the article's language."""
    digital_source_type: DigitalSourceType
    encoder: str
    """Producer: service, engine, voice."""
    credit: str = ""
    """Lines that the voices' licences ask for; empty: none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedUtterance:
    """An utterance's position in the clip, in samples at the clip's rate."""

    segment_key: str
    samples: int
    """Length of its segment."""
    start: int
    """First sample of its segment in the clip."""
    pause: int
    """Samples of silence after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """One finished audio file of a clip revision."""

    format: str
    """mp3, m4a, opus or wav."""
    media_type: str
    bytes: int
    sha256: str
    """Hex digest of the file: also its strong ETag, identical on every replica."""
    stored: str = ""
    """File name below its revision in the store; empty: not stored yet, or audio.{format}."""
    manifest: bool = False
    """Whether its C2PA manifest is a sidecar (the same name plus .c2pa), as the format can't embed one."""

    @property
    def file_name(self) -> str:
        return self.stored or f"audio.{self.format}"
