"""A worker's turn at hearing one revision: sentence by sentence, until all are heard or the turn is over."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tts_service.access.audit import SERVICE
from tts_service.corrections.hearing.cases import OddSentence, case_for, weigh_case
from tts_service.corrections.hearing.queues import jobs_wait
from tts_service.corrections.release import release_held
from tts_service.db.rows import utterance_of
from tts_service.db.tables import CaseRow, ClipRevisionRow, HeardSentenceRow, HearingRow, UtteranceRow
from tts_service.db.tables.listeners import OPEN
from tts_service.ears.judging import Verdict, judged, limit_of
from tts_service.ears.listener import Listens
from tts_service.errors import Conflict, EarsUnavailable, NotFound, StoreUnavailable
from tts_service.listeners.reports import sentence_of
from tts_service.parts import Parts
from tts_service.queue.claim import Claim, settle

TURN_S = 10.0
"""After this time a turn begins no other sentence."""
_TRIES = 3
_AGAIN_MS = 60_000
_LEARNED_FROM = 300
"""Newest sentences of a voice that say what is usual."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spoken:
    """A sentence of the revision."""

    row: UtteranceRow
    voice: str
    written: str


def hear_sentences(
    parts: Parts, ears: Listens, claimed: Claim[HearingRow], clock: Callable[[], float] = time.monotonic
) -> int:
    """Hear the sentences of a revision that weren't heard for its site yet, and make cases of those that sound wrong.

    A revision that was held for this is published if nothing sounds wrong; otherwise staff decide. After three turns in
    which nothing could be heard it counts as heard, and the log says so. Returns how many sentences were heard.
    """
    row, until, heard = claimed.row, clock() + TURN_S, 0
    sentences = _sentences(parts, row)
    for spoken in sentences[row.position :]:
        if heard and (clock() >= until or _is_wanted(parts, row)):
            _put_back(parts, claimed, spoken.row.position, wait_ms=0)
            return heard
        try:
            heard += _hear(parts, ears, row, spoken)
        except (EarsUnavailable, StoreUnavailable) as error:
            if row.tries + 1 < _TRIES:
                log.warning("%s waits: %s", claimed.name, error.message)
                _put_back(parts, claimed, spoken.row.position, wait_ms=_AGAIN_MS, tries=row.tries + 1)
                return heard
            log.warning("%s was given up: %s", claimed.name, error.message)
            break
    _finish(parts, claimed)
    return heard


def _sentences(parts: Parts, row: HearingRow) -> Sequence[_Spoken]:
    with parts.database.reading() as session:
        revision = session.get(ClipRevisionRow, (row.clip_id, row.revision))
        mine = select(UtteranceRow).filter_by(clip_id=row.clip_id, revision=row.revision)
        said = session.scalars(mine.order_by(UtteranceRow.position)).all() if revision is not None else ()
        return [
            _Spoken(row=one, voice=one.voice or revision.voice["id"], written=sentence_of(revision, one))
            for one in said
            if revision is not None
        ]


def _is_wanted(parts: Parts, row: HearingRow) -> bool:
    """Whether an article waits for this worker."""
    if row.urgent:
        return False
    with parts.database.reading() as session:
        return jobs_wait(session, parts.database.now_ms(session))


def _hear(parts: Parts, ears: Listens, row: HearingRow, spoken: _Spoken) -> int:
    """Hear one sentence, unless its sound is known. Returns how many were heard. Raises EarsUnavailable,
    StoreUnavailable."""
    key = (row.site, spoken.row.segment_key)
    with parts.database.reading() as session:
        known = session.get(HeardSentenceRow, key)
        still_odd = known is not None and _is_open(session, known.case_id)
        limit = limit_of(_usual_scores(session, spoken)) if known is None else 0.0
    if known is not None:
        if still_odd:
            with parts.database.writing() as session:
                _count_case(session, row)
        return 0
    said = utterance_of(spoken.row)
    segment = parts.segments.get(spoken.row.segment_key)
    heard = ears.hear(segment, spoken.row.language) if segment is not None and said.words else None
    if segment is None or heard is None:
        return 0
    words = [word.text for word in said.words]
    verdict = judged(words, heard, segment, spoken.row.language, spoken.written)
    with suppress(IntegrityError), parts.database.writing() as session:
        if session.get(HeardSentenceRow, key) is None:
            _keep(parts, session, row, spoken, verdict, is_odd=verdict.score > limit)
            return 1
    return _hear(parts, ears, row, spoken)  # another worker has heard the same sound meanwhile


def _usual_scores(session: Session, spoken: _Spoken) -> Sequence[float]:
    one = HeardSentenceRow
    mine = select(one.score).where(one.voice == spoken.voice, one.language == spoken.row.language)
    return session.scalars(mine.order_by(one.heard_ms.desc()).limit(_LEARNED_FROM)).all()


def _keep(parts: Parts, session: Session, row: HearingRow, spoken: _Spoken, verdict: Verdict, *, is_odd: bool) -> None:
    now, said = parts.database.now_ms(session), spoken.row
    place = {"clip_id": row.clip_id, "revision": row.revision, "position": said.position}
    kept = HeardSentenceRow(site=row.site, segment_key=said.segment_key, **place)
    kept.voice, kept.language, kept.score, kept.heard_ms = spoken.voice, said.language, verdict.score, now
    session.add(kept)
    if not is_odd:
        return
    odd = OddSentence(site=row.site, language=said.language, voice=spoken.voice, written=spoken.written)
    case = case_for(parts, session, odd)
    kept.text, kept.case_id = verdict.heard, case.id
    weigh_case(session, case, now)
    _count_case(session, row)


def _count_case(session: Session, row: HearingRow) -> None:
    hearing = session.get(HearingRow, (row.clip_id, row.revision), with_for_update=True)
    if hearing is not None:
        hearing.cases += 1


def _is_open(session: Session, case_id: str | None) -> bool:
    """Whether a case waits for staff: its sentence must not be published unheard in the article's next version."""
    case = session.get(CaseRow, case_id) if case_id else None
    return case is not None and case.state in OPEN


def _put_back(parts: Parts, claimed: Claim[HearingRow], position: int, *, wait_ms: int, tries: int = 0) -> None:
    with parts.database.writing() as session:
        due_ms = parts.database.now_ms(session) + wait_ms
        settle(session, claimed, position=position, due_ms=due_ms, tries=tries)


def _finish(parts: Parts, claimed: Claim[HearingRow]) -> None:
    """Publish before the row is settled: a worker that dies in between leaves both to the next one."""
    with parts.database.reading() as session:
        row = session.get(HearingRow, claimed.key)
        publishes = row is not None and row.publishes and not row.cases
    if publishes:
        clip_id, revision = claimed.key
        try:
            release_held(parts, clip_id, who=SERVICE, revision=revision)
        except (Conflict, NotFound) as error:  # staff were quicker, or it was withdrawn
            log.info("%s isn't published by its hearing: %s", claimed.name, error.message)
    with parts.database.writing() as session:
        settle(session, claimed, due_ms=None)
