"""The history of lexicon entries: what each said before and since, who changed it, and for which case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.db.session import new_id
from tts_service.db.tables import JsonDict, LexiconChangeRow, LexiconEntryRow

_FIELDS = (
    "id",
    "scope",
    "site",
    "article",
    "language",
    "graphemes",
    "alias",
    "ipa",
    "case_sensitive",
    "alone",
    "except_articles",
    "note",
    "author",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconEdit:
    """Who changes entries, and what for."""

    who: str
    """As in the audit log."""
    case_id: str | None = None
    correction_id: str | None = None


def entry_fields(row: LexiconEntryRow) -> JsonDict:
    """An entry's fields as JSON; its times aside."""
    return {name: getattr(row, name) for name in _FIELDS}


def note_entry_change(
    session: Session, before: JsonDict | None, after: JsonDict | None, edit: LexiconEdit, now_ms: int
) -> None:
    """Add to the history, in the transaction of the change. No `before`: it was added; no `after`: it was removed."""
    if before == after:
        return
    fields = after or before or {}
    session.add(
        LexiconChangeRow(
            id=new_id("lch"),
            entry_id=fields["id"],
            what="added" if before is None else "removed" if after is None else "changed",
            before=before,
            after=after,
            who=edit.who,
            case_id=edit.case_id,
            correction_id=edit.correction_id,
            at_ms=now_ms,
        )
    )


def entry_history(session: Session, entry_id: str) -> Sequence[LexiconChangeRow]:
    """What was done to an entry, newest first."""
    mine = select(LexiconChangeRow).where(LexiconChangeRow.entry_id == entry_id)
    return session.scalars(mine.order_by(LexiconChangeRow.id.desc())).all()
