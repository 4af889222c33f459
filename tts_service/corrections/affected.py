"""The clips that a correction affects, from the list of them to their rows: never all in memory, however many.

They are looked for before the transaction that writes them, since reading the texts takes seconds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import IO

from sqlalchemy import and_, insert, or_, select
from sqlalchemy.orm import Session

from tts_service.corrections.impact.block_rules import RuleEdit, RuleHit, rule_hits
from tts_service.corrections.impact.comparing import AffectedClip, affected_clips
from tts_service.corrections.impact.proposal import LexiconChange, LexiconProposal
from tts_service.corrections.kinds import OF_ONE_ARTICLE
from tts_service.db.tables import (
    ArticleRow,
    ClipRevisionRow,
    ClipRow,
    CorrectionClipRow,
    CorrectionRow,
    JobRow,
    JsonDict,
)
from tts_service.db.tables.jobs import RUNNING
from tts_service.parts import Parts
from tts_service.speakable.changes import said_words

_IN_MEMORY = 256 * 1024
"""Characters of the list up to which it needs no file."""
_WRITTEN_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedClip:
    """A clip that a correction affects, as it is kept."""

    clip_id: str
    revision: int
    changes: list[JsonDict]
    """As in CorrectionClipRow."""


class PlannedClips:
    """The clips that a change affects: counted, and kept in a temporary file until they are written."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self.clips = 0
        self.sentences = 0

    def add(self, clip: PlannedClip, sentences: int) -> None:
        self.clips += 1
        self.sentences += sentences
        fields = {"clip_id": clip.clip_id, "revision": clip.revision, "changes": clip.changes}
        self._file.write(json.dumps(fields) + "\n")

    def __iter__(self) -> Iterator[PlannedClip]:
        self._file.seek(0)
        for line in self._file:
            yield PlannedClip(**json.loads(line))


@contextmanager
def planned_clips(parts: Parts, proposed: LexiconProposal | LexiconChange | RuleEdit | None) -> Iterator[PlannedClips]:
    """The clips that a change of the lexicon or of a rule affects; None: none. Raises InputRefused, NotFound."""
    with SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8") as file:
        planned = PlannedClips(file)
        if isinstance(proposed, RuleEdit):
            for hit in rule_hits(parts, proposed):
                planned.add(_hit(hit), len(hit.blocks))
        elif proposed is not None:
            for clip in affected_clips(parts, proposed):
                planned.add(_planned(clip), sum(len(change.after) for change in clip.changes))
        yield planned


def add_clips(session: Session, correction: CorrectionRow, planned: PlannedClips, *, state: str, now_ms: int) -> None:
    """Clips that a correction affects; those that it has already stay as they are."""
    query = select(CorrectionClipRow.clip_id).where(CorrectionClipRow.correction_id == correction.id)
    known = set(session.scalars(query))
    rows = (
        {
            "correction_id": correction.id,
            "clip_id": clip.clip_id,
            "from_revision": clip.revision,
            "state": state,
            "reason": "",
            "changes": clip.changes,
            "updated_ms": now_ms,
        }
        for clip in planned
        if clip.clip_id not in known
    )
    while some := list(islice(rows, _WRITTEN_AT_ONCE)):
        session.execute(insert(CorrectionClipRow), some)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchStart:
    """The moment before which a search for affected clips began."""

    at_ms: int
    at_work: frozenset[str]
    """Clips of the jobs that were running. One of them may have been published already, in a transaction that the
    search doesn't see."""


def search_start(parts: Parts, session: Session) -> SearchStart:
    """Now. In a session of its own, before the search reads anything."""
    at_ms = parts.database.now_ms(session)
    running = select(JobRow.clip_id).where(JobRow.state == RUNNING)
    return SearchStart(at_ms=at_ms, at_work=frozenset(session.scalars(running)))


def add_late_clips(parts: Parts, session: Session, correction: CorrectionRow, start: SearchStart) -> None:
    """Clips that were published while the affected ones were looked for, or for which a text was prepared or a revision
    planned before: whether they say it right is seen when their turn comes. They have no changes yet."""
    known = select(CorrectionClipRow.clip_id).where(CorrectionClipRow.correction_id == correction.id)
    planned = or_(JobRow.slices > 0, JobRow.basis.is_not(None))
    at_work = (JobRow.state.in_(("queued", "running")), planned, JobRow.clip_id.not_in(known))
    begun = select(JobRow.clip_id).where(*at_work).distinct()
    published = or_(ClipRevisionRow.ready_ms >= start.at_ms, ClipRow.id.in_(start.at_work))
    fresh = (
        select(ClipRow.id)
        .join(
            ClipRevisionRow,
            and_(ClipRevisionRow.clip_id == ClipRow.id, ClipRevisionRow.revision == ClipRow.current_revision),
        )
        .join(ArticleRow, ArticleRow.id == ClipRow.article_id)
        .where(published, ClipRow.id.not_in(known))
    )
    if correction.site is not None:
        begun = begun.where(JobRow.site == correction.site)
        fresh = fresh.where(ArticleRow.site == correction.site)
    article = _article_of(correction)
    if article is not None:
        mine = select(ArticleRow.id).where(ArticleRow.site == correction.site, ArticleRow.external_id == article)
        begun = begun.where(JobRow.article_id.in_(mine))
        fresh = fresh.where(ArticleRow.external_id == article)
    for clip_id in sorted({*session.scalars(begun), *session.scalars(fresh)}):
        _add_clip(parts, session, correction, clip_id)
    session.flush()


def lock_missed_corrections(session: Session, article: ArticleRow, clip_id: str, since_ms: int) -> list[CorrectionRow]:
    """The corrections that were accepted or taken back since then and could concern a clip of which nothing was heard,
    and what was repaired in it before anything was heard; until the session ends untouched by others."""
    row = CorrectionRow
    of_article = or_(row.site.is_(None), row.site == article.site)
    later = or_(row.created_ms >= since_ms, row.taken_back_ms >= since_ms)
    known = select(CorrectionClipRow.correction_id).where(CorrectionClipRow.clip_id == clip_id)
    of_many = and_(row.kind.not_in(OF_ONE_ARTICLE), later)
    own = and_(
        row.kind.in_(OF_ONE_ARTICLE),
        row.taken_back_ms.is_(None),
        row.after["article_id"].as_string() == article.id,
    )
    query = select(row).where(of_article, or_(of_many, own), row.id.not_in(known)).order_by(row.id)
    found = session.scalars(query.with_for_update())
    return [one for one in found if _article_of(one) in (None, article.external_id)]


def add_to_missed_corrections(
    parts: Parts, session: Session, corrections: Iterable[CorrectionRow], clip_id: str
) -> None:
    """Bring a clip to corrections that it missed. What they change in it is seen when their turn comes."""
    for correction in corrections:
        _add_clip(parts, session, correction, clip_id)
        correction.state = "rendering"


def _add_clip(parts: Parts, session: Session, correction: CorrectionRow, clip_id: str) -> None:
    session.add(
        CorrectionClipRow(
            correction_id=correction.id,
            clip_id=clip_id,
            from_revision=session.get_one(ClipRow, clip_id).current_revision or 0,
            state="waiting" if correction.taken_back_ms is None else "taking_back",
            reason="",
            changes=[],
            updated_ms=parts.database.now_ms(session),
        )
    )


def _article_of(correction: CorrectionRow) -> str | None:
    """The external id of the only article that a correction is for; None: it is for more."""
    return (correction.after or correction.before or {}).get("article")


def _planned(clip: AffectedClip) -> PlannedClip:
    changes = [
        {
            "block": change.block,
            "start": change.start,
            "end": change.end,
            "text": clip.text_of(change),
            "before": said_words(change.before),
            "after": said_words(change.after),
        }
        for change in clip.changes
    ]
    return PlannedClip(clip_id=clip.clip_id, revision=clip.revision, changes=changes)


def _hit(hit: RuleHit) -> PlannedClip:
    # What is said is known once the clip's turn comes.
    changes = [
        {"block": block.index, "start": 0, "end": len(block.text), "text": block.text, "before": "", "after": ""}
        for block in hit.blocks
    ]
    return PlannedClip(clip_id=hit.clip_id, revision=hit.revision, changes=changes)
