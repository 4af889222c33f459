"""What we heard ourselves of the sentences of cases: the newest of each, with its place in the clip."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from tts_service.db.tables import ClipRevisionRow, HeardSentenceRow, UtteranceRow


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardByUs:
    """A sentence of a case that sounds wrong to us."""

    text: str
    """What was heard."""
    clip_id: str
    revision: int
    position: int
    """Of the sentence in the revision."""
    at_ms: int
    title: str
    """Of the article, as of that revision."""


def heard_by_us(session: Session, case_ids: Collection[str]) -> Mapping[str, HeardByUs]:
    """By case; only cases of which we heard something that is still kept."""
    heard, said, revision = HeardSentenceRow, UtteranceRow, ClipRevisionRow
    same_place = and_(said.clip_id == heard.clip_id, said.revision == heard.revision, said.position == heard.position)
    query = (
        select(heard, said.start_sample, revision.sample_rate_hz, revision.title)
        .join(said, same_place)
        .join(revision, and_(revision.clip_id == heard.clip_id, revision.revision == heard.revision))
        .where(heard.case_id.in_(case_ids))
        .order_by(heard.heard_ms)
    )
    return {
        row.case_id: HeardByUs(
            text=row.text,
            clip_id=row.clip_id,
            revision=row.revision,
            position=row.position,
            at_ms=(start or 0) * 1000 // rate_hz,
            title=title or "",
        )
        for row, start, rate_hz, title in session.execute(query)
        if row.case_id is not None
    }
