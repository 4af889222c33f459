"""Which cases are wanted, by state, site, language, category, voice, age, who works on them, and words."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select

from tts_service.access.sites import Sites, within
from tts_service.db.tables import CaseRow, ReportRow
from tts_service.db.tables.listeners import OPEN

STATES = ("new", "confirmed", "corrected", "rejected", "duplicate")
NOBODY = ""
"""`assigned_to` of the cases that nobody has taken."""
_ESCAPED = str.maketrans({"%": "!%", "_": "!_", "!": "!!"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """Which cases are wanted; None: any."""

    states: tuple[str, ...] = OPEN
    sites: Sites = None
    """Sites that whoever asks has access to, or fewer."""
    language: str | None = None
    """BCP 47 tag, exactly as reported."""
    category: str | None = None
    voice: str | None = None
    kind: str | None = None
    assigned_to: str | None = None
    """Id of a staff account, or NOBODY."""
    older_than_ms: int | None = None
    """First reported before this time, milliseconds since 1970."""
    words: str = ""
    """Part of the word or sentence in any case, a case's id, or a report's reference."""


def conditions(wanted: CaseFilter, *, states: bool = True) -> list[ColumnElement[bool]]:
    """What holds for the wanted cases; `states`: also that of their state."""
    case = CaseRow
    found = [within(wanted.sites, case.site)]
    if states:
        found.append(case.state.in_(wanted.states))
    for column, value in (
        (case.language, wanted.language),
        (case.category, wanted.category),
        (case.voice, wanted.voice),
        (case.kind, wanted.kind),
    ):
        if value is not None:
            found.append(column == value)
    if wanted.assigned_to is not None:
        nobody = wanted.assigned_to == NOBODY
        found.append(case.assigned_to.is_(None) if nobody else case.assigned_to == wanted.assigned_to)
    if wanted.older_than_ms is not None:
        found.append(case.first_ms < wanted.older_than_ms)
    if words := " ".join(wanted.words.split()):
        found.append(_saying(words))
    return found


def _saying(words: str) -> ColumnElement[bool]:
    plain = f"%{words.translate(_ESCAPED)}%"
    return or_(
        CaseRow.id == words,
        CaseRow.written.ilike(plain, escape="!"),
        CaseRow.sentence.ilike(plain, escape="!"),
        CaseRow.id.in_(select(ReportRow.case_id).where(ReportRow.id == words.upper())),
    )
