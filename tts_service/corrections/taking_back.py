"""Takes corrections back: the lexicon entry as it was, or one article left out of it; the clips follow.

While the earlier sounds are kept, nothing is spoken for it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from tts_service.access.audit import Deed, note
from tts_service.corrections.affected import add_clips, add_late_clips, planned_clips
from tts_service.corrections.cases.settling import unsettle_clip, unsettle_corrected
from tts_service.corrections.cases.state import locked_case
from tts_service.corrections.follow_up import close_if_ended, locked_correction, queue_jobs
from tts_service.corrections.impact.planning import LEXICON
from tts_service.corrections.impact.proposal import LexiconProposal
from tts_service.corrections.repairs import restore_repair
from tts_service.db.tables import (
    ArticleRepairRow,
    ArticleRow,
    AuditRow,
    ClipRow,
    CorrectionClipRow,
    CorrectionRow,
    JsonDict,
    LexiconEntryRow,
    ReportRow,
)
from tts_service.errors import Conflict, NotFound
from tts_service.newsroom.lexicon import (
    ArticleName,
    Place,
    change_entry,
    delete_entry,
    exceptions_of,
    find,
    lexeme_of,
    place_of,
    put_entry,
)
from tts_service.newsroom.lexicon_history import LexiconEdit, entry_fields
from tts_service.newsroom.repairs import VOICE, repair_fields
from tts_service.parts import Parts
from tts_service.speakable.lexeme import Scope

_NOT_COMPARED = ("author", "except_articles", "note")
"""Fields of an entry that say nothing about whether it is as a correction left it."""
_CLIP_TAKEN_BACK = "correction.clip_taken_back"


def take_back(parts: Parts, correction_id: str, who: str) -> CorrectionRow:
    """Put the entry back to what it was before the correction, and every clip with it; also those that were first
    rendered since, whose words have no earlier sound.

    Raises NotFound, Conflict (taken back already, or the entry was changed since: take that back first).
    """
    with parts.database.reading() as session:
        correction = _found(session, correction_id)
        _require_standing(session, correction)
        since_ms = parts.database.now_ms(session)
        proposal = _opposite(session, correction) if correction.kind == LEXICON else None
    with planned_clips(parts, proposal) as affected, parts.database.writing() as session:
        correction = locked_correction(session, correction_id)
        _require_standing(session, correction)
        if correction.kind == LEXICON:
            _restore(parts, session, correction, LexiconEdit(who=who, correction_id=correction_id))
        else:
            restore_repair(session, correction)
        now = parts.database.now_ms(session)
        correction.taken_back_ms, correction.state = now, "rendering"
        mine = CorrectionClipRow.correction_id == correction_id
        anew: dict[str, Any] = {"state": "taking_back", "job_id": None, "reason": "", "updated_ms": now}
        session.execute(update(CorrectionClipRow).where(mine).values(**anew))
        add_clips(session, correction, affected, state="taking_back", now_ms=now)
        if correction.kind == LEXICON:
            add_late_clips(parts, session, correction, since_ms)
        _reopen_case(parts, session, correction, who)
        close_if_ended(parts, session, correction)
        deed = Deed(who=who, what="correction.taken_back", subject=correction_id, site=correction.site)
        note(parts.database, session, deed)
    queue_jobs(parts, correction_id=correction_id)
    return correction


def take_back_clip(parts: Parts, correction_id: str, clip_id: str, who: str) -> CorrectionRow:
    """Leave one article out: it is spoken as before the correction, whatever the entry says elsewhere.

    Raises NotFound, Conflict (taken back already, or there is no entry that could leave the article out).
    """
    with parts.database.writing() as session:
        correction = locked_correction(session, correction_id)
        row = session.get(CorrectionClipRow, (correction_id, clip_id))
        if row is None:
            raise NotFound(f"Correction {correction_id} doesn't affect clip {clip_id[:64]}.")
        if row.state in ("taking_back", "taken_back"):
            raise Conflict(f"Correction {correction_id} was taken back for clip {clip_id} already.")
        _require_standing(session, correction)
        if correction.kind != LEXICON or (correction.before or correction.after or {})["scope"] == Scope.ARTICLE:
            raise Conflict("This correction is for one article only: take back the correction itself.")
        article = session.get_one(ArticleRow, session.get_one(ClipRow, clip_id).article_id)
        edit = LexiconEdit(who=who, case_id=correction.case_id, correction_id=correction_id)
        _leave_out(parts, session, correction, ArticleName(article.site, article.external_id), edit)
        now = parts.database.now_ms(session)
        row.state, row.job_id, row.reason, row.updated_ms = "taking_back", None, "", now
        correction.state = "rendering"
        deed = Deed(
            who=who,
            what=_CLIP_TAKEN_BACK,
            subject=correction_id,
            site=article.site,
            details={"clip": clip_id},
        )
        note(parts.database, session, deed)
        if correction.case_id is not None:
            case = locked_case(parts, session, correction.case_id)
            unsettle_clip(parts, session, case, correction_id, clip_id, who)
            _forget_revision(session, ReportRow.case_id == case.id, ReportRow.clip_id == clip_id)
    queue_jobs(parts, correction_id=correction_id, clips=[clip_id])
    return correction


def retry(parts: Parts, correction_id: str, who: str) -> CorrectionRow:
    """Try the clips again that failed. Raises NotFound, Conflict when none did."""
    with parts.database.writing() as session:
        correction = locked_correction(session, correction_id)
        mine = (CorrectionClipRow.correction_id == correction_id, CorrectionClipRow.state == "failed")
        rows = session.scalars(select(CorrectionClipRow).where(*mine)).all()
        if not rows:
            raise Conflict(f"No clip of correction {correction_id} failed.")
        now = parts.database.now_ms(session)
        taken_back = _clips_taken_back(session, correction)
        for row in rows:
            back = correction.taken_back_ms is not None or row.clip_id in taken_back
            row.state, row.job_id, row.reason, row.updated_ms = "taking_back" if back else "waiting", None, "", now
        correction.state = "rendering"
        deed = Deed(who=who, what="correction.retried", subject=correction_id, site=correction.site)
        note(parts.database, session, deed)
    queue_jobs(parts, correction_id=correction_id)
    return correction


def _found(session: Session, correction_id: str) -> CorrectionRow:
    row = session.get(CorrectionRow, correction_id)
    if row is None:
        raise NotFound(f"There is no correction {correction_id[:64]}.")
    return row


def _opposite(session: Session, correction: CorrectionRow) -> LexiconProposal:
    """What taking it back proposes."""
    fields = correction.before or correction.after or {}
    entry = LexiconEntryRow(**fields)
    now = session.get(LexiconEntryRow, correction.entry_id)
    return LexiconProposal(
        place=place_of(entry),
        lexeme=lexeme_of(entry) if correction.before else None,
        entry_id=correction.entry_id if now else None,
        except_articles=tuple(sorted(_restored_exceptions(correction, now))) if correction.before else (),
    )


def _restored_exceptions(correction: CorrectionRow, now: LexiconEntryRow | None) -> frozenset[ArticleName]:
    """The articles that were left out before the correction, and those that were left out since: whoever did that
    meant the article."""
    before = exceptions_of(LexiconEntryRow(**correction.before)) if correction.before else frozenset()
    after = exceptions_of(LexiconEntryRow(**correction.after)) if correction.after else frozenset()
    return before | (exceptions_of(now) - after if now is not None else frozenset())


def _require_standing(session: Session, correction: CorrectionRow) -> None:
    """Raises Conflict when it was taken back, or the entry isn't as it left it."""
    if correction.taken_back_ms is not None:
        raise Conflict(f"Correction {correction.id} was taken back already.")
    now = _present(session, correction)
    if _compared(now) == _compared(correction.after):
        return
    later = session.scalars(
        select(CorrectionRow)
        .where(
            CorrectionRow.entry_id == correction.entry_id,
            CorrectionRow.id > correction.id,
            CorrectionRow.taken_back_ms.is_(None),
        )
        .order_by(CorrectionRow.id.desc())
        .limit(1)
    ).one_or_none()
    if later is not None:
        raise Conflict(
            f"Correction {later.id} changed the same entry later: take that one back first.", correction=later.id
        )
    if correction.kind == VOICE and not _repaired_again(session, correction):
        raise Conflict(
            "Another voice was chosen for this article after this correction: choose the one that it should have."
        )
    if correction.kind != LEXICON:
        raise Conflict("The same was repaired again after this correction: take that one back first.")
    raise Conflict(f"The entry {correction.entry_id} was changed after this correction: change it again instead.")


def _repaired_again(session: Session, correction: CorrectionRow) -> bool:
    """Whether another repair of the article's voice has taken the place of that of a correction."""
    article = (correction.after or {}).get("article_id")
    query = select(ArticleRepairRow.id).filter_by(article_id=article, kind=VOICE)
    return session.scalars(query.where(ArticleRepairRow.id != correction.entry_id)).first() is not None


def _present(session: Session, correction: CorrectionRow) -> JsonDict | None:
    """What the correction changed, as it is now."""
    if correction.kind == LEXICON:
        entry = session.get(LexiconEntryRow, correction.entry_id)
        return entry_fields(entry) if entry is not None else None
    repair = session.get(ArticleRepairRow, correction.entry_id)
    return repair_fields(repair) if repair is not None else None


def _compared(fields: JsonDict | None) -> JsonDict | None:
    return {name: value for name, value in fields.items() if name not in _NOT_COMPARED} if fields else None


def _restore(parts: Parts, session: Session, correction: CorrectionRow, edit: LexiconEdit) -> None:
    database, before = parts.database, correction.before
    entry_id = correction.entry_id or ""
    if before is None:
        delete_entry(database, session, entry_id, edit)
        return
    entry = LexiconEntryRow(**before)
    if correction.after is None:
        put_entry(
            database,
            session,
            place_of(entry),
            lexeme_of(entry),
            entry.note,
            edit,
            entry_id=entry_id,
            except_articles=exceptions_of(entry),
        )
        return
    now = find(session, entry_id)
    kept = _restored_exceptions(correction, now)
    change_entry(database, session, entry_id, lexeme_of(entry), now.note, edit, except_articles=kept)


def _leave_out(
    parts: Parts, session: Session, correction: CorrectionRow, article: ArticleName, edit: LexiconEdit
) -> None:
    """The entry leaves the article out; what held before holds on for this article alone."""
    row = session.get(LexiconEntryRow, correction.entry_id)
    if row is not None:
        exceptions = exceptions_of(row) | {article}
        change_entry(parts.database, session, row.id, lexeme_of(row), row.note, edit, except_articles=exceptions)
    if correction.before is not None:
        own = Place.of(article.site, article.external_id)
        before = LexiconEntryRow(**correction.before)
        put_entry(parts.database, session, own, lexeme_of(before), before.note, edit)


def _clips_taken_back(session: Session, correction: CorrectionRow) -> set[str]:
    """Clips for which the correction was taken back one by one."""
    query = select(AuditRow.details).where(AuditRow.subject == correction.id, AuditRow.what == _CLIP_TAKEN_BACK)
    return {details.get("clip", "") for details in session.scalars(query)}  # nothing of a clip that was erased


def _reopen_case(parts: Parts, session: Session, correction: CorrectionRow, who: str) -> None:
    """The case that it settled, or was about to, is open again."""
    if correction.case_id is None:
        return
    case = locked_case(parts, session, correction.case_id)
    if case.correction_id == correction.id:
        unsettle_corrected(parts, session, case, correction.id, who)
        _forget_revision(session, ReportRow.case_id == case.id)


def _forget_revision(session: Session, *mine: ColumnElement[bool]) -> None:
    """Listeners aren't shown a revision that doesn't say it right any more."""
    session.execute(update(ReportRow).where(*mine).values(corrected_revision=None))
