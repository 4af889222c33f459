"""Carries accepted corrections out: jobs for the clips they affect, and what became of each.

A tick, so that a correction of thousands of clips is accepted at once and carried out in small steps: whoever dies in
between, the next tick goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from tts_service.corrections.cases.answering import answers
from tts_service.corrections.cases.settling import settle_answered, settled_cases
from tts_service.corrections.impact.clip_plan import ClipPlan
from tts_service.corrections.impact.planning import CorrectionPlanner
from tts_service.db.tables import ClipRow, CorrectionClipRow, CorrectionRow, JobRow, ReportRow
from tts_service.errors import Conflict, NotFound, RevisionOvertaken, ServiceError
from tts_service.jobs.dispatch import dispatch
from tts_service.jobs.revise import Cause, is_recorded, revise, unfinished_job
from tts_service.parts import Parts

OPEN = ("waiting", "taking_back")
"""States of a clip whose new revision isn't there yet."""
CLIPS_A_TURN = 10
"""Clips that one call plans: beat, which calls it, has other duties every second."""
_FAR_OFF_MS = 3_600_000
"""A newer text that waits longer than this isn't waited for."""
WITHDRAWN = "The article was withdrawn."
RECORDED = "A person reads the article now."
GONE = "The article was changed and doesn't contain it any more."
SAYS_SO = "The current revision already says it so."
NEWER_TEXT = "A newer text of the article waits for its time, and will be spoken with the correction."
SPOKEN_AGAIN = "The earlier sound was not kept: {} sentences were spoken again."

log = logging.getLogger(__name__)
_ANY_OPEN = select(CorrectionClipRow.clip_id).where(CorrectionClipRow.state.in_(OPEN)).limit(1)
_planners: dict[str, CorrectionPlanner] = {}
"""Those of the last call, by correction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _OpenClip:
    """A clip that a correction still has to do with."""

    correction_id: str
    clip_id: str


def follow_up(parts: Parts, *, most: int = CLIPS_A_TURN) -> int:
    """Note which jobs have ended, then queue jobs for clips that wait for one. Returns for how many clips there was
    something to do; those that wait for somebody else's job are looked at again when it has ended."""
    with parts.database.reading() as session:
        if session.scalar(_ANY_OPEN) is None:
            _planners.clear()
            return 0
    ended = _ended(parts, most)
    for one in ended:
        try:
            _settle_job(parts, one)
        except ServiceError as error:
            if not error.permanent:
                raise
            _fail(parts, one, error.message)
        except Exception as error:  # our own bug in one clip must not keep all others waiting
            log.exception("correction %s of %s failed unexpectedly", one.correction_id, one.clip_id)
            _fail(parts, one, f"Internal error in this service: {type(error).__name__}")
    return len(ended) + queue_jobs(parts, most=most)


def job_ended(parts: Parts, job_id: str) -> None:
    """Note what a job left, as soon as its turn is over: for whoever waits for a correction."""
    wanted = select(JobRow.correction_id, JobRow.clip_id).where(JobRow.id == job_id)
    with parts.database.reading() as session:
        job = session.execute(wanted).one_or_none()
    if job is not None and job.correction_id is not None:
        _settle_job(parts, _OpenClip(correction_id=job.correction_id, clip_id=job.clip_id))


def queue_jobs(
    parts: Parts, *, correction_id: str | None = None, clips: Sequence[str] | None = None, most: int = CLIPS_A_TURN
) -> int:
    """Queue jobs for clips that wait for one: of a correction, or of all; of some clips, or of all. Returns for how
    many clips there was something to do."""
    row = CorrectionClipRow
    query = select(row.correction_id, row.clip_id).where(row.state.in_(OPEN), row.job_id.is_(None))
    query = query.where(row.correction_id == correction_id) if correction_id else query
    query = query.where(row.clip_id.in_(clips)) if clips is not None else query
    with parts.database.reading() as session:
        found = session.execute(query.order_by(row.updated_ms, row.correction_id, row.clip_id).limit(most)).all()
        ids = {correction_id for correction_id, _ in found}
        corrections = session.scalars(select(CorrectionRow).where(CorrectionRow.id.in_(ids))).all() if ids else []
    planners = _planners_of(parts, corrections)
    queued = 0
    for one in (_OpenClip(correction_id=correction_id, clip_id=clip_id) for correction_id, clip_id in found):
        try:
            plan = planners[one.correction_id].plan(one.clip_id)
            queued += _take_step(parts, one, plan)
        except ServiceError as error:
            if not error.permanent:
                raise
            _fail(parts, one, error.message)
        except Exception as error:  # our own bug
            log.exception("correction %s of %s failed unexpectedly", one.correction_id, one.clip_id)
            _fail(parts, one, f"Internal error in this service: {type(error).__name__}")
    if queued:
        dispatch(parts)
    return len(found)


def _planners_of(parts: Parts, corrections: Iterable[CorrectionRow]) -> dict[str, CorrectionPlanner]:
    """Planners stay from one call to the next while clips wait: that of an import has read thousands of entries."""
    found = {one.id: _planners.get(one.id) or CorrectionPlanner(parts, one) for one in corrections}
    for ended in set(_planners) - set(found):
        _planners.pop(ended, None)
    _planners.update(found)
    return found


def open_clips(session: Session, correction_id: str) -> int:
    """How many clips of a correction still wait for their new revision."""
    mine = (CorrectionClipRow.correction_id == correction_id, CorrectionClipRow.state.in_(OPEN))
    return int(session.scalar(select(func.count()).select_from(CorrectionClipRow).where(*mine)) or 0)


def close_if_ended(parts: Parts, session: Session, correction: CorrectionRow) -> None:
    """Once no clip is open: the correction is done, failed or taken back, and its cases are settled. The correction's
    row must be locked."""
    session.flush()
    if correction.state != "rendering" or open_clips(session, correction.id):
        return
    mine = (CorrectionClipRow.correction_id == correction.id, CorrectionClipRow.state == "failed")
    failed = session.scalar(select(exists().where(*mine)))
    whole = "taken_back" if correction.taken_back_ms is not None else "done"
    correction.state = "failed" if failed else whole
    if correction.state == "done" and correction.done_ms is None:
        correction.done_ms = parts.database.now_ms(session)
    if correction.state != "done":
        return  # with a failure, the cases stay open
    affected = exists().where(CorrectionClipRow.correction_id == correction.id)
    if not session.scalar(select(affected)):
        return  # listeners hear what they heard before: staff decide what the case is
    for case in settled_cases(session, correction.id):
        if case.state == "confirmed":  # nobody decided otherwise meanwhile
            settle_answered(parts, session, case, correction.id, correction.who)


def locked_correction(session: Session, correction_id: str) -> CorrectionRow:
    """A correction that nobody else changes until the session ends. Raises NotFound."""
    row = session.scalars(
        select(CorrectionRow).where(CorrectionRow.id == correction_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no correction {correction_id[:64]}.")
    return row


def _locked_row(session: Session, one: _OpenClip) -> CorrectionClipRow | None:
    """A correction's clip that nobody else changes until the session ends, as its correction is locked. None: the
    article was erased meanwhile."""
    session.execute(select(CorrectionRow.id).where(CorrectionRow.id == one.correction_id).with_for_update())
    return session.get(CorrectionClipRow, (one.correction_id, one.clip_id), populate_existing=True)


def _ended(parts: Parts, most: int) -> list[_OpenClip]:
    """Open clips whose job has ended."""
    row = CorrectionClipRow
    query = (
        select(row.correction_id, row.clip_id)
        .join(JobRow, JobRow.id == row.job_id)
        .where(row.state.in_(OPEN), JobRow.state.not_in(("queued", "running")))
        .limit(most)
    )
    with parts.database.reading() as session:
        return [_OpenClip(correction_id=correction, clip_id=clip) for correction, clip in session.execute(query)]


def _settle_job(parts: Parts, one: _OpenClip) -> None:
    """Note what a clip's job left: done, failed with the reason, or to be planned again on what is heard now."""
    with parts.database.writing() as session:
        row = _locked_row(session, one)
        job = session.get(JobRow, row.job_id) if row is not None and row.job_id else None
        if row is None or row.state not in OPEN or job is None or job.state in ("queued", "running"):
            return
        correction = session.get_one(CorrectionRow, one.correction_id)
        row.updated_ms = parts.database.now_ms(session)
        clip = session.get_one(ClipRow, one.clip_id)
        own = job.correction_id == correction.id and (job.basis or {}).get("cause") == _cause(row)
        if clip.state == "withdrawn":
            row.state, row.reason = "not_needed", WITHDRAWN
        elif own and job.state == "failed":
            row.state, row.reason = "failed", str((job.error or {}).get("detail", ""))
        elif own and job.state == "cancelled":
            row.state, row.reason = "failed", "Its job was cancelled."
        elif own and job.state == "succeeded" and clip.current_revision == job.revision:
            _done(session, correction, row, job)
        else:  # somebody else's job, or another revision was published first: what does that one say?
            row.job_id = None
        close_if_ended(parts, session, correction)


def _cause(row: CorrectionClipRow) -> Cause:
    return "taken_back" if row.state == "taking_back" else "correction"


def _done(session: Session, correction: CorrectionRow, row: CorrectionClipRow, job: JobRow) -> None:
    taken_back = row.state == "taking_back"
    row.state = "taken_back" if taken_back else "done"
    row.reason = SPOKEN_AGAIN.format(job.spoken) if taken_back and job.spoken else ""
    if not taken_back:
        row.to_revision = job.revision
        note_reports(session, correction, row.clip_id, job.revision)


def note_reports(session: Session, correction: CorrectionRow, clip_id: str, revision: int) -> None:
    """The listeners who reported a corrected sentence of this clip, in the correction's case, are shown the revision
    that says it right."""
    if correction.case_id is None:
        return
    mine = (ReportRow.case_id == correction.case_id, ReportRow.clip_id == clip_id, ReportRow.revision < revision)
    session.flush()
    for report in session.scalars(select(ReportRow).where(*mine)):
        if answers(session, correction.id, report):
            report.corrected_revision = revision


def _take_step(parts: Parts, one: _OpenClip, plan: ClipPlan | None) -> bool:
    """Queue a clip's job, wait for another one, or note that none is needed. Returns whether a job was queued."""
    with parts.database.writing() as session:
        row = _locked_row(session, one)
        if row is None or row.state not in OPEN or row.job_id is not None:
            return False
        correction = session.get_one(CorrectionRow, one.correction_id)
        now = row.updated_ms = parts.database.now_ms(session)
        other = unfinished_job(session, one.clip_id)
        if not row.changes and other is None and (plan is None or not plan.touched):
            session.delete(row)  # it was only being rendered when the correction came
        elif plan is None and other is None:
            clip = session.get_one(ClipRow, one.clip_id)
            recorded = is_recorded(session, clip.id, clip.current_revision)
            row.state, row.reason = "not_needed", RECORDED if recorded else WITHDRAWN
        elif other is not None and other.slices == 0 and other.due_ms > now + _FAR_OFF_MS:
            row.state, row.reason = "not_needed", NEWER_TEXT
        elif other is not None:
            row.job_id = other.id
        elif plan is not None and plan.basis.replacements != ():
            return _queue(parts, session, correction, row, plan)
        elif plan is not None:
            _needs_nothing(session, correction, row, plan)
        close_if_ended(parts, session, correction)
    return False


def _queue(parts: Parts, session: Session, correction: CorrectionRow, row: CorrectionClipRow, plan: ClipPlan) -> bool:
    """Returns False when another revision was published since the plan was made: it is planned again."""
    reported = (ReportRow.case_id == correction.case_id, ReportRow.clip_id == row.clip_id)
    waited_for = correction.case_id is not None and session.scalar(select(exists().where(*reported)))
    try:
        row.job_id = revise(
            parts,
            session,
            row.clip_id,
            plan.basis,
            correction_id=correction.id,
            cause=_cause(row),
            queue="breaking" if waited_for else "backfill",
            complete=plan.complete and not _has_other(session, row),
        )
    except (RevisionOvertaken, Conflict):
        return False
    if not row.changes:  # it was being rendered when the correction was accepted
        correction.clips += 1
        correction.sentences += len(plan.changes)
    if row.state == "waiting":  # what is taken back stays on record as it was
        row.from_revision, row.changes = plan.basis.revision, plan.changes or row.changes
    return True


def _has_other(session: Session, row: CorrectionClipRow) -> bool:
    """Whether another correction still has something to do in the same clip."""
    states = CorrectionClipRow.state.in_((*OPEN, "failed"))
    others = (CorrectionClipRow.clip_id == row.clip_id, CorrectionClipRow.correction_id != row.correction_id)
    return bool(session.scalar(select(exists().where(*others, states))))


def _needs_nothing(session: Session, correction: CorrectionRow, row: CorrectionClipRow, plan: ClipPlan) -> None:
    current = plan.basis.revision
    row.reason = SAYS_SO if plan.touched else GONE
    if row.state == "taking_back":
        row.state = "taken_back"
        return
    row.state = "not_needed"
    if plan.touched and current > row.from_revision:
        row.to_revision = current
        note_reports(session, correction, row.clip_id, current)


def _fail(parts: Parts, one: _OpenClip, reason: str) -> None:
    log.warning("correction %s of %s failed: %s", one.correction_id, one.clip_id, reason)
    with parts.database.writing() as session:
        row = _locked_row(session, one)
        if row is not None and row.state in OPEN:
            row.state, row.reason, row.updated_ms = "failed", reason, parts.database.now_ms(session)
            close_if_ended(parts, session, session.get_one(CorrectionRow, one.correction_id))


def reported_clips(session: Session, case_id: str) -> Iterable[str]:
    """The clips that a case's reports are about."""
    return session.scalars(select(ReportRow.clip_id).where(ReportRow.case_id == case_id).distinct())
