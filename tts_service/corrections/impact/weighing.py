"""What a change of the lexicon would change: which sentences of which clips, how long they are, how much work it is.

Candidates come from an index of words (jobs/clip_words.py); what really changes is decided by the rules that make
clips, so that the list is exact: what is shown here is what is spoken again.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from tts_service.corrections.impact.comparing import AffectedClip, ClipComparer, candidate_clips
from tts_service.corrections.impact.doubts import Doubt, HitCheck, NoMatch, why_nothing
from tts_service.corrections.impact.proposal import (
    LexiconChange,
    LexiconProposal,
    change_of,
    change_of_import,
)
from tts_service.corrections.work import work_ms
from tts_service.newsroom.lexicon_place import Place
from tts_service.parts import Parts

MOST_READ = 3_000
"""Clips that are read for one answer; an entry like "a" is in all of them."""
MOST_KEPT = 500
"""Clips whose changes are in an answer; the figures count all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """Everything that a change of the lexicon changes."""

    clips: tuple[AffectedClip, ...]
    """The newest `MOST_KEPT`, newest first."""
    articles: int
    """Number of all clips that change."""
    sentences: int
    audio_ms: int
    """Of the sentences that change."""
    whole_ms: int
    """Of the clips that change, as a whole."""
    work_ms: int
    """About how long one worker is at it."""
    doubtful: tuple[Doubt, ...]
    """Hits that look false."""
    candidates: int
    """Clips with all the words of a spelling."""
    read: int
    """Those of them that were read: all, or the newest `MOST_READ`."""
    no_match: NoMatch | None
    """Why nothing changes; None: something does."""

    @property
    def complete(self) -> bool:
        """Whether every candidate was read."""
        return self.read == self.candidates


def impact(parts: Parts, proposal: LexiconProposal, *, most: int = MOST_READ) -> Impact:
    """What a proposal would change. Raises InputRefused, NotFound."""
    with parts.database.reading() as session:
        change = change_of(session, parts.voices, proposal)
        return _impact(parts, session, change, most)


def impact_of(parts: Parts, change: LexiconChange, *, most: int = MOST_READ) -> Impact:
    """What several entries at once would change."""
    with parts.database.reading() as session:
        return _impact(parts, session, change, most)


def impact_of_import(parts: Parts, source: bytes, place: Place, *, replaces: bool, most: int = MOST_READ) -> Impact:
    """What the import of a PLS document would change. Raises MarkupRefused, Conflict, InputRefused."""
    with parts.database.reading() as session:
        change = change_of_import(session, parts.voices, source, place, replaces=replaces)
        return _impact(parts, session, change, most)


def _impact(parts: Parts, session: Session, change: LexiconChange, most: int) -> Impact:
    found = candidate_clips(session, change)
    reader = ClipComparer(parts, session, change)
    check = HitCheck([entry.lexeme for entry in change.fresh])
    total = _Total()
    for clip in reader.affected(found[:most]):
        check.read(clip.clip_id, clip.blocks, clip.changes)
        total.add(clip)
    no_match = None
    if not total.articles:
        lexemes = [entry.lexeme for entry in change.fresh] or list(change.lexemes)
        no_match = why_nothing(lexemes, reader.unchanged, reader.reasons)
    return Impact(
        clips=tuple(total.clips),
        articles=total.articles,
        sentences=total.sentences,
        audio_ms=total.audio_ms,
        whole_ms=total.whole_ms,
        work_ms=total.work_ms,
        doubtful=check.doubts(),
        candidates=len(found),
        read=min(len(found), most),
        no_match=no_match,
    )


@dataclass(slots=True)
class _Total:
    """What is added up clip by clip: the changes of thousands of clips would need more memory than a process has."""

    clips: list[AffectedClip] = field(default_factory=list)
    articles: int = 0
    sentences: int = 0
    audio_ms: int = 0
    whole_ms: int = 0
    work_ms: int = 0

    def add(self, clip: AffectedClip) -> None:
        if self.articles < MOST_KEPT:
            self.clips.append(clip)
        self.articles += 1
        self.sentences += sum(len(change.after) for change in clip.changes)
        self.audio_ms += clip.audio_ms
        self.whole_ms += clip.duration_ms
        self.work_ms += work_ms(clip.voice, clip.audio_ms, clip.duration_ms)
