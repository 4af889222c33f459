"""What follows what: a report follows its case's state, and its sentence into newer revisions of the article."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session, defer

from tts_service.corrections.cases.likeness import ALIKE, word_likeness
from tts_service.db.tables import (
    CaseRow,
    ClipRevisionRow,
    ClipRow,
    CorrectionClipRow,
    ReportRow,
    UtteranceRow,
)
from tts_service.db.tables.listeners import OPEN, UNDECIDED
from tts_service.errors import ServiceError
from tts_service.listeners.reports import RESOLVED, sentence_of, set_state
from tts_service.parts import Parts

_CLIPS_PER_TURN = 20

log = logging.getLogger(__name__)


def follow_case(parts: Parts, session: Session, report: ReportRow, case: CaseRow) -> None:
    """Give a report the state of its case, with the reason or the corrected revision that belongs to it. The publisher
    is told when that settles it."""
    if report.state == case.state or case.state == "duplicate":
        return
    report.corrected_revision = corrected_revision(session, report, case) if case.state == "corrected" else None
    if case.state == "rejected":
        report.note = case.reason
    elif report.state == "rejected":
        report.note = ""
    set_state(parts, session, report, case.state)
    assert case.state in RESOLVED or report.settled_ms is None


def corrected_revision(session: Session, report: ReportRow, case: CaseRow) -> int | None:
    """The revision of a report's clip that carries the case's correction; None: not rendered yet, or never."""
    if case.correction_id is not None:
        return carrying_revision(session, report, case.correction_id)
    current = session.scalar(select(ClipRow.current_revision).where(ClipRow.id == report.clip_id))
    return current if current is not None and current > report.revision else None


def carrying_revision(session: Session, report: ReportRow, correction_id: str) -> int | None:
    """The revision of a report's clip that carries a correction; None: not rendered yet, or never."""
    row = session.get(CorrectionClipRow, (correction_id, report.clip_id))
    return row.to_revision if row is not None and row.state in ("done", "not_needed") else None


def follow_articles(parts: Parts) -> int:
    """Look for the sentences of open reports in newer revisions of their articles, in some clips per turn. Returns in
    how many. Called by beat."""
    with parts.database.reading() as session:
        behind = session.scalars(_behind().limit(_CLIPS_PER_TURN)).all()
    for clip_id in behind:
        try:
            with parts.database.writing() as session:
                _follow_in(parts, session, clip_id)
        except ServiceError:
            raise
        except Exception:  # our own bug in one clip must not keep all others waiting
            log.exception("the reports of clip %s can't follow it", clip_id)
            with parts.database.writing() as session:
                _stay_behind(session, clip_id)
    return len(behind)


def _behind() -> Select[str]:
    """Clips of open reports that weren't looked for in the newest revision."""
    newer = ClipRow.current_revision > func.coalesce(ReportRow.now_revision, ReportRow.revision)
    return (
        select(ReportRow.clip_id)
        .join(ClipRow, ClipRow.id == ReportRow.clip_id)
        .where(newer, ReportRow.utterance.is_not(None), ReportRow.case_id.is_not(None))
        .where(ReportRow.state.in_(UNDECIDED))
        .distinct()
    )


def same_sentence(sentences: Sequence[str], wanted: str, near: int) -> int | None:
    """Index of a sentence in another revision: the same words, the nearest to its old place; else the likest one. None:
    it isn't there any more."""
    same = [index for index, one in enumerate(sentences) if one == wanted]
    if same:
        return min(same, key=lambda index: abs(index - near))
    found = [(word_likeness(one, wanted), -abs(index - near), index) for index, one in enumerate(sentences)]
    best = max(found, default=(0.0, 0, 0))
    return best[2] if best[0] >= ALIKE else None


def _follow_in(parts: Parts, session: Session, clip_id: str) -> None:
    """Look for the sentences of a clip's open reports in its newest revision."""
    clip = session.get(ClipRow, clip_id)
    if clip is None or clip.current_revision is None:  # erased meanwhile
        return
    revision = session.get_one(ClipRevisionRow, (clip_id, clip.current_revision))
    mine = (UtteranceRow.clip_id == clip_id, UtteranceRow.revision == revision.revision)
    rows = session.scalars(select(UtteranceRow).where(*mine).order_by(UtteranceRow.position)).all()
    sentences = [sentence_of(revision, row) for row in rows]
    mine_open = (
        ReportRow.clip_id == clip_id,
        ReportRow.utterance.is_not(None),
        ReportRow.state.in_(OPEN),
        func.coalesce(ReportRow.now_revision, ReportRow.revision) < revision.revision,
    )
    # Cases before their reports, as everybody who decides locks them.
    ids = select(ReportRow.case_id).where(*mine_open)
    locked = select(CaseRow).where(CaseRow.id.in_(ids)).options(defer(CaseRow.undo)).order_by(CaseRow.id)
    cases = {case.id: case for case in session.scalars(locked.with_for_update())}
    reports = session.scalars(select(ReportRow).where(*mine_open, ReportRow.case_id.in_(list(cases)))).all()
    now = parts.database.now_ms(session)
    known: dict[tuple[str, int], int | None] = {}
    for report in reports:
        case = cases[report.case_id or ""]
        near = report.now_utterance if report.now_utterance is not None else report.utterance or 0
        wanted = (report.sentence, near)
        if wanted not in known:
            known[wanted] = same_sentence(sentences, *wanted)
        place = known[wanted]
        row = rows[place] if place is not None else None
        word = case.written if case.kind == "word" else ""
        token = _token_of(sentences[place], row, word) if place is not None and row is not None else None
        is_there = row is not None and (not word or token is not None)
        report.now_revision = revision.revision
        report.now_utterance = row.position if row is not None and is_there else None
        report.now_token = token
        if is_there != (report.obsolete_ms is None):
            report.obsolete_ms = None if is_there else now
            case.updated_ms = now


def _stay_behind(session: Session, clip_id: str) -> None:
    """Leave a clip's open reports where they were made until it has another revision."""
    current = select(ClipRow.current_revision).where(ClipRow.id == clip_id).scalar_subquery()
    mine = (ReportRow.clip_id == clip_id, ReportRow.utterance.is_not(None), ReportRow.state.in_(OPEN))
    where = {"now_revision": current, "now_utterance": None, "now_token": None}
    session.execute(update(ReportRow).where(*mine).values(where))


def _token_of(sentence: str, said: UtteranceRow, word: str) -> int | None:
    """Index of a word among a sentence's tokens; None: it isn't in there."""
    if not word:
        return None
    folded = word.casefold()
    for index, token in enumerate(said.tokens):
        if folded in sentence[token["start"] - said.start : token["end"] - said.start].casefold():
            return index
    return None
