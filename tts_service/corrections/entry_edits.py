"""What a correction changed in the lexicon, entry by entry: one of a single entry, many of an import."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.corrections.kinds import LEXICON
from tts_service.db.tables import CorrectionRow, JsonDict, LexiconChangeRow


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryEdit:
    """One entry, as fields (`lexicon_history.entry_fields`)."""

    entry_id: str
    before: JsonDict | None
    """None: it was added."""
    after: JsonDict | None
    """None: it was removed."""


def is_import(correction: CorrectionRow) -> bool:
    """Whether a correction brought the entries of a document."""
    return correction.kind == LEXICON and correction.entry_id is None


def entry_edits(session: Session, correction: CorrectionRow) -> tuple[EntryEdit, ...]:
    """What a correction of the lexicon changed when it was accepted. An import's entries are in the history alone."""
    if correction.entry_id is not None:
        return (EntryEdit(entry_id=correction.entry_id, before=correction.before, after=correction.after),)
    row = LexiconChangeRow
    # Later changes with the correction's id are those that take it back.
    mine = (row.correction_id == correction.id, row.at_ms == correction.created_ms)
    found = session.execute(select(row.entry_id, row.before, row.after).where(*mine).order_by(row.id))
    return tuple(EntryEdit(entry_id=one.entry_id, before=one.before, after=one.after) for one in found)
