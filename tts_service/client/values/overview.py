"""The desk's figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tts_service.client.values.json_members import Json, members


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A day or a week."""

    day: str
    """Its first day, UTC."""
    reports: int
    listens: int | None
    """None: fewer than 5."""
    reports_per_1000: float | None
    clips: int
    """Articles whose clip was first made then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedWord:
    """A word that listeners reported."""

    word: str
    language: str
    reports: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The figures of a period, and of now."""

    days: int
    span_days: int
    """Length of each span: 1 or 7."""
    spans: tuple[Span, ...]
    """Oldest first."""
    reports: int
    listens: int | None
    """None: fewer than 5."""
    reports_per_1000: float | None
    heard_to_end: float | None
    """Share of listens, 0 to 1."""
    corrected: int
    fix_median_h: float | None
    """Hours from a case's first report to its correction."""
    fix_p90_h: float | None
    open: int
    open_by_age: Mapping[str, int]
    """Days under which they are old ("1", "7", "30"), or "older", and how many."""
    words: tuple[ReportedWord, ...]
    clips: int
    never_reported: float | None
    """Share of the clips, 0 to 1."""
    queue: Mapping[str, int | None]
    """Jobs now: `running`, `waiting`, `oldest_s`, `failed`."""
    raw: Json = field(repr=False, default_factory=dict)

    @classmethod
    def of(cls, data: Json) -> Overview:
        spans = tuple(Span(**members(Span, one)) for one in data["spans"])
        words = tuple(ReportedWord(**members(ReportedWord, one)) for one in data["words"])
        return cls(**members(cls, data, spans=spans, words=words))
