"""What a correction still changes in a clip, and the rows of the clip that tell."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.db.tables import ClipRevisionRow, ClipRow, JsonDict, UtteranceRow
from tts_service.jobs.revise import Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipPlan:
    """What is to be replaced in a clip."""

    basis: Basis
    changes: list[JsonDict]
    """For the record, per replaced stretch: block, start, end, text, and the words spoken before and after. Empty for a
    repair, whose record says already what it changes."""
    touched: bool
    """Whether the correction touches the clip's text at all."""
    complete: bool
    """Whether the clip then says everything as if its text was prepared now: entries that came without a correction, or
    another policy, may change more of it."""


def current_revision(session: Session, clip_id: str) -> ClipRevisionRow:
    """The revision of a clip that is heard."""
    return session.get_one(ClipRevisionRow, (clip_id, session.get_one(ClipRow, clip_id).current_revision))


def stored_sentences(session: Session, row: ClipRevisionRow, blocks: Collection[int]) -> list[UtteranceRow]:
    """The sentences of some blocks of a revision, in order."""
    mine = (UtteranceRow.clip_id == row.clip_id, UtteranceRow.revision == row.revision)
    query = select(UtteranceRow).where(*mine, UtteranceRow.block.in_(sorted(blocks)))
    return list(session.scalars(query.order_by(UtteranceRow.position)))
