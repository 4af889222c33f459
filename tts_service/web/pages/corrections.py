"""A site's correction log for readers: as a page, and as a feed."""

from __future__ import annotations

import hashlib
from gettext import NullTranslations
from io import StringIO
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from markupsafe import Markup
from sqlalchemy.orm import Session

from tts_service.corrections.kinds import BLOCK
from tts_service.corrections.public_log import CorrectedArticle, LoggedCorrection, public_corrections
from tts_service.errors import FeedsOff, NotFound
from tts_service.newsroom.sites import SITE_NAME, options_in
from tts_service.parts import Parts
from tts_service.public_addresses import listen_url, public_url
from tts_service.values.moments import utc_of
from tts_service.values.site_options import SiteOptions
from tts_service.web.given import GivenParts
from tts_service.web.languages import catalogue, language_for, language_wanted, moment
from tts_service.web.pages.names import code_name
from tts_service.web.pages.templating import page
from tts_service.web.podcast.choice import is_known
from tts_service.web.podcast.rss import SteadyRss
from tts_service.web.podcast.xml_text import fit_for_xml
from tts_service.web.sound.ranges import precondition

router = APIRouter(include_in_schema=False)
_PER_PAGE = 20
_IN_FEED = 50
_SiteName = Annotated[str, Path(pattern=SITE_NAME)]


@router.get("/corrections/{site}")
def correction_log(
    request: Request, site: _SiteName, parts: GivenParts, before: Annotated[str, Query(max_length=64)] = ""
) -> Response:
    """What was corrected in a site's audio, newest first. Raises NotFound for an unknown site."""
    with parts.database.reading() as session:
        options = _options(session, site)
        found = public_corrections(session, site, before=before or None, most=_PER_PAGE + 1)
    language = language_wanted(request)
    values = {
        "site": site,
        "site_title": options.title or site,
        "corrections": [
            {"of": one, "at": moment(one.at_ms, language), "taken_back": _taken_back(one, language)}
            for one in found[:_PER_PAGE]
        ],
        "feed": public_url(parts.settings, f"/feeds/{site}/corrections.rss") if options.feeds else None,
        "older": found[_PER_PAGE - 1].id if len(found) > _PER_PAGE else None,
    }
    return page(request, "corrections.html", values, language=language)


@router.get("/feeds/{site}/corrections.rss")
def correction_feed(request: Request, site: _SiteName, parts: GivenParts) -> Response:
    """The newest corrections as RSS 2.0, in the site's language. Raises NotFound for an unknown site, FeedsOff."""
    with parts.database.reading() as session:
        options = _options(session, site)
        if not options.feeds:
            raise FeedsOff(f"The site {site} has no feeds.")
        found = public_corrections(session, site, most=_IN_FEED)
    document = _rss(parts, site, options, found)
    headers = {"ETag": f'"{hashlib.sha256(document).hexdigest()[:32]}"', "Cache-Control": "public, max-age=300"}
    conditions = {name: request.headers[name] for name in ("if-match", "if-none-match") if name in request.headers}
    decided = precondition(conditions, headers["ETag"], 0)
    if decided is not None:
        return Response(status_code=decided, headers=headers)
    return Response(document, media_type="application/rss+xml; charset=utf-8", headers=headers)


def _options(session: Session, site: str) -> SiteOptions:
    """Raises NotFound for an unknown site."""
    if not is_known(session, site):
        raise NotFound(f"There is no site {site}.")
    return options_in(session, site)


def _taken_back(one: LoggedCorrection, language: str) -> str:
    return moment(one.taken_back_ms, language) if one.taken_back_ms is not None else ""


def _rss(parts: Parts, site: str, options: SiteOptions, found: tuple[LoggedCorrection, ...]) -> bytes:
    language = language_for(options.language or "en")
    words = catalogue(language)
    log_url = public_url(parts.settings, f"/corrections/{site}")
    title = words.gettext("Corrections of the audio: {site}").format(site=options.title or site)
    feed = SteadyRss(
        title=fit_for_xml(title),
        link=log_url,
        description=words.gettext("What was corrected in audio versions of articles."),
        language=language,
        feed_url=public_url(parts.settings, f"/feeds/{site}/corrections.rss"),
        feed_copyright=None,
    )
    for one in found:
        taken_back = one.taken_back_ms is not None
        feed.add_item(
            title=fit_for_xml(_title(one, words)),
            link=f"{log_url}#{one.id}",
            description=fit_for_xml(_description(parts, one, words, language)),
            pubdate=utc_of(one.taken_back_ms if one.taken_back_ms is not None else one.at_ms),
            # A correction that is taken back is news: readers show each id once.
            unique_id=f"{one.id}:taken-back" if taken_back else one.id,
            unique_id_is_permalink=False,
        )
    out = StringIO()
    feed.write(out, "utf-8")
    return out.getvalue().encode()


def _title(one: LoggedCorrection, words: NullTranslations) -> str:
    what = ", ".join(one.written) or next((article.title for article in one.articles if article.title), "")
    if one.kind == BLOCK:
        what = code_name(words, "kind of correction", one.kind)
    if one.taken_back_ms is not None:
        return words.gettext("Taken back: {what}").format(what=what)
    return words.gettext("Corrected: {what}").format(what=what)


def _description(parts: Parts, one: LoggedCorrection, words: NullTranslations, language: str) -> str:
    """HTML; everything that people entered is escaped."""
    lines = [Markup("<p>{}</p>").format(one.why)] if one.why else []
    lines += [_said(one, article, words) for article in one.articles[:1] if article.said_before or article.said_now]
    if one.taken_back_ms is not None:
        told = words.gettext("Taken back on {moment}: it is said as before.")
        lines.append(Markup("<p>{}</p>").format(told.format(moment=moment(one.taken_back_ms, language))))
    items = [
        Markup('<li><a href="{}">{}</a></li>').format(
            listen_url(parts.settings, article.clip_id), article.title or article.clip_id
        )
        for article in one.articles
    ]
    return "\n".join([*lines, Markup("<ul>{}</ul>").format(Markup("").join(items))])


def _said(one: LoggedCorrection, article: CorrectedArticle, words: NullTranslations) -> Markup:
    before, since = words.gettext("Was said:"), words.gettext("Is said now:")
    if one.taken_back_ms is not None:
        since = words.gettext("Was said after the correction:")
    nothing = words.gettext("nothing: this part isn’t read") if one.kind == BLOCK else ""
    said_before, said_now = article.said_before or nothing, article.said_now or nothing
    return Markup("<p>{} {}<br>{} {}</p>").format(before, said_before, since, said_now)
