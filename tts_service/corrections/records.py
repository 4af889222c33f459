"""Corrections as records: for staff with all of their clips, and for the public clip by clip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from tts_service.access.sites import Sites
from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow, CorrectionClipRow, CorrectionRow
from tts_service.errors import NotFound

HEARD = ("done", "not_needed", "taken_back")
"""States of a clip that has, or had, a revision with the correction."""
MOST_TOLD = 50
"""Corrections told of one clip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionFilter:
    """Which corrections are looked for; None: any."""

    site: str | None = None
    """Those of this site and those of all sites."""
    state: str | None = None
    case_id: str | None = None
    entry_id: str | None = None
    only_sites: Sites = None
    """Sites of whoever asks; None: all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedClip:
    """A clip of a correction, for staff."""

    row: CorrectionClipRow
    clip_state: str
    """As in ClipRow."""
    article: ArticleRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedSentence:
    """A sentence as it was said and as it is said since. Public."""

    text: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipCorrection:
    """What was corrected in a clip, when and why. Public: nothing tells who."""

    id: str
    at_ms: int
    """When the revision that carries it was published."""
    revision: int
    why: str
    sentences: tuple[CorrectedSentence, ...]
    taken_back_ms: int | None
    """When it was taken back for this clip; None: it holds."""


def corrections(
    session: Session, wanted: CorrectionFilter, *, below: str | None = None, most: int = 50
) -> Sequence[CorrectionRow]:
    """Corrections, newest first: at most `most`, with ids below `below`."""
    query = select(CorrectionRow).order_by(CorrectionRow.id.desc()).limit(most)
    if wanted.only_sites is not None:
        query = query.where(or_(CorrectionRow.site.is_(None), CorrectionRow.site.in_(wanted.only_sites)))
    if wanted.site is not None:
        query = query.where(or_(CorrectionRow.site.is_(None), CorrectionRow.site == wanted.site))
    for column, value in (("state", wanted.state), ("case_id", wanted.case_id), ("entry_id", wanted.entry_id)):
        query = query.filter_by(**{column: value}) if value is not None else query
    return session.scalars(query.where(CorrectionRow.id < below) if below else query).all()


def find_correction(session: Session, correction_id: str, only_sites: Sites = None) -> CorrectionRow:
    """A correction of these sites, or of all sites. Raises NotFound."""
    row = session.get(CorrectionRow, correction_id)
    if row is None or (only_sites is not None and row.site is not None and row.site not in only_sites):
        raise NotFound(f"There is no correction {correction_id[:64]}.")
    return row


def corrected_clips(
    session: Session,
    correction_id: str,
    *,
    state: str | None = None,
    only_sites: Sites = None,
    after: str | None = None,
    most: int = 50,
) -> list[CorrectedClip]:
    """The clips of a correction by id: at most `most`, with ids above `after`; `only_sites` None: of all sites."""
    query = (
        select(CorrectionClipRow, ClipRow.state, ArticleRow)
        .join(ClipRow, ClipRow.id == CorrectionClipRow.clip_id)
        .join(ArticleRow, ArticleRow.id == ClipRow.article_id)
        .where(CorrectionClipRow.correction_id == correction_id)
        .order_by(CorrectionClipRow.clip_id)
        .limit(most)
    )
    query = query.where(CorrectionClipRow.state == state) if state is not None else query
    query = query.where(ArticleRow.site.in_(only_sites)) if only_sites is not None else query
    query = query.where(CorrectionClipRow.clip_id > after) if after else query
    found = session.execute(query)
    return [CorrectedClip(row=row, clip_state=clip_state, article=article) for row, clip_state, article in found]


def clips_by_state(session: Session, correction_id: str) -> Mapping[str, int]:
    """How many clips of a correction are in which state."""
    state = CorrectionClipRow.state
    query = select(state, func.count()).where(CorrectionClipRow.correction_id == correction_id).group_by(state)
    return dict(list(session.execute(query)))


def silent_clips() -> ScalarSelect[int]:
    """How many clips of a correction (CorrectionRow of the query around it) would be spoken again if it was taken back,
    since their revision before it isn't kept any more."""
    row, earlier = CorrectionClipRow, ClipRevisionRow
    kept = exists().where(earlier.clip_id == row.clip_id, earlier.revision == row.from_revision)
    mine = (row.correction_id == CorrectionRow.id, row.state.in_(("done", "failed")), ~kept)
    return select(func.count()).select_from(row).where(*mine).correlate(CorrectionRow).scalar_subquery()


def clip_corrections(session: Session, clip_id: str) -> tuple[ClipCorrection, ...]:
    """What was corrected in a clip, newest first."""
    query = (
        select(CorrectionClipRow, CorrectionRow, ClipRevisionRow.ready_ms)
        .join(CorrectionRow, CorrectionRow.id == CorrectionClipRow.correction_id)
        .outerjoin(  # its words stay when its sound is gone
            ClipRevisionRow,
            and_(
                ClipRevisionRow.clip_id == CorrectionClipRow.clip_id,
                ClipRevisionRow.revision == CorrectionClipRow.to_revision,
            ),
        )
        .where(CorrectionClipRow.clip_id == clip_id, CorrectionClipRow.state.in_(HEARD))
        .order_by(CorrectionRow.id.desc())
        .limit(MOST_TOLD)
    )
    return tuple(
        ClipCorrection(
            id=correction.id,
            at_ms=ready_ms or row.updated_ms,
            revision=row.to_revision or 0,
            why=correction.why,
            sentences=tuple(_sentence(change) for change in row.changes),
            taken_back_ms=row.updated_ms if row.state == "taken_back" else None,
        )
        for row, correction, ready_ms in session.execute(query)
    )


def _sentence(change: Mapping[str, Any]) -> CorrectedSentence:
    return CorrectedSentence(text=change["text"], before=change["before"], after=change["after"])
