"""The list of articles with their clips: which ones, in which state, and what is wrong with the failed ones."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal_column, or_, select
from sqlalchemy.orm import Session

from tts_service.access.sites import Sites, within
from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow, JobRow, ListeningRow, ReportRow
from tts_service.db.tables.listeners import OPEN
from tts_service.jobs.clip_words import search_clips
from tts_service.jobs.publish import HELD

STATES = ("held", "failed", "rendering", "ready", "withdrawn")
_AT_WORK = ("queued", "running")
_IS_HELD = ClipRevisionRow.state == literal_column(f"'{HELD}'")
"""Written out, as the index of held revisions needs it."""
_BEGINNING = func.substr(ClipRevisionRow.blocks[0]["text"].as_string(), 1, 200)
"""The beginning of the text, for articles without a title."""
_TITLE = 80
"""Characters of a title made of first words."""
_MOST_FOUND = 500
"""Clips that are found by words of their text, newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFilter:
    """Which articles; None: any."""

    state: str | None = None
    """One of STATES."""
    site: str | None = None
    words: str | None = None
    """Words of the text, part of the title or the address, or an id of the article or its clip."""
    sites: Sites = None
    """The sites that the person sees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedArticle:
    """A line of the list."""

    id: str
    site: str
    external_id: str
    title: str
    clip_id: str
    state: str
    """One of STATES: what matters most to staff."""
    audible: bool
    """Whether listeners hear a version."""
    visibility: str
    withdrawn_by: str | None
    language: str | None
    voice: str | None
    duration_ms: int | None
    versions: int
    job_id: str
    done: int
    total: int | None
    failure: dict[str, Any] | None
    """The newest job's error: code, title, detail, and the sentence where one is at fault."""
    sentence: str | None
    """The sentence at fault."""
    at_ms: int
    """When the newest version was asked for."""
    reports: int
    starts: int


def list_articles(session: Session, wanted: ArticleFilter, *, below: str | None, most: int) -> list[ListedArticle]:
    """Articles by their newest job, newest first; `below`: only those before this job. In six statements at most."""
    query = _query().where(within(wanted.sites, JobRow.site), *_conditions(session, wanted))
    query = query.where(JobRow.id < below) if below else query
    newest = query.order_by(JobRow.id.desc()).limit(most)
    # Each state's jobs lie in order in an index, those of two don't.
    each = [newest.where(JobRow.state == one) for one in _AT_WORK] if wanted.state == "rendering" else [newest]
    found = [row for one in each for row in session.execute(one)]
    rows = sorted(found, key=lambda row: row.job_id, reverse=True)[:most]
    clips = [row.clip_id for row in rows]
    reports = _counts(
        session,
        select(ReportRow.clip_id, func.count()).where(ReportRow.clip_id.in_(clips), ReportRow.state.in_(OPEN)),
        ReportRow.clip_id,
    )
    started = (ListeningRow.clip_id.in_(clips), ListeningRow.what == "start")
    starts = _counts(
        session, select(ListeningRow.clip_id, func.sum(ListeningRow.times)).where(*started), ListeningRow.clip_id
    )
    sentences = _sentences(session, rows)
    return [
        _listed(row, sentences.get(row.clip_id), reports.get(row.clip_id, 0), starts.get(row.clip_id, 0))
        for row in rows
    ]


def count_states(session: Session, wanted: ArticleFilter) -> dict[str, int]:
    """How many articles wait for release, and how many failed: what staff have to look at."""
    held = select(func.count(ClipRevisionRow.clip_id.distinct())).join(ClipRow, ClipRow.id == ClipRevisionRow.clip_id)
    held = held.join(ArticleRow, ArticleRow.id == ClipRow.article_id).where(_IS_HELD)
    newest = and_(ClipRow.id == JobRow.clip_id, ClipRow.last_revision == JobRow.revision)
    failed = select(func.count()).select_from(JobRow).join(ClipRow, newest)
    failed = failed.join(ArticleRow, ArticleRow.id == JobRow.article_id).where(JobRow.state == "failed")
    shown = (within(wanted.sites, ArticleRow.site), ArticleRow.withdrawn_ms.is_(None))
    return {
        "held": session.scalar(held.where(*shown)) or 0,
        "failed": session.scalar(failed.where(*shown)) or 0,
    }


def _query() -> Select[*tuple[Any, ...]]:
    shown = and_(
        ClipRevisionRow.clip_id == ClipRow.id,
        ClipRevisionRow.revision == func.coalesce(ClipRow.current_revision, ClipRow.last_revision),
    )
    return (
        select(
            ArticleRow.id,
            ArticleRow.site,
            ArticleRow.external_id,
            ArticleRow.title,
            ArticleRow.visibility,
            ArticleRow.withdrawn_ms,
            ArticleRow.withdrawn_by,
            ClipRow.id.label("clip_id"),
            ClipRow.state.label("clip_state"),
            ClipRow.current_revision,
            ClipRow.last_revision,
            ClipRevisionRow.title.label("spoken_title"),
            case(
                (func.coalesce(ArticleRow.title, ClipRevisionRow.title, "") == "", _BEGINNING),
            ).label("beginning"),
            ClipRevisionRow.language,
            ClipRevisionRow.voice,
            ClipRevisionRow.duration_ms,
            JobRow.id.label("job_id"),
            JobRow.state.label("job_state"),
            JobRow.voice.label("wanted_voice"),
            JobRow.done,
            JobRow.total,
            JobRow.error,
            JobRow.created_ms,
            _held().label("held"),
        )
        .select_from(JobRow)
        .join(ClipRow, and_(ClipRow.id == JobRow.clip_id, ClipRow.last_revision == JobRow.revision))
        .join(ArticleRow, ArticleRow.id == JobRow.article_id)
        .outerjoin(ClipRevisionRow, shown)
    )


def _conditions(session: Session, wanted: ArticleFilter) -> Iterable[ColumnElement[bool]]:
    if wanted.site:
        yield JobRow.site == wanted.site  # of which an index is in the order of the list
    if wanted.state:
        yield _in_state(wanted.state)
    if wanted.words:
        part = wanted.words.strip()
        parts = [column.icontains(part, autoescape=True) for column in (ArticleRow.title, ArticleRow.url)]
        named = (ArticleRow.external_id == part, ArticleRow.id == part, ClipRow.id == part)
        sites = (wanted.site,) if wanted.site else wanted.sites
        spoken = search_clips(session, part, sites, most=_MOST_FOUND)
        yield or_(*parts, *named, ClipRow.id.in_(spoken))


def _in_state(state: str) -> ColumnElement[bool]:
    offline = or_(ArticleRow.withdrawn_ms.is_not(None), ClipRow.state == "withdrawn")
    if state == "withdrawn":
        return offline
    found = {
        "held": _held(),
        # A failed clip's newest job failed or was cancelled: said first, an index finds these few.
        "failed": and_(
            JobRow.state.in_(("failed", "cancelled")), or_(JobRow.state == "failed", ClipRow.state == "failed")
        ),
        "rendering": JobRow.state.in_(_AT_WORK),
        "ready": ClipRow.current_revision.is_not(None),
    }
    return and_(~offline, found[state]) if state in found else ClipRow.id.is_(None)


def _held() -> ColumnElement[bool]:
    return exists().where(ClipRevisionRow.clip_id == ClipRow.id, _IS_HELD).correlate(ClipRow)


def _counts(session: Session, query: Select[*tuple[Any, ...]], by: Any) -> dict[str, int]:
    return {name: int(count) for name, count in session.execute(query.group_by(by))}


def _sentences(session: Session, rows: Iterable[Any]) -> dict[str, str]:
    """The sentences that no voice could speak, as written, by clip."""
    at_fault = {row.clip_id: row for row in rows if row.job_state == "failed" and "block" in (row.error or {})}
    if not at_fault:
        return {}
    places = [
        and_(ClipRevisionRow.clip_id == clip, ClipRevisionRow.revision == row.last_revision)
        for clip, row in at_fault.items()
    ]
    found = {}
    query = select(ClipRevisionRow.clip_id, ClipRevisionRow.blocks).where(or_(*places))
    for clip_id, blocks in session.execute(query):
        error = at_fault[clip_id].error
        if error["block"] < len(blocks):
            found[clip_id] = blocks[error["block"]]["text"][error["start"] : error["end"]]
    return found


def _listed(row: Any, sentence: str | None, reports: int, starts: int) -> ListedArticle:
    voice = (row.voice or {}).get("id") or row.wanted_voice
    return ListedArticle(
        id=row.id,
        site=row.site,
        external_id=row.external_id,
        title=row.title or row.spoken_title or first_words(row.beginning or ""),
        clip_id=row.clip_id,
        state=article_state(
            withdrawn=row.withdrawn_ms is not None or row.clip_state == "withdrawn",
            held=bool(row.held),
            audible=row.current_revision is not None,
            job=row.job_state,
        ),
        audible=row.current_revision is not None,
        visibility=row.visibility,
        withdrawn_by=row.withdrawn_by,
        language=row.language,
        voice=voice,
        duration_ms=row.duration_ms,
        versions=row.last_revision,
        job_id=row.job_id,
        done=row.done,
        total=row.total,
        failure=row.error if row.job_state == "failed" else None,
        sentence=sentence,
        at_ms=row.created_ms,
        reports=reports,
        starts=starts,
    )


def first_words(text: str) -> str:
    """What an article without a title is called."""
    return textwrap.shorten(text, _TITLE, placeholder=" …") or text[:_TITLE]


def article_state(*, withdrawn: bool, held: bool, audible: bool, job: str) -> str:
    """One of STATES: what matters most to staff."""
    if withdrawn:
        return "withdrawn"
    if job in _AT_WORK:
        return "rendering"
    if job == "failed":
        return "failed"
    if held:
        return HELD
    return "ready" if audible else "failed"
