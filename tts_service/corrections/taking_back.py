"""Takes corrections back: the lexicon entry or the rule as it was, or one article left out of it; the clips follow.

While the earlier sounds are kept, nothing is spoken for it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from tts_service.access.audit import Deed, note
from tts_service.corrections.affected import add_clips, add_late_clips, planned_clips, search_start
from tts_service.corrections.cases.settling import settled_cases, unsettle_clip, unsettle_corrected
from tts_service.corrections.follow_up import close_if_ended, locked_correction, queue_jobs
from tts_service.corrections.impact.block_rules import RuleEdit
from tts_service.corrections.impact.proposal import LexiconChange, LexiconProposal
from tts_service.corrections.kinds import BLOCK, LEXICON, OF_ONE_ARTICLE
from tts_service.corrections.restoring import entry_changed_since, leave_out, opposite, restore_entries
from tts_service.corrections.restoring_rules import leave_out_of_rule, restore_rule, rule_stands
from tts_service.db.tables import (
    ArticleRepairRow,
    ArticleRow,
    AuditRow,
    ClipRow,
    CorrectionClipRow,
    CorrectionRow,
    ReportRow,
)
from tts_service.errors import Conflict, NotFound
from tts_service.jobs.again import renew_held
from tts_service.newsroom.lexicon_history import LexiconEdit
from tts_service.newsroom.sites import lock_site
from tts_service.parts import Parts
from tts_service.speakable.lexeme import Scope

_CLIP_TAKEN_BACK = "correction.clip_taken_back"


def take_back(parts: Parts, correction_id: str, who: str) -> CorrectionRow:
    """Put the entry or the rule back to what it was before the correction, and every clip with it; also those that were
    first rendered since, whose words have no earlier sound.

    Raises NotFound, Conflict (taken back already, or the entry or the rule was changed since: take that back first).
    """
    with parts.database.reading() as session:
        correction = _found(session, correction_id)
        _require_standing(parts, session, correction)
        start = search_start(parts, session)
        proposal = _opposite(session, correction)
    with planned_clips(parts, proposal) as affected, parts.database.writing() as session:
        correction = _locked(parts, session, correction_id)
        _require_standing(parts, session, correction)
        _put_back(parts, session, correction, who)
        now = parts.database.now_ms(session)
        correction.taken_back_ms, correction.state = now, "rendering"
        mine = CorrectionClipRow.correction_id == correction_id
        anew: dict[str, Any] = {"state": "taking_back", "job_id": None, "reason": "", "updated_ms": now}
        session.execute(update(CorrectionClipRow).where(mine).values(**anew))
        add_clips(session, correction, affected, state="taking_back", now_ms=now)
        if correction.kind not in OF_ONE_ARTICLE:
            add_late_clips(parts, session, correction, start)
        _reopen_cases(parts, session, correction, who)
        close_if_ended(parts, session, correction)
        deed = Deed(who=who, what="correction.taken_back", subject=correction_id, site=correction.site)
        note(parts.database, session, deed)
    queue_jobs(parts, correction_id=correction_id)
    if correction.kind in OF_ONE_ARTICLE:
        renew_held(parts, (correction.after or {}).get("article_id", ""))
    return correction


def take_back_clip(parts: Parts, correction_id: str, clip_id: str, who: str) -> CorrectionRow:
    """Leave one article out: it is spoken as before the correction, whatever the entry or the rule says elsewhere.

    Raises NotFound, Conflict (taken back already, or there is nothing that could leave the article out).
    """
    with parts.database.writing() as session:
        correction = _locked(parts, session, correction_id)
        row = session.get(CorrectionClipRow, (correction_id, clip_id))
        if row is None:
            raise NotFound(f"Correction {correction_id} doesn't affect clip {clip_id[:64]}.")
        if row.state in ("taking_back", "taken_back"):
            raise Conflict(f"Correction {correction_id} was taken back for clip {clip_id} already.")
        _require_standing(parts, session, correction)
        fields = correction.before or correction.after or {}
        if correction.kind in OF_ONE_ARTICLE or fields.get("scope") == Scope.ARTICLE:
            raise Conflict("This correction is for one article only: take back the correction itself.")
        clip = session.get_one(ClipRow, clip_id)
        if correction.kind == BLOCK:
            leave_out_of_rule(parts, session, correction, clip)
        else:
            edit = LexiconEdit(who=who, case_id=correction.case_id, correction_id=correction_id)
            leave_out(parts, session, correction, clip, edit)
        now = parts.database.now_ms(session)
        row.state, row.job_id, row.reason, row.updated_ms = "taking_back", None, "", now
        correction.state = "rendering"
        deed = Deed(
            who=who,
            what=_CLIP_TAKEN_BACK,
            subject=correction_id,
            site=session.get_one(ArticleRow, clip.article_id).site,
            details={"clip": clip_id},
        )
        note(parts.database, session, deed)
        for case in settled_cases(session, correction_id, also=correction.case_id):
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


def _locked(parts: Parts, session: Session, correction_id: str) -> CorrectionRow:
    """A correction, and the site whose rule it changed, that nobody else changes until the session ends."""
    correction = locked_correction(session, correction_id)
    if correction.kind == BLOCK:
        lock_site(parts.database, session, correction.site or "")
    return correction


def _opposite(session: Session, correction: CorrectionRow) -> LexiconProposal | LexiconChange | RuleEdit | None:
    """The change that takes it back, weighed as any other; None: a repair's clip is known."""
    if correction.kind == LEXICON:
        return opposite(session, correction)
    return RuleEdit.of(correction).opposite() if correction.kind == BLOCK else None


def _put_back(parts: Parts, session: Session, correction: CorrectionRow, who: str) -> None:
    if correction.kind == LEXICON:
        restore_entries(parts, session, correction, LexiconEdit(who=who, correction_id=correction.id))
    elif correction.kind == BLOCK:
        restore_rule(parts, session, correction)
    else:
        session.execute(delete(ArticleRepairRow).where(ArticleRepairRow.id == correction.entry_id))


def _require_standing(parts: Parts, session: Session, correction: CorrectionRow) -> None:
    """Raises Conflict when it was taken back, or the entry or the rule isn't as it left it."""
    if correction.taken_back_ms is not None:
        raise Conflict(f"Correction {correction.id} was taken back already.")
    if correction.kind in OF_ONE_ARTICLE:
        return  # a repair stays as it was made
    is_rule = correction.kind == BLOCK
    changed = correction.entry_id if is_rule else entry_changed_since(session, correction)
    if changed is None:
        return
    later = session.scalars(
        select(CorrectionRow)
        .where(
            CorrectionRow.entry_id == changed,
            CorrectionRow.id > correction.id,
            CorrectionRow.taken_back_ms.is_(None),
        )
        .order_by(CorrectionRow.id.desc())
        .limit(1)
    ).one_or_none()
    if later is not None and is_rule:
        raise Conflict(
            f"Correction {later.id} changed the same rule later: take that one back first.", correction=later.id
        )
    if later is not None:
        raise Conflict(
            f"Correction {later.id} changed the same entry later: take that one back first.", correction=later.id
        )
    if is_rule and rule_stands(parts, session, correction):
        return
    if is_rule:
        raise Conflict("The rule was changed after this correction: change it again at the rules of the site instead.")
    raise Conflict(f"The entry {changed} was changed after this correction: change it again instead.")


def _clips_taken_back(session: Session, correction: CorrectionRow) -> set[str]:
    """Clips for which the correction was taken back one by one."""
    query = select(AuditRow.details).where(AuditRow.subject == correction.id, AuditRow.what == _CLIP_TAKEN_BACK)
    return {details.get("clip", "") for details in session.scalars(query)}  # nothing of a clip that was erased


def _reopen_cases(parts: Parts, session: Session, correction: CorrectionRow, who: str) -> None:
    """The cases that it settled, or was about to, are open again."""
    for case in settled_cases(session, correction.id):
        unsettle_corrected(parts, session, case, correction.id, who)
        _forget_revision(session, ReportRow.case_id == case.id)


def _forget_revision(session: Session, *mine: ColumnElement[bool]) -> None:
    """Listeners aren't shown a revision that doesn't say it right any more."""
    session.execute(update(ReportRow).where(*mine).values(corrected_revision=None))
