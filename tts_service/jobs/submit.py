"""Accepts an article: validates it, and stores article, revision, clip and job in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, object_session

from tts_service.callbacks.news import clip_ready
from tts_service.db.insert_rows import insert_rows
from tts_service.db.pages import place_article
from tts_service.db.session import new_id
from tts_service.db.tables import ArticleRevisionRow, ArticleRow, ClipRow, JobRow
from tts_service.jobs.acceptable import Wish, require_acceptable
from tts_service.jobs.dispatch import dispatch
from tts_service.jobs.doubts import check_found
from tts_service.jobs.joining import found_before
from tts_service.jobs.locks import lock_clip
from tts_service.jobs.natural_key import content_hash_of, natural_key_with
from tts_service.jobs.order import Reach, follow
from tts_service.jobs.recordings import recording_heard
from tts_service.jobs.revisions import bring_back, replace_waiting, retire, settled_at
from tts_service.jobs.versions import Version, name_version, require_document_open
from tts_service.jobs.visibility import require_keepable, settle_visibility
from tts_service.newsroom.article_settings import ArticleSettings, article_settings
from tts_service.newsroom.quotas import quota_with
from tts_service.newsroom.sites import options_for
from tts_service.parts import Parts
from tts_service.queue.names import JOBS
from tts_service.telemetry.subject import working_on
from tts_service.telemetry.tracing import traced
from tts_service.values import PUBLIC, Article
from tts_service.values.site_options import USUAL

_TRIES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """What submit answers."""

    job_id: str
    created: bool
    """False: the same article, text, voice and settings was already there; nothing is rendered."""


Together = Callable[[Session, Submitted], None]
"""What is kept in the same transaction as the job, also when there was one already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """What _keep is to write."""

    article: Article
    wish: Wish
    content_hash: str
    as_of_ms: int | None
    told_ms: int | None
    version: Version | None
    together: Together | None

    def reach_of(self, row: ArticleRow) -> Reach:
        """Who may hear the article in this state."""
        return Reach.EVERYBODY if (self.article.visibility or row.visibility) == PUBLIC else Reach.SOME


def submit(
    parts: Parts,
    article: Article,
    wish: Wish,
    *,
    as_of_ms: int | None = None,
    told_ms: int | None = None,
    version: Version | None = None,
    together: Together | None = None,
) -> Submitted:
    """Write the job and tell the broker. `as_of_ms`: when the CMS says that the article became so; None: it doesn't.
    `told_ms`: when it told of that (jobs.order). `version`: which language version of a document the article is.

    `together` may raise to undo everything; after an IntegrityError it is called again, with everything.

    Raises EmptyArticle, TooLarge, VoiceNotFound, LanguageNotSpoken, FormatNotKnown, MarkupRefused, AddressRefused,
    Outdated, Conflict (it can't be for whom it says), QuotaExceeded, DatabaseUnavailable; and nothing of it is kept."""
    with working_on(site=article.site, article=article.external_id), traced("submit"):
        return _submit(parts, article, wish, as_of_ms, told_ms, version, together)


def _submit(
    parts: Parts,
    article: Article,
    wish: Wish,
    as_of_ms: int | None,
    told_ms: int | None,
    version: Version | None,
    together: Together | None,
) -> Submitted:
    article = _dated(parts, article)
    require_acceptable(parts, article, wish)
    require_keepable(parts, article, as_of_ms)
    order = _Order(
        article=article,
        wish=wish,
        content_hash=content_hash_of(article),
        as_of_ms=as_of_ms,
        told_ms=told_ms,
        version=version,
        together=together,
    )
    for _ in range(_TRIES - 1):
        try:
            kept = _keep(parts, order)
            break
        except IntegrityError:  # somebody wrote the same article, clip or job a moment before: now it can be found
            continue
    else:
        kept = _keep(parts, order)
    if kept.queue is not None:
        dispatch(parts, [kept.queue], kept.now_ms)
    return kept.submitted


def _dated(parts: Parts, article: Article) -> Article:
    """The article with its dates in a zone: the site's where they have none."""
    dates = (article.published_at, article.publish_at)
    if dates == (None, None):
        return article
    named = all(date is None or date.tzinfo for date in dates)
    options = USUAL if named else options_for(parts.database, article.site)
    return replace(article, published_at=options.dated(dates[0]), publish_at=options.dated(dates[1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """What _keep has written."""

    submitted: Submitted
    queue: str | None
    """Where the job may be due at `now_ms`; None: it isn't due."""
    now_ms: int


def _keep(parts: Parts, order: _Order) -> _Kept:
    """All rows in one transaction, or the job that is there already. Raises IntegrityError when two came at once."""
    article = order.article
    with parts.database.writing() as session:
        settled = article_settings(session, parts.settings, article.site, article.external_id)
        now = parts.database.now_ms(session)
        key = natural_key_with(
            settled,
            site=article.site,
            external_id=article.external_id,
            content_hash=order.content_hash,
            voice=order.wish.voice,
            formats=order.wish.formats,
        )
        quota = quota_with(session, article.site, settled.options)
        row = _article_row(session, order, settled, now)
        reach = order.reach_of(row)
        require_document_open(session, row.site, order.version, order.as_of_ms, reach, order.told_ms)
        follow(row, order.as_of_ms, reach, order.told_ms)
        name_version(row, order.version)
        clip = _clip_row(session, row, now)
        known = _known(parts, session, row, clip, order, key)
        settle_visibility(session, row, clip, article, known, now)
        due = _hurry(parts, known, order, now) if known else True
        if known:
            _file_again(session, known, article)
        if known is None and quota is not None:
            quota.require_bytes(session)
            quota.require_characters(session, len(article.source), now)
        job = known or _new_job(parts, session, row, clip, order, key=key, now=now)
        submitted = Submitted(job_id=job.id, created=known is None)
        if order.together is not None:
            order.together(session, submitted)
        return _Kept(submitted=submitted, queue=job.queue if due else None, now_ms=now)


def _known(parts: Parts, session: Session, row: ArticleRow, clip: ClipRow, order: _Order, key: str) -> JobRow | None:
    """The job that answers for this very text, if there is one: of a withdrawn article, the one that is heard again."""
    if not clip.last_revision:
        return None
    if row.withdrawn_ms is None:
        job = session.scalars(select(JobRow).where(JobRow.live_key == key)).one_or_none()
        # A recording stays while its text does, whatever pronunciations and policy have become.
        job = job or recording_heard(session, clip, order.content_hash)
        if job is None or job.state not in ("queued", "running", "succeeded"):
            return None
        if job.state != "succeeded":  # of one that ended, this very answer tells
            job.callback_url = order.wish.callback_url or job.callback_url
        return job
    retire(session, clip)
    job = None if order.article.publish_at else bring_back(session, clip, key)
    if job is not None:
        row.withdrawn_ms = None
        job.callback_url = order.wish.callback_url
        session.flush()
        if clip.current_revision == job.revision:
            clip_ready(parts, session, job.id)
    return job


def _hurry(parts: Parts, job: JobRow, order: _Order, now: int) -> bool:
    """Give a job that hasn't begun the time and queue that were asked for last. Returns whether it may be due now."""
    if job.state != "queued" or job.slices:
        return False
    if JOBS.index(order.wish.queue) < JOBS.index(job.queue):
        job.queue = order.wish.queue
    embargo = _embargo(order.article, now)
    settled = now if job.queue == "breaking" else now + _settle_ms(parts)
    job.due_ms = min(job.due_ms, settled) if embargo is None else embargo
    return True


def _new_job(
    parts: Parts, session: Session, row: ArticleRow, clip: ClipRow, order: _Order, *, key: str, now: int
) -> JobRow:
    due = _embargo(order.article, now)
    is_first = not clip.last_revision
    if due is None:
        hurried = is_first or order.wish.queue == "breaking" or row.withdrawn_ms is not None
        due = now if hurried else settled_at(session, clip.id, now, _settle_ms(parts))
    if not is_first:
        replace_waiting(session, clip.id, now)
    if row.withdrawn_ms is not None:
        row.withdrawn_ms = None
    clip.state = "ready" if clip.current_revision else "rendering"
    return _job_row(session, order, row, clip, key=key, now=now, due=due)


def _file_again(session: Session, job: JobRow, article: Article) -> None:
    """Section and tags are not heard: an article that changed only them is the same one, under other headings."""
    text = session.get_one(ArticleRevisionRow, job.article_revision_id)
    text.section = article.section if article.section is not None else text.section
    text.tags = list(article.tags) if article.tags is not None else text.tags


def _embargo(article: Article, now: int) -> int | None:
    """Milliseconds since 1970; None: the article has no embargo."""
    return max(now, int(article.publish_at.timestamp() * 1000)) if article.publish_at else None


def _settle_ms(parts: Parts) -> int:
    return int(parts.settings.settle_s * 1000)


def _article_row(session: Session, order: _Order, settled: ArticleSettings, now: int) -> ArticleRow:
    """The article, locked; one that is new isn't written yet."""
    article, locale = order.article, order.version.locale if order.version else None
    identity = settled.options.identity
    row = None
    if settled.is_known:
        wanted = (ArticleRow.site == article.site, ArticleRow.external_id == article.external_id)
        row = session.scalars(select(ArticleRow).where(*wanted).with_for_update(key_share=True)).one_or_none()
    if row is None:
        row = found_before(session, article.site, article.url, article.external_id, identity)
        if row is not None and locale is not None:  # its other languages may have been read from their pages, too
            check_found(session, article.site, now, except_in=locale)
    if row is None:
        row = ArticleRow(
            id=new_id("art"), site=article.site, external_id=article.external_id, visibility=PUBLIC, created_ms=now
        )
    place_article(row, article.url, identity)
    row.title = article.title
    if article.published_at is not None:
        row.published_ms = int(article.published_at.timestamp() * 1000)
    return row


def _clip_row(session: Session, article: ArticleRow, now: int) -> ClipRow:
    """The article's clip, locked; one that is new isn't written yet."""
    clip = lock_clip(session, article.id) if inspect(article).persistent else None
    return clip or ClipRow(id=new_id("clip"), article_id=article.id, state="rendering", last_revision=0, created_ms=now)


def _job_row(
    session: Session, order: _Order, row: ArticleRow, clip: ClipRow, *, key: str, now: int, due: int
) -> JobRow:
    article, wish = order.article, order.wish
    text = ArticleRevisionRow(
        id=new_id("rev"),
        article_id=row.id,
        content_hash=order.content_hash,
        source=article.source.encode("utf-8", "replace").decode().replace("\x00", ""),
        source_format=article.source_format,
        title=article.title,
        author=article.author,
        url=article.url,
        language=article.language,
        created_ms=now,
        published_at=article.published_at.isoformat() if article.published_at else None,
        section=article.section,
        tags=None if article.tags is None else list(article.tags),
    )
    clip.last_revision += 1
    job = JobRow(
        id=new_id("job"),
        site=article.site,
        article_id=row.id,
        article_revision_id=text.id,
        clip_id=clip.id,
        revision=clip.last_revision,
        live_key=key,
        natural_key=key,
        voice=wish.voice,
        formats=",".join(wish.formats),
        characters=len(article.source),
        queue=wish.queue,
        state="queued",
        due_ms=due,
        callback_url=wish.callback_url,
        created_ms=now,
    )
    session.flush()  # first what makes way for them
    insert_rows(session, [new for new in (row, clip, text, job) if object_session(new) is None])
    return job
