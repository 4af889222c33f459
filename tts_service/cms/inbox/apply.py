"""Applies an event to its article: render, take offline, hold back, or say why not."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tts_service.cms.inbox.identity import article_id, locale_given
from tts_service.cms.sources.base import Document, Event, EventKind, Hook
from tts_service.cms.sources.sample import SAMPLE
from tts_service.cms.sources.signatures import TOLERANCE_MS
from tts_service.db.tables import ArticleRow, JobRow
from tts_service.errors import EmptyArticle
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.control import withdraw_as_of, withdraw_document
from tts_service.jobs.order import Reach, reach_of
from tts_service.jobs.submit import Submitted, submit
from tts_service.jobs.versions import Version
from tts_service.newsroom.sites import options_for
from tts_service.parts import Parts
from tts_service.values import PUBLIC, Article

RESTRICTED = "restricted"
"""Visibility of an article that its CMS calls closed without naming an audience."""
FOR_TESTS = "test"
"""Visibility of the sample that `hooks test` sends: nobody hears it without a grant, not for a moment."""
FIRST_TRY_MS = 5_000
"""A message signed this soon after its document's change isn't a repeated delivery: those come later."""
_TRIES = 3
_Result = TypeVar("_Result")
_NO_CLIP = "there was no clip of it"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventOutcome:
    """What became of one article of an event."""

    external_id: str
    state: str
    """queued, unchanged, withdrawn, held (not public, where that can't be kept), outdated, ignored, failed."""
    job: str | None = None
    reason: str = ""
    due_ms: int | None = None
    """When the article opens or expires, so that the same event is done again; None: it doesn't."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """When an event came, and how."""

    received_ms: int
    sent_ms: int | None = None
    """By the sender's clock and signature; None: it doesn't say."""
    asked_ms: int | None = None
    """When the CMS's API was asked for the present state; None: the event contains it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    as_of_ms: int
    told_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Subject:
    """Which article an event is about, and as of when."""

    hook: Hook
    external_id: str
    """As it is kept here."""
    version: Version
    moment: _Moment


def apply_event(parts: Parts, hook: Hook, event: Event, arrival: Arrival) -> EventOutcome | None:
    """Bring the article into the state that the event reports. None: there is nothing to report. Raises ServiceError.

    1. Nothing to do: an ignored event. 2. All languages go. 3. One article: which one (identity), as of when.
    4. It goes or closes. 5. It isn't time yet, or no longer. 6. It is submitted.
    """
    if event.kind is EventKind.IGNORED:
        return EventOutcome(external_id=event.external_id, state="ignored", reason=event.reason)
    version = Version(document_id=event.external_id, locale=locale_given(event.locale))
    if event.every_locale:
        return _all_withdrawn(parts, hook, event, _moment(event, arrival))
    found = article_id(parts.database, hook.site, version)
    moment = _asked_moment(parts, hook.site, found, event, arrival)
    subject = _Subject(hook=hook, external_id=found, version=version, moment=moment)
    document = event.document
    if document is None:
        visibility = (event.visibility or RESTRICTED) if event.kind is EventKind.CLOSED else None
        return _withdrawn(parts, subject, event.reason, visibility, event.url)
    document = _dated(parts, hook.site, document)
    now = now_ms()
    opens_ms, expires_ms = _ms(document.publish_at), _ms(document.expires_at)
    if expires_ms is not None and expires_ms <= now:
        ended = replace(moment, told_ms=max(moment.told_ms or 0, expires_ms))
        return _withdrawn(parts, replace(subject, moment=ended), f"expired at {document.expires_at}")
    if opens_ms is not None and opens_ms > now:
        until = replace(moment, told_ms=moment.told_ms or moment.as_of_ms)
        done = _withdrawn(parts, replace(subject, moment=until), f"not public before {document.publish_at}")
        return replace(done, due_ms=opens_ms)
    if opens_ms is not None:  # it was closed until then as of the same time
        subject = replace(subject, moment=replace(moment, told_ms=max(moment.told_ms or 0, opens_ms)))
    return _submitted(parts, subject, event, document, expires_ms)


def _dated(parts: Parts, site: str, document: Document) -> Document:
    """The document with its times in a zone: the site's where the CMS names none."""
    published, opens, expires = document.published_at, document.publish_at, document.expires_at
    if all(time is None or time.tzinfo for time in (published, opens, expires)):
        return document
    dated = options_for(parts.database, site).dated
    return replace(document, published_at=dated(published), publish_at=dated(opens), expires_at=dated(expires))


def now_ms() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def _submitted(
    parts: Parts, subject: _Subject, event: Event, document: Document, expires_ms: int | None
) -> EventOutcome:
    hook, found = subject.hook, subject.external_id
    visibility = FOR_TESTS if event.external_id == SAMPLE.external_id else document.visibility
    if visibility != PUBLIC and parts.settings.audio_base_url:
        _withdrawn(parts, subject, "", visibility)
        reason = f"visibility {visibility}: TTS_AUDIO_BASE_URL serves everything in the store to everybody"
        return EventOutcome(external_id=found, state="held", reason=reason)
    article = _article(replace(document, external_id=found, visibility=visibility), hook)

    def note_hook(session: Session, submitted: Submitted) -> None:
        job = session.get_one(JobRow, submitted.job_id)
        session.get_one(ArticleRow, job.article_id).hook_id = hook.id

    try:
        submitted = submit(
            parts,
            article,
            _wish(document, hook),
            as_of_ms=subject.moment.as_of_ms,
            told_ms=subject.moment.told_ms,
            version=subject.version,
            together=note_hook,
        )
    except EmptyArticle:
        done = _withdrawn(parts, subject, "its text is empty now")
        if done.reason == _NO_CLIP:
            raise
        return done
    left_out = f"without text: {', '.join(document.left_out)}" if document.left_out else ""
    return EventOutcome(
        external_id=found,
        state="queued" if submitted.created else "unchanged",
        job=submitted.job_id,
        reason="; ".join(filter(None, (event.reason, left_out))),
        due_ms=expires_ms,
    )


def _withdrawn(
    parts: Parts, subject: _Subject, reason: str, visibility: str | None = None, url: str | None = None
) -> EventOutcome:
    known = _again(
        lambda: withdraw_as_of(
            parts,
            subject.hook.site,
            subject.external_id,
            subject.moment.as_of_ms,
            visibility=visibility,
            told_ms=subject.moment.told_ms,
            version=subject.version,
            url=url,
        )
    )
    closed = f"visibility {visibility}" if visibility else ""
    told = "; ".join(filter(None, (closed, reason)))
    return EventOutcome(external_id=subject.external_id, state="withdrawn", reason=told if known else _NO_CLIP)


def _all_withdrawn(parts: Parts, hook: Hook, event: Event, moment: _Moment) -> EventOutcome | None:
    gone = _again(
        lambda: withdraw_document(
            parts,
            hook.site,
            event.external_id,
            moment.as_of_ms,
            told_ms=moment.told_ms,
            kept=event.kept_locales,
            url=event.url,
        )
    )
    if event.kept_locales and not gone:
        return None
    versions = f"all versions: {', '.join(gone)}" if gone and gone != (event.external_id,) else ""
    reason = "; ".join(filter(None, (event.reason, versions))) if gone else _NO_CLIP
    return EventOutcome(external_id=event.external_id, state="withdrawn", reason=reason)


def _moment(event: Event, arrival: Arrival) -> _Moment:
    """The time of the state that an event reports, and when it was reported.

    Never later than the sending allows: a document dated next year would shut out every later one. A deletion is newer
    than any edit, whose time is all that some CMSs give it.
    """
    latest = arrival.received_ms + TOLERANCE_MS
    if event.as_of_ms is not None:
        as_of = min(event.as_of_ms, latest)
        return _Moment(as_of_ms=as_of, told_ms=as_of)
    if arrival.asked_ms is not None:
        changed = arrival.asked_ms if event.changed_ms is None else min(event.changed_ms, latest)
        return _Moment(as_of_ms=changed, told_ms=arrival.asked_ms)
    told = None if event.told_ms is None else min(event.told_ms, latest)
    sent = told or arrival.sent_ms or arrival.received_ms
    changed = sent if event.changed_ms is None else min(event.changed_ms, latest)
    if told is None and arrival.sent_ms is not None and 0 <= arrival.sent_ms - changed <= FIRST_TRY_MS:
        told = arrival.sent_ms
    return _Moment(as_of_ms=max(changed, sent) if event.kind is EventKind.DELETED else changed, told_ms=told)


def _asked_moment(parts: Parts, site: str, found: str, event: Event, arrival: Arrival) -> _Moment:
    """The same where the API was asked: what it shows is the present state, also where the document's own time didn't
    move, as when only its audience was changed. One that shows a closed article again with an older time is believed
    once its answer can't come from a cache any more: after the same time as that between two checks."""
    moment = _moment(event, arrival)
    if arrival.asked_ms is None or event.as_of_ms is not None:
        return moment
    mine = (ArticleRow.site == site, ArticleRow.external_id == found)
    with parts.database.reading() as session:
        row = session.scalars(select(ArticleRow).where(*mine)).one_or_none()
    known = None if row is None else row.source_updated_ms
    if row is None or known is None or moment.as_of_ms > known:
        return moment
    wanted = Reach.NOBODY
    if event.document is not None:
        wanted = Reach.EVERYBODY if event.document.visibility == PUBLIC else Reach.SOME
    if event.document is None or wanted < reach_of(row):
        return moment if moment.as_of_ms == known else replace(moment, as_of_ms=max(arrival.asked_ms, known))
    closed_ms = max(known, row.source_told_ms or 0, row.withdrawn_ms or 0)
    if wanted > reach_of(row) and arrival.asked_ms >= closed_ms + parts.settings.check_confirm_s * 1000:
        return replace(moment, as_of_ms=arrival.asked_ms)
    return moment


def _again(work: Callable[[], _Result]) -> _Result:
    """The result of a transaction, repeated if another one writes the same new row at the same time."""
    for _ in range(_TRIES - 1):
        try:
            return work()
        except IntegrityError:
            continue
    return work()


def _ms(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp() * 1000)


def _article(document: Document, hook: Hook) -> Article:
    return Article(
        site=hook.site,
        external_id=document.external_id,
        source=document.source,
        source_format=document.source_format,
        url=document.url,
        title=document.title,
        author=document.author,
        published_at=document.published_at,
        language=document.language,
        section=document.section,
        tags=document.tags,
        visibility=document.visibility,
    )


def _wish(document: Document, hook: Hook) -> Wish:
    options = hook.options
    queue = "breaking" if options.breaking_tag.lower() in document.tags else options.queue
    return Wish(voice=options.voice, formats=options.formats, queue=queue)
