"""Corrections: accepted changes of how something is spoken."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tts_service.client.values.json_members import Json, members
from tts_service.client.values.lexicon import SpelledBy


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A correction."""

    id: str
    kind: str
    """lexicon, block (a site's rule for recurring blocks), sentence, voice."""
    state: str
    """rendering, done, failed (for some of its clips), taken_back."""
    site: str | None
    """None: all sites."""
    language: str | None
    case: str | None
    entry: str | None
    before: dict[str, Any] | None
    """The entry or rule before; None: there was none."""
    after: dict[str, Any] | None
    """The entry, rule or repair since; None: it was removed."""
    why: str
    """The reason, which the public reads."""
    who: str
    clips: int
    """Those with sentences that sound different."""
    sentences: int
    created_at: str
    done_at: str | None
    """When its last clip was ready."""
    taken_back_at: str | None
    spelled_by: tuple[SpelledBy, ...]
    """Voices that read the spelling instead of the IPA; known when it has just been accepted."""
    raw: Json = field(repr=False, default_factory=dict)
    """Everything the service said."""

    @classmethod
    def of(cls, data: Json) -> Correction:
        return cls(**members(cls, data, spelled_by=SpelledBy.voices(data)))


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionPage:
    """Corrections, newest first."""

    corrections: tuple[Correction, ...]
    next: str | None
    """`cursor` of the next page; None on the last."""

    @classmethod
    def of(cls, data: Json) -> CorrectionPage:
        return cls(**members(cls, data, corrections=tuple(Correction.of(one) for one in data["corrections"])))


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedSentence:
    """A sentence that a correction changes."""

    block: int
    start: int
    """First character in the block."""
    end: int
    text: str
    """As written; empty until its clip is rendered."""
    before: str
    """Words as spoken before, IPA between slashes."""
    after: str

    @classmethod
    def of(cls, data: Json) -> CorrectedSentence:
        return cls(**members(cls, data))


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedClip:
    """A clip that a correction affects."""

    clip: str
    site: str
    article: str
    """The article's id in the CMS."""
    title: str
    state: str
    """waiting, done, failed, not_needed, taking_back, taken_back."""
    reason: str
    """Why it failed or isn't needed; empty otherwise."""
    from_revision: int
    """The revision before the correction."""
    to_revision: int | None
    """The revision with the correction; None: there is none."""
    job: str | None
    changes: tuple[CorrectedSentence, ...]

    @classmethod
    def of(cls, data: Json) -> CorrectedClip:
        return cls(**members(cls, data, changes=tuple(CorrectedSentence.of(one) for one in data["changes"])))


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionDetail(Correction):
    """A correction with its clips."""

    by_state: dict[str, int]
    """Number of clips by state."""
    affected: tuple[CorrectedClip, ...]
    """A page of its clips, by id."""
    next: str | None
    """`cursor` of the next page of clips; None on the last."""

    @classmethod
    def of(cls, data: Json) -> CorrectionDetail:
        affected = tuple(CorrectedClip.of(one) for one in data["affected"])
        return cls(**members(cls, data, spelled_by=SpelledBy.voices(data), affected=affected))
