"""Which revisions, jobs and texts of a clip are still needed, from its rows. See docs/operations.md."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Executable, exists, select
from sqlalchemy.orm import Session

from tts_service.corrections.follow_up import OPEN
from tts_service.db.tables import (
    ArticleRevisionRow,
    ArticleRow,
    ClipRevisionRow,
    ClipRow,
    CorrectionClipRow,
    CorrectionRow,
    JobRow,
    ReportRow,
)
from tts_service.values.moments import DAY_MS
from tts_service.values.site_options import SiteOptions

LIVE_GRACE_MS = DAY_MS
"""How long live pieces are kept after their job: for listeners who paused overnight. No clip is as long."""
UNFINISHED = ("queued", "running")


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionFacts:
    """A revision of a clip."""

    clip_id: str
    revision: int
    state: str
    live_kept: bool
    unneeded_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFacts:
    """A job of a clip."""

    clip_id: str
    id: str
    revision: int
    text_id: str
    state: str
    finished_ms: int | None
    from_revision: int | None
    """The revision that was heard when it was queued, for one that revises it."""
    from_source: int | None
    """The revision whose sentences it copies, where that is another one."""
    awaited: bool
    """Whether a correction waits for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipRecord:
    """What decides about the parts of a clip."""

    id: str
    site: str
    state: str
    current: int | None
    revisions: tuple[RevisionFacts, ...]
    jobs: tuple[JobFacts, ...]
    texts: tuple[str, ...]
    """Ids of the article's texts, oldest first."""
    wanted: frozenset[int]
    """Revisions that an open report or an unfinished correction is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipVerdict:
    """What changes in a clip."""

    marked: tuple[int, ...] = ()
    """Revisions that nothing needs any more: their time begins."""
    unmarked: tuple[int, ...] = ()
    """Marked ones that are needed again."""
    gone: tuple[int, ...] = ()
    """Revisions whose time is over."""
    without_live: tuple[int, ...] = ()
    """Other revisions whose live pieces go."""
    jobs: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        return self == _NOTHING


_NOTHING = ClipVerdict()
_Facts = TypeVar("_Facts", RevisionFacts, JobFacts)


def verdict_on(clip: ClipRecord, keep: SiteOptions, now_ms: int) -> ClipVerdict:
    """Decides what of a clip is marked and what is deleted now."""
    needed = needed_revisions(clip, keep.keep_revisions)
    old_ms = now_ms - keep.keep_audio_days * DAY_MS
    spare = [one for one in clip.revisions if one.revision not in needed]
    gone = {one.revision for one in spare if one.unneeded_ms is not None and one.unneeded_ms <= old_ms}
    ended = {job.revision: job.finished_ms or 0 for job in clip.jobs if job.state not in UNFINISHED}
    unfinished = {job.revision for job in clip.jobs if job.state in UNFINISHED}
    jobs = _jobs_gone(clip, {one.revision for one in clip.revisions} - gone, now_ms - keep.keep_jobs_days * DAY_MS)
    used = {job.text_id for job in clip.jobs if job.id not in jobs}
    return ClipVerdict(
        marked=tuple(one.revision for one in spare if one.unneeded_ms is None),
        unmarked=tuple(
            one.revision for one in clip.revisions if one.revision in needed and one.unneeded_ms is not None
        ),
        gone=tuple(sorted(gone)),
        without_live=tuple(
            one.revision
            for one in clip.revisions
            if one.live_kept
            and one.revision not in gone | unfinished
            and ended.get(one.revision, 0) <= now_ms - LIVE_GRACE_MS
        ),
        jobs=tuple(sorted(jobs)),
        texts=tuple(text for text in clip.texts[:-1] if text not in used),
    )


def needed_revisions(clip: ClipRecord, least: int) -> frozenset[int]:
    """The revisions that are kept however old they are; `least`: number of earlier finished ones among them."""
    needed = set(clip.wanted)
    if clip.state != "withdrawn":
        needed |= {clip.current or 0, max((one.revision for one in clip.revisions), default=0)}
        needed |= {one.revision for one in clip.revisions if one.state == "held"}
    finished = [one.revision for one in clip.revisions if one.state == "ready" and one.revision != clip.current]
    needed |= set(sorted(finished, reverse=True)[:least])
    for job in clip.jobs:
        if job.state in UNFINISHED:
            needed |= {job.revision, job.from_revision or 0}
    # A recording has no sentences: taking it back needs those that it took the place of.
    for job in sorted(clip.jobs, key=lambda job: -job.revision):
        if job.revision in needed:
            needed.add(job.from_source or 0)
    return frozenset(needed)


def _jobs_gone(clip: ClipRecord, kept: Collection[int], old_ms: int) -> frozenset[str]:
    """Jobs that ended before `old_ms`; those of kept revisions stay, and the newest, which says how the article was
    last wanted."""
    newest = {max((job.revision for job in clip.jobs), default=0)}
    newest |= {max((job.revision for job in clip.jobs if job.text_id == text), default=0) for text in clip.texts[-1:]}
    return frozenset(
        job.id
        for job in clip.jobs
        if job.state not in UNFINISHED
        and (job.finished_ms or 0) <= old_ms
        and job.revision not in newest
        and job.revision not in kept
        and not job.awaited
    )


def clip_facts(session: Session, clip_ids: Collection[str]) -> list[ClipRecord]:
    """The facts of some clips, in the order of their ids."""
    columns = (ClipRow.id, ClipRow.article_id, ClipRow.state, ClipRow.current_revision, ArticleRow.site)
    found = select(*columns).join(ArticleRow, ArticleRow.id == ClipRow.article_id).where(ClipRow.id.in_(clip_ids))
    clips = session.execute(found.order_by(ClipRow.id)).all()
    revisions = _by_clip(session, RevisionFacts, _REVISIONS.where(ClipRevisionRow.clip_id.in_(clip_ids)))
    jobs = _by_clip(session, JobFacts, _JOBS.where(JobRow.clip_id.in_(clip_ids)))
    text = ArticleRevisionRow
    of_articles = text.article_id.in_([clip.article_id for clip in clips])
    texts: dict[str, list[str]] = {}
    for row in session.execute(select(text.article_id, text.id).where(of_articles).order_by(text.id)):
        texts.setdefault(row.article_id, []).append(row.id)
    wanted = _wanted(session, clip_ids)
    return [
        ClipRecord(
            id=clip.id,
            site=clip.site,
            state=clip.state,
            current=clip.current_revision,
            revisions=tuple(revisions.get(clip.id, ())),
            jobs=tuple(jobs.get(clip.id, ())),
            texts=tuple(texts.get(clip.article_id, ())),
            wanted=frozenset(wanted.get(clip.id, ())),
        )
        for clip in clips
    ]


_REVISIONS = select(
    ClipRevisionRow.clip_id,
    ClipRevisionRow.revision,
    ClipRevisionRow.state,
    ClipRevisionRow.live_kept,
    ClipRevisionRow.unneeded_ms,
)
_JOBS = select(
    JobRow.clip_id,
    JobRow.id,
    JobRow.revision,
    JobRow.article_revision_id.label("text_id"),
    JobRow.state,
    JobRow.finished_ms,
    JobRow.basis["revision"].as_integer().label("from_revision"),
    JobRow.basis["source"].as_integer().label("from_source"),
    exists()
    .where(
        CorrectionClipRow.clip_id == JobRow.clip_id,
        CorrectionClipRow.job_id == JobRow.id,
        CorrectionClipRow.state.in_(OPEN),
    )
    .label("awaited"),
)


def _by_clip(session: Session, make: type[_Facts], query: Executable) -> dict[str, list[_Facts]]:
    found: dict[str, list[_Facts]] = {}
    for row in session.execute(query).mappings():
        found.setdefault(row["clip_id"], []).append(make(**row))
    return found


def _wanted(session: Session, clip_ids: Collection[str]) -> dict[str, set[int]]:
    """By clip: the revisions that open reports, or corrections still being carried out, are about."""
    report, corrected = ReportRow, CorrectionClipRow
    open_reports = select(report.clip_id, report.revision, report.now_revision).where(
        report.clip_id.in_(clip_ids), report.settled_ms.is_(None)
    )
    unfinished = (
        select(corrected.clip_id, corrected.from_revision, corrected.to_revision)
        .join(CorrectionRow, CorrectionRow.id == corrected.correction_id)
        .where(corrected.clip_id.in_(clip_ids), CorrectionRow.state == "rendering")
    )
    found: dict[str, set[int]] = {}
    for query in (open_reports, unfinished):
        for clip_id, *numbers in session.execute(query):
            found.setdefault(clip_id, set()).update(number for number in numbers if number is not None)
    return found
