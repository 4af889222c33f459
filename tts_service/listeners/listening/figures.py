"""Listening figures for staff; small counts are never shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from tts_service.access.sites import Sites, within
from tts_service.db.session import Database
from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow, ListeningRow, UtteranceRow
from tts_service.errors import NotFound
from tts_service.listeners.listening.counting import LEFT, MILESTONES, SPEED, day_of
from tts_service.values.moments import DAY_MS

FEW = 5
"""Counts below this are never shown: not for a day, a sentence or a revision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """A sentence at which listeners stopped."""

    sentence: int
    """Its position in the revision."""
    text: str
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How a clip, or one revision of it, was listened to. None: fewer than FEW started it, which isn't shown."""

    starts: int | None
    reached: Mapping[str, int]
    """By milestone after the start; empty where `starts` is None."""
    speed: float | None
    """The usual one: at which most played it last."""

    @property
    def completion(self) -> float | None:
        """Share of those who started that heard the end, 0 to 1."""
        return round(min(1.0, self.reached.get("end", 0) / self.starts), 3) if self.starts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipFigures:
    """A clip's figures."""

    clip_id: str
    title: str
    site: str
    all: Figures
    """Over every revision."""
    revisions: Mapping[int, Figures]
    days: tuple[tuple[str, int], ...]
    """(day, starts) of days with FEW or more, newest first."""
    few_days: int
    """Starts on all other days together; 0 where they are fewer than FEW."""
    left: tuple[Leaving, ...]
    """Of the newest revision with enough starts: sentences at which FEW or more stopped, most first."""
    left_elsewhere: int
    """How many stopped at other sentences of it; 0 where they are fewer than FEW."""


def figures_of(session: Session, clip_id: str, since: str = "") -> ClipFigures:
    """A clip's figures from a day on. Raises NotFound."""
    clip = session.execute(_named().where(ClipRow.id == clip_id)).one_or_none()
    if clip is None:
        raise NotFound(f"There is no clip {clip_id[:64]}.")
    rows = session.scalars(select(ListeningRow).where(ListeningRow.clip_id == clip_id, ListeningRow.day >= since)).all()
    return _clip_figures(session, clip, rows, sentences=True)


def figures_of_sites(
    session: Session, sites: Sites, since: str, most: int, *, sentences: bool = False
) -> list[ClipFigures]:
    """The clips that were started most often since a day; `sites` None: of all sites. `sentences`: also those at which
    listeners stopped, for two more statements a clip."""
    row = ListeningRow
    wanted = (
        _named()
        .join(row, row.clip_id == ClipRow.id)
        .where(row.what == "start", row.day >= since, within(sites, ArticleRow.site))
        .group_by(ClipRow.id, ArticleRow.site, ArticleRow.title)
        .order_by(func.sum(row.times).desc(), ClipRow.id)
        .limit(most)
    )
    clips = session.execute(wanted).all()
    rows: dict[str, list[ListeningRow]] = {clip.id: [] for clip in clips}
    for one in session.scalars(select(row).where(row.clip_id.in_(rows), row.day >= since)):
        rows[one.clip_id].append(one)
    return [_clip_figures(session, clip, rows[clip.id], sentences=sentences) for clip in clips]


def _named() -> Select[str, str, str | None]:
    """Clips with what they are called."""
    return select(ClipRow.id, ArticleRow.site, ArticleRow.title).join(ArticleRow, ClipRow.article_id == ArticleRow.id)


def _clip_figures(
    session: Session, clip: Row[str, str, str | None], rows: Sequence[ListeningRow], *, sentences: bool
) -> ClipFigures:
    by_revision = {number: _counts(row for row in rows if row.revision == number) for number in _numbers(rows)}
    told = {number: _figures(counts) for number, counts in by_revision.items()}
    newest = max((number for number, one in told.items() if one.starts is not None), default=None)
    left: tuple[Leaving, ...] = ()
    elsewhere = 0
    if sentences and newest is not None:
        left, elsewhere = _leavings(session, clip.id, newest, by_revision[newest])
    days, few_days = _days(rows)
    return ClipFigures(
        clip_id=clip.id,
        site=clip.site,
        title=clip.title or "",
        all=_figures(_counts(rows)),
        revisions=told,
        days=days,
        few_days=few_days,
        left=left,
        left_elsewhere=elsewhere,
    )


def since_days(database: Database, session: Session, days: int) -> str:
    """The first of the last `days` days, today included."""
    return day_of(database.now_ms(session) - (days - 1) * DAY_MS)


def share_reached(figures: Figures, milestone: str) -> float | None:
    """The part of those who started that got there, 0 to 1; None where it isn't shown."""
    return min(1.0, figures.reached.get(milestone, 0) / figures.starts) if figures.starts else None


def percent(figures: Figures, milestone: str) -> str:
    """The same for people, on the command line; empty where it isn't shown."""
    found = share_reached(figures, milestone)
    return "" if found is None else f"{100 * found:.0f} %"


def _figures(counts: Counter[str]) -> Figures:
    starts = counts["start"]
    if starts < FEW:
        return Figures(starts=None, reached={}, speed=None)
    speeds = {key: times for key, times in counts.items() if key.startswith(SPEED)}
    usual = max(sorted(speeds), key=lambda key: speeds[key], default=None)
    return Figures(
        starts=starts,
        reached={name: counts[name] for name in MILESTONES[1:]},
        speed=float(usual.removeprefix(SPEED)) if usual else None,
    )


def _days(rows: Sequence[ListeningRow]) -> tuple[tuple[tuple[str, int], ...], int]:
    starts: Counter[str] = Counter()
    for row in rows:
        starts[row.day] += row.times if row.what == "start" else 0
    shown = tuple((day, times) for day, times in sorted(starts.items(), reverse=True) if times >= FEW)
    few = sum(starts.values()) - sum(times for _, times in shown)
    return shown, few if few >= FEW else 0


def _leavings(session: Session, clip_id: str, revision: int, counts: Counter[str]) -> tuple[tuple[Leaving, ...], int]:
    left = {int(key.removeprefix(LEFT)): times for key, times in counts.items() if key.startswith(LEFT)}
    often = {position: times for position, times in left.items() if times >= FEW}
    texts = _texts(session, clip_id, revision, often)
    shown = [Leaving(sentence=at, text=texts.get(at, ""), times=often[at]) for at in often]
    elsewhere = sum(left.values()) - sum(often.values())
    shown.sort(key=lambda one: (-one.times, one.sentence))
    return tuple(shown), elsewhere if elsewhere >= FEW else 0


def _texts(session: Session, clip_id: str, revision: int, positions: Mapping[int, int]) -> dict[int, str]:
    row = session.get(ClipRevisionRow, (clip_id, revision))
    if row is None or not positions:
        return {}
    wanted = select(UtteranceRow.position, UtteranceRow.block, UtteranceRow.start, UtteranceRow.end).where(
        UtteranceRow.clip_id == clip_id, UtteranceRow.revision == revision, UtteranceRow.position.in_(positions)
    )
    return {at: str(row.blocks[block]["text"][start:end]) for at, block, start, end in session.execute(wanted)}


def _counts(rows: Iterable[ListeningRow]) -> Counter[str]:
    found: Counter[str] = Counter()
    for row in rows:
        found[row.what] += row.times
    return found


def _numbers(rows: Sequence[ListeningRow]) -> list[int]:
    return sorted({row.revision for row in rows})
