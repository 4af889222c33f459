"""How much a case weighs: reports, plays and freshness in one number, counted again while reports and plays come in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session, aliased, defer

from tts_service.db.tables import ArticleRevisionRow, CaseRow, HeardSentenceRow, JobRow, ListeningRow, ReportRow
from tts_service.db.tables.listeners import OPEN
from tts_service.parts import Parts

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
    session.flush()
    _weigh(case, _popularity(session, [case.id], now_ms))


def recount(parts: Parts, after: str = "") -> str:
    """Count the plays of some open cases again, in the order of their ids from `after` on. Returns where to go on; ""
    when all are counted."""
    due = select(CaseRow.id).where(CaseRow.state.in_(OPEN), CaseRow.id > after).order_by(CaseRow.id).limit(_PER_TURN)
    with parts.database.reading() as session:
        ids = session.scalars(due).all()
        found = _popularity(session, ids, parts.database.now_ms(session))
    # In a transaction of their own: others write while this counts.
    with parts.database.writing() as session:
        query = select(CaseRow).where(CaseRow.id.in_(ids)).options(defer(CaseRow.undo)).order_by(CaseRow.id)
        for case in session.scalars(query.with_for_update()):
            _weigh(case, found)
    return ids[-1] if len(ids) == _PER_TURN else ""


@dataclass(frozen=True, slots=True)
class _Popularity:
    """Of some cases, by id."""

    plays: dict[str, int]
    breaking: frozenset[str]


def _popularity(session: Session, case_ids: Sequence[str], now_ms: int) -> _Popularity:
    reported = select(ReportRow.case_id, ReportRow.clip_id).where(ReportRow.case_id.in_(case_ids))
    heard = select(HeardSentenceRow.case_id, HeardSentenceRow.clip_id).where(HeardSentenceRow.case_id.in_(case_ids))
    clips = union(reported, heard).subquery()
    starts = (
        select(clips.c.case_id, func.sum(ListeningRow.times).label("plays"))
        .join(ListeningRow, ListeningRow.clip_id == clips.c.clip_id)
        .where(ListeningRow.what == "start")
        .group_by(clips.c.case_id)
    )
    # Only the first job of a text: what staff have made of it later hurries for them, which makes no news of it.
    text, other, earlier = ArticleRevisionRow, aliased(JobRow), aliased(ArticleRevisionRow)
    before = (
        select(other.id)
        .join(earlier, earlier.id == other.article_revision_id)
        .where(other.clip_id == JobRow.clip_id, other.revision < JobRow.revision)
        .where(earlier.content_hash == text.content_hash)
        .exists()
    )
    breaking = (
        select(clips.c.case_id)
        .join(JobRow, JobRow.clip_id == clips.c.clip_id)
        .join(text, text.id == JobRow.article_revision_id)
        .where(JobRow.queue == "breaking", JobRow.created_ms > now_ms - BREAKING_MS, ~before)
        .distinct()
    )
    return _Popularity(
        plays={row.case_id: int(row.plays) for row in session.execute(starts)},
        breaking=frozenset(session.scalars(breaking)),
    )


def _weigh(case: CaseRow, found: _Popularity) -> None:
    case.plays, case.breaking = found.plays.get(case.id, 0), case.id in found.breaking
    case.rank = rank_of(case.reports, case.plays, case.last_ms)
