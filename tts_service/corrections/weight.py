"""How much a case weighs: reports, plays and freshness in one number, counted again while reports and plays come in."""

from __future__ import annotations

import math

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tts_service.db.tables import CaseRow, JobRow, ListeningRow, ReportRow
from tts_service.parts import Parts

OPEN = ("new", "confirmed")
"""States in which a case waits for staff."""
BREAKING_MS = 24 * 3_600_000
"""An article that was rendered as breaking news counts as such for so long."""
_WEEK_MS = 7 * 24 * 3_600_000
_PER_TURN = 200
"""Cases that are counted again in one transaction."""


def rank_of(reports: int, plays: int, last_ms: int) -> float:
    """Place in the queue, higher first: twice the reports, twice the plays, or a week younger weigh the same."""
    return math.log2(max(1, reports)) + math.log2(1 + max(0, plays)) + last_ms / _WEEK_MS


def count_reports(session: Session, case: CaseRow) -> None:
    """Count a case's reports and articles again, with the first, the last and the most frequent category."""
    session.flush()
    mine = ReportRow.case_id == case.id
    row = session.execute(
        select(
            func.count(),
            func.count(ReportRow.clip_id.distinct()),
            func.min(ReportRow.created_ms),
            func.max(ReportRow.created_ms),
        ).where(mine)
    ).one()
    case.reports, case.articles = row[0], row[1]
    if case.reports:
        case.first_ms, case.last_ms = row[2], row[3]
        often = select(ReportRow.category).where(mine).group_by(ReportRow.category)
        case.category = session.scalars(often.order_by(func.count().desc(), ReportRow.category).limit(1)).one()
    case.rank = rank_of(case.reports, case.plays, case.last_ms)


def count_plays(session: Session, case: CaseRow, now_ms: int) -> None:
    """Count the plays of the reported clips again, and whether one of their articles is breaking news."""
    clips = select(ReportRow.clip_id).where(ReportRow.case_id == case.id).distinct()
    starts = select(func.sum(ListeningRow.times)).where(ListeningRow.clip_id.in_(clips), ListeningRow.what == "start")
    case.plays = int(session.scalar(starts) or 0)
    breaking = select(JobRow.id).where(
        JobRow.clip_id.in_(clips), JobRow.queue == "breaking", JobRow.created_ms > now_ms - BREAKING_MS
    )
    case.breaking = session.scalars(breaking.limit(1)).first() is not None
    case.rank = rank_of(case.reports, case.plays, case.last_ms)


def recount(parts: Parts, after: str = "") -> str:
    """Count the plays of some open cases again, in the order of their ids from `after` on. Returns where to go on; ""
    when all are counted."""
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        due = select(CaseRow).where(CaseRow.state.in_(OPEN), CaseRow.id > after).order_by(CaseRow.id).limit(_PER_TURN)
        cases = session.scalars(due).all()
        for case in cases:
            count_plays(session, case, now)
    return cases[-1].id if len(cases) == _PER_TURN else ""
