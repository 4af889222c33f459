"""The outcome of a report for its sender: the correcting revision, with the sound before and after, or the reason."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.db.tables import ClipRevisionRow, ReportRow, UtteranceRow

_NEAR = 40
"""Sentences around the old place in which a changed sentence is looked for."""
_ALIKE = 0.6
"""Part of two sentences that has to be the same for one to be the other's new wording (difflib's ratio)."""
_MARGIN_S = 0.05
"""Heard before and after a sentence: a player doesn't stop to the millisecond."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOutcome:
    """How a settled report ended. All empty: it is open, or its correction isn't rendered yet."""

    revision: int | None = None
    """The clip revision with the correction."""
    at_ms: int | None = None
    """When that one was finished, milliseconds since 1970."""
    reason: str | None = None
    """Why nothing was changed, in the newsroom's words."""
    before: str | None = None
    """Address of the sentence as it was reported; None: that revision can't be heard any more."""
    after: str | None = None
    """Address of the sentence as it is spoken now."""


def outcome_of(session: Session, report: ReportRow, *, heard: bool = False) -> ReportOutcome:
    """The outcome of a report; `heard`: with the sound of before and after, which whoever asks may hear."""
    if report.state == "rejected":
        return ReportOutcome(reason=report.note or None)
    found = _correction(session, report) if report.state == "corrected" else None
    if found is None:
        return ReportOutcome()
    before = after = None
    if heard:
        old = session.get(ClipRevisionRow, (report.clip_id, report.revision))
        before = _sound(session, old, report.utterance) if old is not None else None
        after = _sound(session, found, reported_position(session, found, report))
    return ReportOutcome(revision=found.revision, at_ms=found.ready_ms, before=before, after=after)


def reported_position(session: Session, revision: ClipRevisionRow, report: ReportRow) -> int | None:
    """Position in a revision of the sentence that was reported in an older one; None: it isn't there any more."""
    if report.utterance is None:
        return None
    mine = (UtteranceRow.clip_id == revision.clip_id, UtteranceRow.revision == revision.revision)
    rows = session.scalars(select(UtteranceRow).where(*mine).order_by(UtteranceRow.position)).all()
    near = sorted(rows, key=lambda row: abs(row.position - (report.utterance or 0)))
    texts = {row.position: revision.blocks[row.block]["text"][row.start : row.end] for row in near}
    for position, text in texts.items():
        if text == report.sentence:
            return position
    likest = max(
        (
            (_likeness(report.sentence, texts[row.position]), -place, row.position)
            for place, row in enumerate(near[:_NEAR])
        ),
        default=(0.0, 0, 0),
    )
    return likest[2] if likest[0] >= _ALIKE else None


def _correction(session: Session, report: ReportRow) -> ClipRevisionRow | None:
    """The finished revision that corrects a report: the one that staff named, or the first since they settled it; if
    that isn't kept any more, the next one."""
    ready = [
        ClipRevisionRow.clip_id == report.clip_id,
        ClipRevisionRow.ready_ms.is_not(None),
        ClipRevisionRow.state != "held",
    ]
    if report.corrected_revision is not None:
        wanted = [ClipRevisionRow.revision >= report.corrected_revision]
    else:
        wanted = [ClipRevisionRow.revision > report.revision, ClipRevisionRow.ready_ms >= (report.settled_ms or 0)]
    query = select(ClipRevisionRow).where(*ready, *wanted).order_by(ClipRevisionRow.revision).limit(1)
    return session.scalars(query).one_or_none()


def _sound(session: Session, revision: ClipRevisionRow, position: int | None) -> str | None:
    if revision.state != "ready" or position is None:
        return None
    row = session.get(UtteranceRow, (revision.clip_id, revision.revision, position))
    return sentence_sound(revision, row) if row is not None else None


def sentence_sound(revision: ClipRevisionRow, row: UtteranceRow) -> str | None:
    """Address of a sentence's sound in a finished revision (Media Fragments URI 1.0, 4.2.1); None: it has none."""
    if not revision.renditions or row.start_sample is None:
        return None
    formats = [made["format"] for made in revision.renditions]
    form = "mp3" if "mp3" in formats else formats[0]
    start = row.start_sample / revision.sample_rate_hz
    end = start + (row.samples or 0) / revision.sample_rate_hz
    within = f"#t={max(0.0, start - _MARGIN_S):.2f},{end + _MARGIN_S:.2f}"
    return f"/v1/clips/{revision.clip_id}/r/{revision.revision}/audio.{form}{within}"


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= _ALIKE else 0.0
