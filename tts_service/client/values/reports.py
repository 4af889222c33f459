"""Listeners' reports."""

from __future__ import annotations

from dataclasses import dataclass, field

from tts_service.client.values.json_members import Json, members


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportState:
    """What the holder of a report's reference can see."""

    reference: str
    state: str
    """new, confirmed, corrected, rejected."""
    category: str
    clip: str
    raw: Json = field(repr=False, default_factory=dict)

    @classmethod
    def of(cls, data: Json) -> ReportState:
        return cls(**members(cls, data))


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A listener's report as staff see it."""

    reference: str
    state: str
    """new, confirmed, corrected, rejected."""
    category: str
    clip: str
    site: str
    revision: int
    position_ms: int
    sentence: str
    token: int | None
    """Index of the word in the sentence's tokens."""
    comment: str
    email: str | None
    note: str
    raw: Json = field(repr=False, default_factory=dict)
    """Everything the service said."""

    @classmethod
    def of(cls, data: Json) -> Report:
        return cls(**members(cls, data))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage:
    """Reports, newest first."""

    reports: tuple[Report, ...]
    next: str | None
    """`cursor` of the next page; None on the last."""

    @classmethod
    def of(cls, data: Json) -> ReportPage:
        return cls(reports=tuple(Report.of(one) for one in data["reports"]), next=data["next"])
