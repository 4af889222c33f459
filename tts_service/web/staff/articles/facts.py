"""What the page of one article shows: its versions and why each was made, what is read, reports, listening, lexicon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tts_service.db.tables import (
    ArticleRevisionRow,
    ArticleRow,
    ClipRevisionRow,
    ClipRow,
    JobRow,
    LexiconEntryRow,
    ListeningRow,
    ReportRow,
    UtteranceRow,
)
from tts_service.errors import NotFound
from tts_service.jobs.publish import HELD, held_revision
from tts_service.listeners.listening.figures import FEW
from tts_service.web.staff.articles.listing import article_state, first_words

_VERSIONS = 30
_REPORTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionFacts:
    """One revision of a clip and the job that made it."""

    revision: int
    cause: str
    """first, text, settings (pronunciations, policy or voice), or as ClipRevisionRow.cause says."""
    correction_id: str | None
    state: str
    """The revision's, or the job's where there is no revision."""
    current: bool
    voice: str
    duration_ms: int | None
    audible: bool
    """Whether there is a file to hear."""
    job_id: str
    job_state: str
    spoken: int
    total: int | None
    failure: dict[str, Any] | None
    asked_ms: int
    ready_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceFacts:
    """A sentence of the revision shown."""

    position: int
    block: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFacts:
    """Everything that the page shows."""

    article: ArticleRow
    state: str
    clip: ClipRow | None = None
    """None: nothing was ever sent to be spoken."""
    shown: ClipRevisionRow | None = None
    """The revision whose text the page shows: the held one, otherwise the one that is heard, otherwise the newest."""
    held: int | None = None
    job: JobRow | None = None
    """The newest."""
    versions: Sequence[VersionFacts] = ()
    reports: Sequence[ReportRow] = ()
    starts: int | None = None
    """None: fewer than are ever told apart."""
    ends: int = 0
    entries: Sequence[LexiconEntryRow] = ()
    sentences: Sequence[SentenceFacts] = ()
    """Of the revision shown."""

    @property
    def title(self) -> str:
        return (
            self.article.title
            or (self.shown.title if self.shown else "")
            or self._first_words
            or self.article.external_id
        )

    @property
    def _first_words(self) -> str:
        blocks = self.shown.blocks if self.shown else None
        return first_words(blocks[0]["text"]) if blocks else ""

    @property
    def language(self) -> str:
        return self.shown.language if self.shown else self.article.locale or "en"


def article_facts(session: Session, article_id: str) -> ArticleFacts:
    """Raises NotFound."""
    article = session.get(ArticleRow, article_id)
    if article is None:
        raise NotFound(f"There is no article {article_id[:64]}.")
    clip = session.scalars(select(ClipRow).where(ClipRow.article_id == article_id)).one_or_none()
    own = (LexiconEntryRow.site == article.site, LexiconEntryRow.article == article.external_id)
    entries = list(session.scalars(select(LexiconEntryRow).where(*own).order_by(LexiconEntryRow.id.desc()).limit(200)))
    if clip is None:
        state = "withdrawn" if article.withdrawn_ms is not None else "rendering"
        return ArticleFacts(article=article, state=state, entries=entries)
    held = held_revision(session, clip.id)
    number = held or clip.current_revision or clip.last_revision
    jobs = list(
        session.scalars(
            select(JobRow).where(JobRow.clip_id == clip.id).order_by(JobRow.revision.desc()).limit(_VERSIONS)
        )
    )
    reports = select(ReportRow).where(ReportRow.clip_id == clip.id).order_by(ReportRow.created_ms.desc())
    listened = _listened(session, clip.id)
    starts = listened.get("start", 0)
    newest = jobs[0] if jobs else None
    shown = session.get(ClipRevisionRow, (clip.id, number))
    return ArticleFacts(
        article=article,
        clip=clip,
        state=article_state(
            withdrawn=article.withdrawn_ms is not None or clip.state == "withdrawn",
            held=held is not None,
            audible=clip.current_revision is not None,
            job=newest.state if newest else "",
        ),
        shown=shown,
        sentences=_sentences(session, shown) if shown else (),
        held=held,
        job=newest,
        versions=_versions(session, clip, jobs),
        reports=list(session.scalars(reports.limit(_REPORTS))),
        starts=starts if starts >= FEW else None,
        ends=listened.get("end", 0),
        entries=entries,
    )


def _sentences(session: Session, row: ClipRevisionRow) -> list[SentenceFacts]:
    columns = (UtteranceRow.position, UtteranceRow.block, UtteranceRow.start, UtteranceRow.end)
    mine = (UtteranceRow.clip_id == row.clip_id, UtteranceRow.revision == row.revision)
    found = session.execute(select(*columns).where(*mine).order_by(UtteranceRow.position))
    return [
        SentenceFacts(position=one.position, block=one.block, text=row.blocks[one.block]["text"][one.start : one.end])
        for one in found
        if one.block < len(row.blocks)
    ]


def _listened(session: Session, clip_id: str) -> dict[str, int]:
    mine = (ListeningRow.clip_id == clip_id, ListeningRow.what.in_(("start", "end")))
    query = select(ListeningRow.what, func.sum(ListeningRow.times)).where(*mine).group_by(ListeningRow.what)
    return {what: int(times) for what, times in session.execute(query)}


def _versions(session: Session, clip: ClipRow, jobs: list[JobRow]) -> list[VersionFacts]:
    columns = ClipRevisionRow
    numbers = [job.revision for job in jobs]
    query = select(
        columns.revision,
        columns.cause,
        columns.correction_id,
        columns.state,
        columns.voice,
        columns.duration_ms,
        columns.renditions,
        columns.ready_ms,
    ).where(columns.clip_id == clip.id, columns.revision.in_(numbers))
    rows = {row.revision: row for row in session.execute(query)}
    texts = {job.article_revision_id for job in jobs}
    hashed = select(ArticleRevisionRow.id, ArticleRevisionRow.content_hash).where(ArticleRevisionRow.id.in_(texts))
    hashes: dict[str, str] = {row.id: row.content_hash for row in session.execute(hashed)}
    found = []
    for job, before in zip(jobs, [*jobs[1:], None], strict=True):
        row = rows.get(job.revision)
        cause = row.cause if row else (job.basis or {}).get("cause", "article")
        if cause == "article":
            cause = _why(job, before, hashes)
        voice = (row.voice or {}).get("id", "") if row else job.voice or ""
        found.append(
            VersionFacts(
                revision=job.revision,
                cause=cause,
                correction_id=row.correction_id if row else job.correction_id,
                state=row.state if row and job.state in ("succeeded", "running") else job.state,
                current=job.revision == clip.current_revision,
                voice=voice,
                duration_ms=row.duration_ms if row else None,
                audible=bool(row and row.renditions and row.state in ("ready", HELD, "withdrawn")),
                job_id=job.id,
                job_state=job.state,
                spoken=job.spoken,
                total=job.total,
                failure=job.error,
                asked_ms=job.created_ms,
                ready_ms=row.ready_ms if row else None,
            )
        )
    return found


def _why(job: JobRow, before: JobRow | None, hashes: dict[str, str]) -> str:
    if before is None:
        return "first" if job.revision == 1 else "text"
    same = hashes.get(job.article_revision_id) == hashes.get(before.article_revision_id)
    return "settings" if same else "text"
