"""Values: what passes between the stages, and what sites set. Frozen; times in ms, positions in characters."""

from __future__ import annotations

from tts_service.values.article import PUBLIC, Article, Block, BlockKind, Direction, SayAs, SourceFormat
from tts_service.values.clip import Chapter, ClipTags, PlannedUtterance, Rendition
from tts_service.values.speech import (
    SAMPLE_WIDTH,
    DigitalSourceType,
    Segment,
    SpeechMark,
    SpokenWord,
    Token,
    Utterance,
    Voice,
    WordTime,
    marks_of,
    segment_key,
)
from tts_service.values.web_address import PageIdentity, WebAddress

__all__ = [
    "PUBLIC",
    "SAMPLE_WIDTH",
    "Article",
    "Block",
    "BlockKind",
    "Chapter",
    "ClipTags",
    "DigitalSourceType",
    "Direction",
    "PageIdentity",
    "PlannedUtterance",
    "Rendition",
    "SayAs",
    "Segment",
    "SourceFormat",
    "SpeechMark",
    "SpokenWord",
    "Token",
    "Utterance",
    "Voice",
    "WebAddress",
    "WordTime",
    "marks_of",
    "segment_key",
]
