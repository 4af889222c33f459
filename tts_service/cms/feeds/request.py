"""Turns found addresses into jobs: fetches each page politely, submits it, stores the result."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.article.fetch import fetch_article
from tts_service.cms.feeds.fetch import Politeness
from tts_service.cms.feeds.missed import article_at
from tts_service.cms.feeds.page_ids import WORDPRESS, declared_address, id_on_page
from tts_service.cms.inbox.addresses import list_hooks
from tts_service.db.pages import identity_in
from tts_service.db.tables import ArticleRow, FoundArticleRow, JobRow
from tts_service.errors import DatabaseUnavailable, LeaseLost, Outdated, RemoteUnavailable, ServiceError
from tts_service.http.client import Outbound
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.doubts import check_now
from tts_service.jobs.submit import Submitted, submit
from tts_service.parts import Parts
from tts_service.queue.backoff import wait_after
from tts_service.values import PUBLIC, Article, WebAddress

RETRY_MS = (60_000, 600_000, 3_600_000, 21_600_000)
"""Waits before a page that failed is requested again; after the last one, it has failed for good."""
_LONGEST_ID = 200

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestContext:
    """What requests need."""

    parts: Parts
    outbound: Outbound
    politeness: Politeness
    queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteDefaults:
    """How a site's articles are rendered if nothing else is known of an article."""

    voice: str | None = None
    formats: tuple[str, ...] = ("mp3",)
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundArticle:
    """An article that was found."""

    address: str
    """FoundArticleRow.address."""
    article: Article
    led_to: WebAddress | None = None
    """Where redirects led; None: it came with its text."""
    wish: Wish | None = None
    """How it is wanted, if it came with its text and id; None: it is a page, of which only the address is known."""


def site_defaults(parts: Parts, site: str) -> SiteDefaults:
    """Taken from the site's newest hook, so that articles it missed sound the same."""
    mine = [hook.options for hook in list_hooks(parts.database) if hook.site == site]
    options = mine[-1] if mine else {}
    formats = tuple(options.get("formats", ())) or ("mp3",)
    return SiteDefaults(voice=options.get("voice"), formats=formats, language=options.get("language"))


def waiting(parts: Parts, site: str, found_in: str, most: int | None = None) -> list[str]:
    """Addresses of a site that were found there and are due to be requested, newest first."""
    with parts.database.reading() as session:
        now = parts.database.now_ms(session)
        mine = (FoundArticleRow.site == site, FoundArticleRow.found_in == found_in)
        due = (*mine, FoundArticleRow.state == "waiting", FoundArticleRow.due_ms <= now)
        newest = (FoundArticleRow.changed_ms.desc().nulls_last(), FoundArticleRow.address)
        return list(session.scalars(select(FoundArticleRow.address).where(*due).order_by(*newest).limit(most)))


def request(context: RequestContext, defaults: SiteDefaults, site: str, address: str) -> str:
    """Fetch and submit one found article. Returns its state: requested, known, waiting (again later), failed.

    Raises DatabaseUnavailable.
    """
    if left_to_cms(context.parts, site, address):
        return "known"
    try:
        return submit_found(context, defaults, site, fetched(context, address, defaults.language))
    except (DatabaseUnavailable, LeaseLost):
        raise
    except ServiceError as error:
        log.warning("found article %s: %s: %s", address, error.code, error.message)
        return note_failure(context.parts, site, address, error)
    except Exception as error:  # a fault of ours: the next address is requested all the same
        log.exception("found article %s failed unexpectedly", address)
        return note_failure(
            context.parts, site, address, ServiceError(f"Internal error in this service: {type(error).__name__}")
        )


def fetched(context: RequestContext, address: str, language: str | None) -> FoundArticle:
    """The article at an address, when its host's turn has come. Raises as fetch_article."""
    context.politeness.wait(address)
    trouble = False
    try:
        article = fetch_article(address, context.outbound, language)
    except RemoteUnavailable:
        trouble = True
        raise
    finally:
        context.politeness.asked(address, trouble=trouble)
    # `url` keeps where it was found: that is the address readers and feeds know.
    own = replace(article, external_id=address, url=WebAddress(address))
    return FoundArticle(address=address, article=own, led_to=article.url)


def submit_found(context: RequestContext, defaults: SiteDefaults, site: str, found: FoundArticle) -> str:
    """Submit an article with its row in one transaction. Returns requested or known. Raises as `submit`."""
    parts, address = context.parts, found.address
    if found.wish is None and left_to_cms(parts, site, address):
        return "known"
    page_id = None
    if found.wish is None and any(hook.source in WORDPRESS for hook in list_hooks(parts.database) if hook.site == site):
        page_id = id_on_page(found.article.source)
        if page_id is not None and left_to_cms(parts, site, address, page_id):
            return "known"
    with parts.database.reading() as session:
        row = session.get_one(FoundArticleRow, (site, address))
        as_of_ms = row.changed_ms
        repeated = False
        if found.wish is not None:
            external_id, known, wish = found.article.external_id, True, replace(found.wish, queue=context.queue)
        else:
            own_id = row.external_id or page_id
            article = article_at(session, site, address, own_id)
            repeated = article is None and _known_elsewhere(session, site, found)
            external_id = _id_of(article.external_id if article else own_id or address)
            known, wish = article is not None, _wish(session, defaults, article, context.queue)

    if repeated:
        with parts.database.writing() as session:
            _settle(
                parts,
                session,
                site,
                address,
                state="known",
                reason="The page belongs to an article that is already known.",
            )
        return "known"

    def together(session: Session, submitted: Submitted) -> None:
        job = session.get_one(JobRow, submitted.job_id)
        made = job.article_id if not known and submitted.created else None
        _settle(parts, session, site, address, state="requested", job_id=job.id, article_id=made)

    try:
        named = replace(found.article, site=site, external_id=external_id)
        submit(parts, named, wish, as_of_ms=as_of_ms, together=together)
    except Outdated as error:  # a webhook was quicker
        with parts.database.writing() as session:
            _settle(parts, session, site, address, state="known", reason=error.message)
        return "known"
    return "requested"


def left_to_cms(parts: Parts, site: str, address: str, page_id: str | None = None) -> bool:
    """Whether the article's text came from its CMS: a page never replaces it, since it may be a teaser, or carry what
    the editors left out. The CMS's API is asked instead, with the next turn of checks. What its CMS withdrew has no
    text that could be replaced."""
    with parts.database.writing() as session:
        row = session.get_one(FoundArticleRow, (site, address))
        article = article_at(session, site, address, row.external_id or page_id)
        if article is None or _made_of_page(session, article):
            return False
        if article.withdrawn_ms is not None and article.visibility == PUBLIC:
            return False
        reason = "The text comes from the CMS"
        reason += (
            ", whose API will be asked for it." if article.hook_id else ": publish it again there if it has changed."
        )
        check_now(session, article, parts.database.now_ms(session))
        _settle(parts, session, site, address, state="known", reason=reason)
        return True


def _known_elsewhere(session: Session, site: str, found: FoundArticle) -> bool:
    """Whether the page that was found is a known article's: redirects led there, or the page itself says so."""
    if found.led_to is None:
        return False
    addresses = (found.led_to, declared_address(found.article.source, found.led_to))
    return any(address is not None and article_at(session, site, address, None) is not None for address in addresses)


def _made_of_page(session: Session, article: ArticleRow) -> bool:
    if article.hook_id is not None:
        return False
    made = select(FoundArticleRow.address).where(
        FoundArticleRow.site == article.site, FoundArticleRow.article_id == article.id
    )
    # Its id is its page's address, perhaps as it was written before addresses were normalised.
    named = identity_in(session, article.site).key(article.external_id)
    of_page = article.url is not None and (article.external_id == _id_of(article.url) or named == article.page_key)
    return of_page or session.scalar(made.limit(1)) is not None


def _id_of(named: str) -> str:
    """An article's id as the API takes it."""
    return named if len(named) <= _LONGEST_ID else f"sha256:{hashlib.sha256(named.encode()).hexdigest()}"


def note_failure(parts: Parts, site: str, address: str, error: ServiceError) -> str:
    """Note why an article couldn't be fetched or submitted. Returns waiting where it is tried again, else failed."""
    with parts.database.writing() as session:
        row = session.get_one(FoundArticleRow, (site, address), with_for_update=True)
        row.attempts += 1
        wait_ms = None if error.permanent else wait_after(row.attempts, RETRY_MS)
        if wait_ms is not None:
            row.due_ms = parts.database.now_ms(session) + wait_ms
        state = "failed" if wait_ms is None else "waiting"
        _settle(parts, session, site, address, state=state, reason=f"{error.code}: {error.message}")
    return state


def _settle(
    parts: Parts, session: Session, site: str, address: str, *, state: str, reason: str = "", **more: str | None
) -> None:
    row = session.get_one(FoundArticleRow, (site, address))
    row.state, row.reason = state, reason[:500]
    row.done_ms = None if state == "waiting" else parts.database.now_ms(session)
    row.article_id, row.job_id = more.get("article_id"), more.get("job_id")


def _wish(session: Session, defaults: SiteDefaults, known: ArticleRow | None, queue: str) -> Wish:
    """As the article was last requested; for a new one, the site's defaults."""
    last = None
    if known is not None:
        newest = select(JobRow).where(JobRow.article_id == known.id).order_by(JobRow.revision.desc()).limit(1)
        last = session.scalars(newest).one_or_none()
    if last is None:
        return Wish(voice=defaults.voice, formats=defaults.formats, queue=queue)
    return Wish(voice=last.voice, formats=tuple(last.formats.split(",")), queue=queue)
