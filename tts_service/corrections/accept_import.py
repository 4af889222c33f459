"""Imports a PLS document as one correction: weighed as a whole, accepted as a whole, taken back as a whole."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from tts_service.access.audit import Deed, note
from tts_service.corrections.accept import tidy_why
from tts_service.corrections.affected import add_clips, add_late_clips, planned_clips, search_start
from tts_service.corrections.follow_up import close_if_ended, queue_jobs
from tts_service.corrections.impact.proposal import change_by
from tts_service.corrections.impact.weighing import Impact, impact_of
from tts_service.corrections.kinds import LEXICON
from tts_service.db.session import new_id
from tts_service.db.tables import CorrectionRow
from tts_service.errors import Conflict
from tts_service.newsroom.lexicon_history import LexiconEdit
from tts_service.newsroom.lexicon_place import Place
from tts_service.newsroom.lexicon_version import lock_lexicons
from tts_service.newsroom.pls import Imported, PlsComparison, check_pls, compare_pls, put_pls
from tts_service.parts import Parts


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighedImport:
    """What an import would do."""

    imported: Imported
    impact: Impact


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedImport:
    """What an import did."""

    imported: Imported
    correction_id: str | None
    """None: every lexeme was there already."""
    clips: int
    """Clips with sentences that sound different from now on, as far as they were read."""


def weigh_import(parts: Parts, source: bytes, place: Place, *, replaces: bool) -> WeighedImport:
    """What the import of a document would change. Raises MarkupRefused, Conflict, InputRefused."""
    document = check_pls(parts.voices, source)
    with parts.database.reading() as session:
        found = compare_pls(session, document, place, replaces=replaces)
    return WeighedImport(imported=found.imported(document), impact=impact_of(parts, change_by(found, place)))


def accept_import(
    parts: Parts, source: bytes, place: Place, *, replaces: bool, why: str = "", who: str
) -> AcceptedImport:
    """Keep every lexeme of a document and queue what they change, or keep none. `why`: shown to the public.

    Raises MarkupRefused (line, column, reason), Conflict (a grapheme has an entry, or the entries were changed
    meanwhile), InputRefused.
    """
    why = tidy_why(why)
    document = check_pls(parts.voices, source)
    with parts.database.reading() as session:
        start = search_start(parts, session)
        seen = compare_pls(session, document, place, replaces=replaces)
    if not seen.fresh:
        return AcceptedImport(imported=seen.imported(document), correction_id=None, clips=0)
    with planned_clips(parts, change_by(seen, place)) as affected, parts.database.writing() as session:
        lock_lexicons(parts.database, session)
        found = compare_pls(session, document, place, replaces=replaces)
        if not _same(found, seen):
            raise Conflict("The entries were changed while the import was prepared: import the document again.")
        now = parts.database.now_ms(session)
        correction = CorrectionRow(
            id=new_id("cor"),
            kind=LEXICON,
            site=place.site,
            language=document.language,
            why=why,
            who=who,
            state="rendering",
            sentences=affected.sentences,
            clips=affected.clips,
            created_ms=now,
        )
        session.add(correction)
        put_pls(session, found, place, LexiconEdit(who=who, correction_id=correction.id), now)
        add_clips(session, correction, affected, state="waiting", now_ms=now)
        add_late_clips(parts, session, correction, start)
        close_if_ended(parts, session, correction)
        _note(parts, session, correction, found)
    queue_jobs(parts, correction_id=correction.id)
    return AcceptedImport(imported=found.imported(document), correction_id=correction.id, clips=correction.clips)


def _same(one: PlsComparison, other: PlsComparison) -> bool:
    return one.fresh == other.fresh and {row.id for row in one.gone} == {row.id for row in other.gone}


def _note(parts: Parts, session: Session, correction: CorrectionRow, found: PlsComparison) -> None:
    deed = Deed(
        who=correction.who,
        what="lexicon.imported",
        subject=correction.site or "all sites",
        site=correction.site,
        details={"added": len(found.fresh), "correction": correction.id},
    )
    note(parts.database, session, deed)
