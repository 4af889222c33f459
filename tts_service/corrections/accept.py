"""Accepts a change of the lexicon: the entry, its history, the correction with the clips it affects, and its case.

All in one transaction. Jobs follow: for the reported articles at once, for the others by `follow_up`.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from tts_service.access.audit import Deed, note
from tts_service.corrections.affected import PlannedClips, add_clips, add_late_clips, planned_clips, search_start
from tts_service.corrections.cases.settling import begin_correction
from tts_service.corrections.cases.state import locked_case
from tts_service.corrections.follow_up import close_if_ended, queue_jobs, reported_clips
from tts_service.corrections.impact.proposal import LexiconProposal
from tts_service.corrections.kinds import LEXICON
from tts_service.db.session import new_id
from tts_service.db.tables import CorrectionRow, JsonDict, LexiconEntryRow
from tts_service.engines.pronunciation.ipa_check import IpaCheck, SpelledBy
from tts_service.errors import Conflict, InputRefused
from tts_service.newsroom.lexicon import change_entry, checked, delete_entry, find, put_entry
from tts_service.newsroom.lexicon_history import LexiconEdit, entry_fields
from tts_service.newsroom.lexicon_place import place_of
from tts_service.newsroom.lexicon_version import lock_lexicons
from tts_service.parts import Parts
from tts_service.speakable.lexeme import Lexeme

_AT_ONCE = 5
"""Clips whose jobs are queued before the answer."""
MAX_WHY = 500
"""Characters of the public reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A correction that was accepted."""

    correction_id: str
    entry_id: str
    clips: int
    """Clips with sentences that sound different from now on."""
    sentences: int
    spelled_by: tuple[SpelledBy, ...]
    """Voices of the language that read the spelling, since they don't know all of the IPA."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Acceptance:
    """What is written together."""

    proposal: LexiconProposal
    lexeme: Lexeme | None
    """In normal form; None: the entry is removed."""
    edit: LexiconEdit
    why: str


def accept_proposal(
    parts: Parts,
    proposal: LexiconProposal,
    *,
    case_id: str | None = None,
    version: int | None = None,
    why: str,
    who: str,
) -> Accepted:
    """Change the lexicon as proposed and queue what it changes. `version`: the version of the case that was seen;
    `why`: shown to the public.

    Raises InputRefused (with the symbols that no voice can say), NotFound (entry, case), CaseChanged (somebody decided
    the case since), Conflict (one of the graphemes has an entry, or the entry was changed since it was seen).
    """
    why = tidy_why(why)
    proposal.place.check()
    lexeme = proposal.lexeme
    spelled: tuple[SpelledBy, ...] = ()
    if lexeme is not None:
        lexeme, spelled = checked(lexeme, IpaCheck(parts.voices, lexeme.language))
    with parts.database.reading() as session:
        start = search_start(parts, session)
        if proposal.entry_id is not None:
            _check_place(session, proposal)
    edit = LexiconEdit(who=who, case_id=case_id, correction_id=new_id("cor"))
    made = _Acceptance(proposal=proposal, lexeme=lexeme, edit=edit, why=why)
    with planned_clips(parts, proposal) as affected, parts.database.writing() as session:
        correction = _keep(parts, session, made, affected)
        if case_id is not None:
            case = locked_case(parts, session, case_id, version)
            if proposal.place.site not in (None, case.site):
                raise InputRefused(
                    f"The case is about {case.site}, and the pronunciation is for {proposal.place.name}."
                )
            begin_correction(parts, session, case, correction.id, who)
        add_late_clips(parts, session, correction, start)
        close_if_ended(parts, session, correction)
        deed = Deed(who=who, what="correction.accepted", subject=correction.id, site=correction.site)
        note(parts.database, session, deed)
        first = sorted(reported_clips(session, case_id)) if case_id else []
    queue_jobs(parts, correction_id=correction.id, clips=first or None, most=_AT_ONCE)
    return Accepted(
        correction_id=correction.id,
        entry_id=correction.entry_id or "",
        clips=correction.clips,
        sentences=correction.sentences,
        spelled_by=spelled,
    )


def tidy_why(why: str) -> str:
    """One line. Raises InputRefused when it is too long."""
    tidy = " ".join(why.split())
    if len(tidy) > MAX_WHY:
        raise InputRefused(f"The reason can have at most {MAX_WHY} characters.", field="why")
    return tidy


def _check_place(session: Session, proposal: LexiconProposal) -> None:
    place = place_of(find(session, proposal.entry_id or ""))
    if place != proposal.place:
        raise InputRefused(
            f"This pronunciation is for {place.name}. To move it, remove it and add one for {proposal.place.name}."
        )


def _keep(parts: Parts, session: Session, made: _Acceptance, affected: PlannedClips) -> CorrectionRow:
    proposal, database = made.proposal, parts.database
    lock_lexicons(database, session)
    before = _entry_seen(session, proposal)
    row = _changed_entry(parts, session, made)
    after = entry_fields(row) if made.lexeme is not None else None
    now = database.now_ms(session)
    correction = CorrectionRow(
        id=made.edit.correction_id,
        kind=LEXICON,
        case_id=made.edit.case_id,
        site=proposal.place.site,
        language=row.language,
        entry_id=row.id,
        before=before,
        after=after,
        why=made.why,
        who=made.edit.who,
        state="rendering",
        sentences=affected.sentences,
        clips=affected.clips,
        created_ms=now,
    )
    session.add(correction)
    session.flush()
    add_clips(session, correction, affected, state="waiting", now_ms=now)
    return correction


def _entry_seen(session: Session, proposal: LexiconProposal) -> JsonDict | None:
    """The entry that is to be changed, as whoever proposes saw it. Raises NotFound, Conflict."""
    if proposal.entry_id is None:
        return None
    row = find(session, proposal.entry_id)
    if proposal.seen_ms not in (None, row.updated_ms):
        raise Conflict(f"The entry {row.id} was changed since you opened it: open it again.", entry=row.id)
    return entry_fields(row)


def _changed_entry(parts: Parts, session: Session, made: _Acceptance) -> LexiconEntryRow:
    """The entry as it is now, or as it was when it was removed."""
    proposal, database, exceptions = made.proposal, parts.database, made.proposal.except_articles
    if made.lexeme is None:
        if proposal.entry_id is None:
            raise InputRefused("Say which pronunciation is to be removed.")
        return delete_entry(database, session, proposal.entry_id, made.edit)
    if proposal.entry_id is None:
        said = proposal.note or ""
        return put_entry(database, session, proposal.place, made.lexeme, said, made.edit, except_articles=exceptions)
    old = find(session, proposal.entry_id)
    said = old.note if proposal.note is None else proposal.note
    return change_entry(database, session, old.id, made.lexeme, said, made.edit, except_articles=exceptions)
