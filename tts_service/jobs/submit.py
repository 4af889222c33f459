"""Taking an article: checks shape and size, writes article, revision, clip and job in one transaction."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tts_service.article.ssml import read_ssml
from tts_service.audio.encode import FORMATS
from tts_service.callbacks.endpoints import check_address
from tts_service.db.session import new_id
from tts_service.db.tables import ArticleRevisionRow, ArticleRow, ClipRevisionRow, ClipRow, JobRow
from tts_service.errors import EmptyArticle, FormatNotKnown, TooLarge
from tts_service.jobs.dispatch import dispatch
from tts_service.jobs.order import follow
from tts_service.lexicon import lexicon_for
from tts_service.parts import Parts
from tts_service.settings import MAX_ARTICLE_CHARACTERS, MAX_HTML_BYTES
from tts_service.sites import policy_for, policy_version
from tts_service.values import Article, SourceFormat

QUEUES = ("breaking", "normal", "backfill")
"""In the order in which a free slot serves them."""
_TRIES = 4
_SETTINGS_VERSION = "1"
"""Part of the natural key: raise it when the same text would be spoken differently."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How the audio is wanted."""

    voice: str | None = None
    formats: tuple[str, ...] = ("mp3",)
    queue: str = "normal"
    callback_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """What submit answers."""

    job_id: str
    created: bool
    """False: the same article, text, voice and settings was already there; nothing is rendered."""


def submit(parts: Parts, article: Article, wish: Wish, *, as_of_ms: int | None = None) -> Submitted:
    """Write the job and tell the broker. `as_of_ms`: when the CMS says that the article became so; None: it doesn't.

    Raises EmptyArticle, TooLarge, VoiceNotFound, LanguageNotSpoken, FormatNotKnown, MarkupRefused, Outdated (all before
    anything is kept) or DatabaseUnavailable (nothing is kept)."""
    _check(parts, article, wish)
    key = _natural_key(parts, article, wish)
    for _ in range(_TRIES - 1):
        try:
            submitted = _keep(parts, article, wish, key, as_of_ms)
            break
        except IntegrityError:  # somebody wrote the same article, clip or job a moment before: now it can be found
            continue
    else:
        submitted = _keep(parts, article, wish, key, as_of_ms)
    if submitted.created:
        dispatch(parts)
    return submitted


def _keep(parts: Parts, article: Article, wish: Wish, key: str, as_of_ms: int | None) -> Submitted:
    """All rows in one transaction, or the job that is there already. Raises IntegrityError when two came at once."""
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        row = _article_row(session, article, now)
        follow(row, as_of_ms)
        clip = _clip_row(session, row, now)
        known = session.scalars(select(JobRow).where(JobRow.live_key == key)).one_or_none()
        if known is not None and known.state in ("queued", "running", "succeeded") and row.withdrawn_ms is None:
            if known.state != "succeeded":  # of one that ended, this very answer tells
                known.callback_url = wish.callback_url or known.callback_url
            return Submitted(job_id=known.id, created=False)
        _replace_older(session, clip.id, now)
        job = _job_row(session, article, wish, (row, clip, key, now))
        row.withdrawn_ms, row.visibility = None, "public"
        clip.state = "ready" if clip.current_revision else "rendering"
        return Submitted(job_id=job.id, created=True)


def _check(parts: Parts, article: Article, wish: Wish) -> None:
    if not article.source.strip() and not (article.title or "").strip():
        raise EmptyArticle("The article has no text: send it as text, html, markdown or ssml.")
    if not article.source.strip():
        raise EmptyArticle("The article has a title but no text.")
    size = len(article.source)
    if article.source_format is SourceFormat.HTML:
        size = len(article.source.encode("utf-8", "surrogatepass"))
        if size > MAX_HTML_BYTES:
            raise TooLarge(f"The HTML has {size} bytes; at most {MAX_HTML_BYTES} are taken.")
    elif size > MAX_ARTICLE_CHARACTERS:
        raise TooLarge(f"The text has {size} characters; at most {MAX_ARTICLE_CHARACTERS} are taken.")
    if article.source_format is SourceFormat.SSML:
        read_ssml(article.source)
    if wish.voice:
        parts.voices.find(wish.voice)
    elif article.language:
        parts.voices.default_voice(article.language)
    if wish.callback_url:
        check_address(parts.settings, wish.callback_url)
    for name in wish.formats:
        if name not in FORMATS:
            raise FormatNotKnown(f"There is no audio format {name!r}.", known=list(FORMATS))


def _natural_key(parts: Parts, article: Article, wish: Wish) -> str:
    """Hash of all that decides what is heard: the same article is another job as soon as any of it has changed."""
    policy = policy_for(parts.database, parts.settings, article.site)
    lexicon = lexicon_for(parts.database, article.site, article.external_id)
    digest = hashlib.sha256()
    for part in (article.site, article.external_id, _content_hash(article), wish.voice or "",
                 ",".join(sorted(wish.formats)), policy_version(policy), lexicon.version,
                 _SETTINGS_VERSION):  # fmt: skip
        data = part.encode()
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def _content_hash(article: Article) -> str:
    """Hash of everything that is heard or shown: text, title, author, language, date, address."""
    digest = hashlib.sha256()
    published = article.published_at.isoformat() if article.published_at else ""
    for part in (article.source_format, article.source, article.title or "", article.author or "",
                 article.language or "", published, article.url or ""):  # fmt: skip
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def _article_row(session: Session, article: Article, now: int) -> ArticleRow:
    wanted = (ArticleRow.site == article.site, ArticleRow.external_id == article.external_id)
    row = session.scalars(select(ArticleRow).where(*wanted).with_for_update()).one_or_none()
    if row is None:
        row = ArticleRow(id=new_id("art"), site=article.site, external_id=article.external_id, created_ms=now)
        session.add(row)
        session.flush()
    row.url = article.url
    row.title = article.title
    return row


def _clip_row(session: Session, article: ArticleRow, now: int) -> ClipRow:
    clip = session.scalars(select(ClipRow).where(ClipRow.article_id == article.id).with_for_update()).one_or_none()
    if clip is None:
        clip = ClipRow(id=new_id("clip"), article_id=article.id, state="rendering", last_revision=0, created_ms=now)
        session.add(clip)
        session.flush()
    return clip


def _replace_older(session: Session, clip_id: str, now: int) -> None:
    """Jobs for older texts of this clip: a queued one is superseded, none answers for the clip any more."""
    mine = JobRow.clip_id == clip_id
    session.execute(update(JobRow).where(mine).values(live_key=None))
    queued = (mine, JobRow.state == "queued")
    begun = select(JobRow.revision).where(*queued)
    session.execute(
        update(ClipRevisionRow)
        .where(ClipRevisionRow.clip_id == clip_id, ClipRevisionRow.revision.in_(begun))
        .values(state="failed")
    )
    session.execute(update(JobRow).where(*queued).values(state="superseded", finished_ms=now, waiting=None))


def _job_row(session: Session, article: Article, wish: Wish, at: tuple[ArticleRow, ClipRow, str, int]) -> JobRow:
    row, clip, key, now = at
    text = ArticleRevisionRow(
        id=new_id("rev"), article_id=row.id, content_hash=_content_hash(article),
        source=article.source.encode("utf-8", "replace").decode().replace("\x00", ""),
        source_format=article.source_format, title=article.title, author=article.author, url=article.url,
        language=article.language, created_ms=now,
        published_at=article.published_at.isoformat() if article.published_at else None,
    )  # fmt: skip
    session.add(text)
    clip.last_revision += 1
    due = max(now, int(article.publish_at.timestamp() * 1000)) if article.publish_at else now
    job = JobRow(
        id=new_id("job"), site=article.site, article_id=row.id, article_revision_id=text.id, clip_id=clip.id,
        revision=clip.last_revision, live_key=key, voice=wish.voice, formats=",".join(dict.fromkeys(wish.formats)),
        queue=wish.queue, state="queued", due_ms=due, callback_url=wish.callback_url, created_ms=now,
    )  # fmt: skip
    session.add(job)
    session.flush()
    return job
