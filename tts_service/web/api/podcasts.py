"""Public feeds: a site's clips as a podcast, also by section and tag, and lists of feeds."""

from __future__ import annotations

import hashlib
from email.utils import formatdate
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field
from sqlalchemy.orm import Session

from tts_service.errors import FeedsOff, InvalidRequest, NotFound
from tts_service.narration import mixed_notice, notice, recorded_notice
from tts_service.newsroom.sites import options_in, site_row_ms
from tts_service.parts import Parts
from tts_service.public_addresses import feed_url
from tts_service.values.site_options import SiteOptions
from tts_service.web.given import GivenParts, SiteInPath
from tts_service.web.podcast.choice import (
    Heading,
    choose,
    headings,
    is_known,
    last_withdrawn_ms,
    sites_with_feeds,
    whether_recorded,
)
from tts_service.web.podcast.entry import entry_of
from tts_service.web.podcast.opml import Outline, write_opml
from tts_service.web.podcast.rss import Channel, write_rss
from tts_service.web.responses import PUBLIC, Responses, problems, reply, text
from tts_service.web.schemas.fields import OrUsual
from tts_service.web.sound.ranges import precondition

router = APIRouter(tags=["feeds"], default_response_class=Response)

RSS, OPML = "application/rss+xml; charset=utf-8", "text/x-opml; charset=utf-8"
_FRESH = "public, max-age=300"
_MOST_PAGES = 1000

Page = Annotated[
    int,
    Field(ge=1, le=_MOST_PAGES),
    OrUsual(1),
    Query(description="Number of the page. Each has 100 clips and links to the next one"),
]
Name = Annotated[
    str,
    Path(
        min_length=1,
        max_length=100,
        description="Exact name of the section or tag",
        examples=["Local news"],
    ),
]
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_TAGGED = {
    "ETag": "Hash of the document",
    "Last_Modified": "When the feed last changed, if known",
    "Cache_Control": "How long the document can be cached",
}
_OPML_TEXT = text("text/x-opml", f'{_XML}<opml version="2.0"><head/><body/></opml>\n')
_RSS_TEXT = text("application/rss+xml", f'{_XML}<rss version="2.0"><channel><title>gazette</title></channel></rss>\n')
_KNOWN: Responses = {304: reply("Your copy is current.", **_TAGGED)}
_OPML: Responses = _KNOWN | {200: reply("OPML 2.0.", _OPML_TEXT, **_TAGGED)}
_RSS: Responses = _KNOWN | {200: reply("RSS 2.0 with the podcast tags.", _RSS_TEXT, **_TAGGED)}
_OF_SITE = problems(*PUBLIC, FeedsOff, InvalidRequest, NotFound)


@router.get("/feeds.opml", responses=_OPML | problems(*PUBLIC))
def all_feeds(request: Request, parts: GivenParts) -> Response:
    """List the feeds of all sites as OPML."""
    with parts.database.reading() as session:
        found = [(site, options_in(session, site)) for site in sites_with_feeds(session)]
    listed = [_outline(parts, Heading(site=site), options) for site, options in found]
    return _answer(request, write_opml("Articles read aloud", listed), OPML)


@router.get("/feeds/{site}.opml", responses=_OPML | _OF_SITE)
def feeds_of_site(request: Request, site: SiteInPath, parts: GivenParts) -> Response:
    """List a site's feeds as OPML: the whole site, each section and each tag. 410 if its feeds are off."""
    with parts.database.reading() as session:
        options = _options(session, site)
        found = headings(session, site)
    wanted = [
        Heading(site=site),
        *(Heading(site=site, section=name) for name in found.sections),
        *(Heading(site=site, tag=name) for name in found.tags),
    ]
    listed = [_outline(parts, heading, options) for heading in wanted]
    return _answer(request, write_opml(options.title or site, listed), OPML)


@router.get("/feeds/{site}.rss", responses=_RSS | _OF_SITE)
def site_feed(request: Request, site: SiteInPath, parts: GivenParts, page: Page = 1) -> Response:
    """Get a site's clips as a podcast, newest first. 404 if the site is unknown; 410 if its feeds are off."""
    return _feed(request, parts, Heading(site=site), page)


@router.get("/feeds/{site}/section/{name:path}.rss", responses=_RSS | _OF_SITE)
def section_feed(request: Request, site: SiteInPath, name: Name, parts: GivenParts, page: Page = 1) -> Response:
    """Get the clips of one section as a podcast, newest first. 404 if it has no public clip."""
    return _feed(request, parts, Heading(site=site, section=name), page)


@router.get("/feeds/{site}/tag/{name:path}.rss", responses=_RSS | _OF_SITE)
def tag_feed(request: Request, site: SiteInPath, name: Name, parts: GivenParts, page: Page = 1) -> Response:
    """Get the clips with one tag as a podcast, newest first. 404 if there is no public clip with it."""
    return _feed(request, parts, Heading(site=site, tag=name), page)


def _feed(request: Request, parts: Parts, heading: Heading, page: int) -> Response:
    with parts.database.reading() as session:
        options = _options(session, heading.site)
        chosen, more = choose(parts, session, heading, page)
        changed = max(last_withdrawn_ms(session, heading.site), site_row_ms(session, heading.site))
        recorded = whether_recorded(session, heading)
    if not chosen and not more and (page > 1 or heading.section is not None or heading.tag is not None):
        raise NotFound("The feed is empty, or has no such page.")
    entries = [entry_of(parts.settings, one) for one in chosen]
    changed = max([changed, *(int(entry.updated.timestamp() * 1000) for entry in entries)])
    language = options.language or (entries[0].language if entries else "en")
    channel = Channel(
        url=_address(parts, heading),
        page=page,
        more=more,
        title=_title(heading, options),
        link=options.link or f"{parts.settings.base_url}/",
        language=language,
        options=options,
        description=" ".join(filter(None, ((options.description or "").strip(), _disclosure(language, recorded)))),
    )
    document = write_rss(channel, entries)
    return _answer(request, document, RSS, changed // 1000)


def _options(session: Session, site: str) -> SiteOptions:
    """Raises NotFound for an unknown site, FeedsOff if its feeds are off."""
    if not is_known(session, site):
        raise NotFound(f"There is no site {site}.")
    options = options_in(session, site)
    if not options.feeds:
        raise FeedsOff(f"The site {site} has no feeds.")
    return options


def _disclosure(language: str, recorded: frozenset[bool]) -> str:
    """What a feed says of its clips; `recorded`: whether people read them, both if some are recorded."""
    if len(recorded) == 2:
        return mixed_notice(language)
    return recorded_notice(language) if True in recorded else notice(language)


def _outline(parts: Parts, heading: Heading, options: SiteOptions) -> Outline:
    return Outline(
        title=_title(heading, options),
        feed_url=_address(parts, heading),
        page_url=options.link or f"{parts.settings.base_url}/",
    )


def _title(heading: Heading, options: SiteOptions) -> str:
    name = heading.section if heading.section is not None else heading.tag
    whole = options.title or heading.site
    return whole if name is None else f"{whole}: {name}"


def _address(parts: Parts, heading: Heading) -> str:
    below = ""
    for kind, name in (("section", heading.section), ("tag", heading.tag)):
        below += f"/{kind}/{quote(name, safe='')}" if name is not None else ""
    return feed_url(parts.settings, f"{heading.site}{below}")


def _answer(request: Request, document: bytes, kind: str, changed_s: int | None = None) -> Response:
    """The document, or 304 if the client's copy is current. Last-Modified if the time of the last change is known."""
    headers = {"ETag": f'"{hashlib.sha256(document).hexdigest()[:32]}"', "Cache-Control": _FRESH}
    if changed_s is not None:
        headers["Last-Modified"] = formatdate(changed_s, usegmt=True)
    conditions = request.headers if changed_s is not None else _without_times(request)
    decided = precondition(conditions, headers["ETag"], changed_s or 0)
    if decided is not None:
        return Response(status_code=decided, headers=headers)
    return Response(document, media_type=kind, headers=headers)


def _without_times(request: Request) -> dict[str, str]:
    return {name: value for name, value in request.headers.items() if name in ("if-match", "if-none-match")}
