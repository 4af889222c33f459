"""Figures of the desk over a period: reports, corrections, clips, listening, and the queue now.

Aggregated by the database in a bounded number of statements. Counts of listeners below FEW are not shown
(listeners/listening/figures.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from tts_service.access.sites import Sites, within
from tts_service.db.session import Database
from tts_service.db.tables import ArticleRow, CaseRow, ClipRow, JobRow, ListeningRow, ReportRow
from tts_service.db.tables.listeners import OPEN
from tts_service.listeners.listening.counting import day_of
from tts_service.listeners.listening.figures import FEW
from tts_service.values.moments import DAY_MS

PERIODS = (28, 84, 364)
"""Lengths of a period in days; more than the first are counted by weeks."""
MOST_WORDS = 10
AGES_DAYS = (1, 7, 30)
"""Bounds of the ages of open cases."""
_HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A day or a week of the period."""

    day: str
    """Its first day, UTC."""
    reports: int
    listens: int | None
    """Starts; None: fewer than FEW."""
    clips: int
    """Articles that came then and whose clip has been published."""

    @property
    def reports_per_1000(self) -> float | None:
        """Reports per 1,000 listens; None: too few listens."""
        return round(1000 * self.reports / self.listens, 2) if self.listens else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedWord:
    """A word, and how often it was reported in the period."""

    word: str
    language: str
    reports: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Jobs now."""

    running: int
    waiting: int
    """Due, and not begun."""
    oldest_s: int | None
    """Seconds since the longest waiting one was due; None: none waits."""
    failed: int
    """In the last 24 hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The figures of some sites."""

    days: int
    span_days: int
    """Length of each span: 1 or 7."""
    spans: tuple[Span, ...]
    """Oldest first."""
    reports: int
    listens: int | None
    heard_to_end: float | None
    """Share of listens that reached the end, 0 to 1; None: too few listens."""
    corrected: int
    """Cases corrected in the period."""
    fix_median_h: float | None
    """Hours from a case's first report to its correction; None: none was corrected."""
    fix_p90_h: float | None
    open_by_age: Mapping[str, int]
    """Open cases by age: under 1, 7 and 30 days, and older."""
    words: tuple[ReportedWord, ...]
    clips: int
    """Clips that can be heard."""
    never_reported: float | None
    """Share of these about which there is no report, 0 to 1; None: there are none."""
    queue: Queue

    @property
    def reports_per_1000(self) -> float | None:
        """Reports per 1,000 listens in the period; None: too few listens."""
        return round(1000 * self.reports / self.listens, 2) if self.listens else None

    @property
    def open(self) -> int:
        """Open cases."""
        return sum(self.open_by_age.values())


@dataclass(frozen=True, slots=True)
class _Period:
    """Whole days, UTC."""

    first: date
    days: int
    until_now: bool
    """Whether there is nothing behind it: a bound there makes SQLite take an index that costs several times as much."""

    def day(self, offset: int) -> str:
        return (self.first + timedelta(days=offset)).isoformat()

    def has(self, column: Any) -> ColumnElement[bool]:
        """Whether a time in milliseconds lies in it."""
        since_ms = (self.first - date(1970, 1, 1)).days * DAY_MS
        return self.within(column, since_ms, since_ms + self.days * DAY_MS)

    def within(self, column: Any, since: object, until: object) -> ColumnElement[bool]:
        """The same of a column in another form, from its values at the beginning and behind the end."""
        return column >= since if self.until_now else and_(column >= since, column < until)


def overview(
    database: Database, session: Session, sites: Sites, days: int = PERIODS[0], *, last: date | None = None
) -> Overview:
    """The figures of these sites (None: of all) over some days; `last`: the last of them, None: today."""
    now_ms = database.now_ms(session)
    span_days = 1 if days <= PERIODS[0] else 7
    first = (last or date.fromisoformat(day_of(now_ms))) - timedelta(days=days - 1)
    period = _Period(first=first, days=days, until_now=last is None)
    reports = _by_day(session, ReportRow.created_ms, period, within(sites, ReportRow.site))
    clips = _clips_by_day(session, sites, period)
    starts, ends = _listens(session, sites, period)
    listens = sum(starts.values())
    heard, reported = _clips(session, sites)
    corrected, median, p90 = _fixes(session, sites, period)
    return Overview(
        days=days,
        span_days=span_days,
        spans=tuple(_spans(period, span_days, reports=reports, starts=starts, clips=clips)),
        reports=sum(reports.values()),
        listens=listens if listens >= FEW else None,
        heard_to_end=round(min(1.0, ends / listens), 3) if listens >= FEW else None,
        corrected=corrected,
        fix_median_h=median,
        fix_p90_h=p90,
        open_by_age=_open_by_age(session, sites, now_ms),
        words=_words(session, sites, period),
        clips=heard,
        never_reported=round(1 - reported / heard, 4) if heard else None,
        queue=_queue(session, sites, now_ms),
    )


def _spans(
    period: _Period, length: int, *, reports: Counter[str], starts: Counter[str], clips: Counter[str]
) -> Iterator[Span]:
    for offset in range(0, period.days, length):
        span = [period.day(offset + day) for day in range(length)]
        listens = sum(starts[day] for day in span)
        yield Span(
            day=span[0],
            reports=sum(reports[day] for day in span),
            listens=listens if listens >= FEW else None,
            clips=sum(clips[day] for day in span),
        )


def _by_day(session: Session, column: Any, period: _Period, *conditions: ColumnElement[bool]) -> Counter[str]:
    """Rows per UTC day of a time in milliseconds."""
    # SQLAlchemy's own / divides to a fraction; both databases divide whole numbers to a whole one.
    day = column.op("/")(DAY_MS).label("number")
    query = select(day, func.count()).where(period.has(column), *conditions).group_by("number")
    return Counter({day_of(int(number) * DAY_MS): count for number, count in session.execute(query)})


def _clips_by_day(session: Session, sites: Sites, period: _Period) -> Counter[str]:
    published = ClipRow.current_revision.is_not(None)  # also of one that was withdrawn since
    mine = select(ArticleRow.id).where(ArticleRow.id == ClipRow.article_id, within(sites, ArticleRow.site)).exists()
    return _by_day(session, ClipRow.created_ms, period, published, *(() if sites is None else (mine,)))


def _listens(session: Session, sites: Sites, period: _Period) -> tuple[Counter[str], int]:
    """(starts by day, how many heard the end)."""
    row = ListeningRow
    days = period.within(row.day, period.day(0), period.day(period.days))
    query = select(row.day, row.what, func.sum(row.times)).where(days, row.what.in_(("start", "end")))
    if sites is not None:
        query = query.join(ClipRow, ClipRow.id == row.clip_id).join(ArticleRow, ArticleRow.id == ClipRow.article_id)
        query = query.where(within(sites, ArticleRow.site))
    starts: Counter[str] = Counter()
    ends = 0
    for day, what, times in session.execute(query.group_by(row.day, row.what)):
        if what == "start":
            starts[day] += int(times)
        else:
            ends += int(times)
    return starts, ends


def _fixes(session: Session, sites: Sites, period: _Period) -> tuple[int, float | None, float | None]:
    """(cases corrected, median and 90th percentile of their hours); by nearest rank, as the database sorts them."""
    took = CaseRow.settled_ms - CaseRow.first_ms
    mine = (CaseRow.state == "corrected", period.has(CaseRow.settled_ms), within(sites, CaseRow.site))
    count = session.scalar(select(func.count()).select_from(CaseRow).where(*mine)) or 0
    if not count:
        return 0, None, None
    ranks = [-(-count * share // 100) - 1 for share in (50, 90)]
    found = [session.scalar(select(took).where(*mine).order_by(took).offset(rank).limit(1)) or 0 for rank in ranks]
    median, p90 = (round(ms / _HOUR_MS, 1) for ms in found)
    return count, median, p90


def _open_by_age(session: Session, sites: Sites, now_ms: int) -> dict[str, int]:
    age = now_ms - CaseRow.first_ms
    group = case(*((age < days * DAY_MS, str(days)) for days in AGES_DAYS), else_="older").label("age")
    query = select(group, func.count()).where(CaseRow.state.in_(OPEN), within(sites, CaseRow.site)).group_by("age")
    found: dict[str, int] = dict(session.execute(query).all())
    return {name: found.get(name, 0) for name in (*map(str, AGES_DAYS), "older")}


def _words(session: Session, sites: Sites, period: _Period) -> tuple[ReportedWord, ...]:
    counted = (
        select(ReportRow.case_id, func.count().label("times"))
        .where(period.has(ReportRow.created_ms), ReportRow.case_id.is_not(None), within(sites, ReportRow.site))
        .group_by(ReportRow.case_id)
        .subquery()
    )
    total = func.sum(counted.c.times)
    query = (
        select(CaseRow.written, CaseRow.language, total)
        .join(counted, counted.c.case_id == CaseRow.id)
        .where(CaseRow.kind == "word", CaseRow.written != "")
        .group_by(CaseRow.written, CaseRow.language)
        .order_by(total.desc(), CaseRow.written)
        .limit(MOST_WORDS)
    )
    return tuple(
        ReportedWord(word=word, language=language, reports=int(times))
        for word, language, times in session.execute(query)
    )


def _clips(session: Session, sites: Sites) -> tuple[int, int]:
    """(clips that can be heard, how many of these were ever reported)."""
    reported = select(ReportRow.id).where(ReportRow.clip_id == ClipRow.id).exists()
    query = select(func.count(), func.sum(case((reported, 1), else_=0))).select_from(ClipRow)
    query = query.where(ClipRow.current_revision.is_not(None), ClipRow.state != "withdrawn")
    if sites is not None:
        query = query.join(ArticleRow, ArticleRow.id == ClipRow.article_id).where(within(sites, ArticleRow.site))
    count, with_reports = session.execute(query).one()
    return count, int(with_reports or 0)


def _queue(session: Session, sites: Sites, now_ms: int) -> Queue:
    mine = within(sites, JobRow.site)
    due = (JobRow.state == "queued", JobRow.due_ms <= now_ms, mine)
    waiting, oldest = session.execute(
        select(func.count(), func.min(JobRow.due_ms)).select_from(JobRow).where(*due)
    ).one()
    count = select(func.count()).select_from(JobRow)
    running = session.scalar(count.where(JobRow.state == "running", mine)) or 0
    failed = session.scalar(count.where(JobRow.state == "failed", JobRow.finished_ms >= now_ms - DAY_MS, mine)) or 0
    return Queue(
        running=running,
        waiting=waiting,
        oldest_s=(now_ms - oldest) // 1000 if oldest is not None else None,
        failed=failed,
    )
