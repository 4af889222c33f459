"""All articles and their clips: search, what waits for release, what failed and why; and new ones from a text."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from tts_service.access.audit import Deed, note
from tts_service.access.staff import Person
from tts_service.access.tokens import form_token
from tts_service.article.fetch import fetch_article, is_address
from tts_service.db.tables import ArticleRow, JobRow
from tts_service.errors import EmptyArticle, ServiceError
from tts_service.http.client import outbound_of
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.again import render_again
from tts_service.jobs.submit import Submitted, submit
from tts_service.listeners.listening.figures import FEW
from tts_service.newsroom.sites import list_sites
from tts_service.parts import Parts
from tts_service.values import Article, SourceFormat
from tts_service.web.given import GivenParts
from tts_service.web.languages import language_accepted
from tts_service.web.pages.templating import page
from tts_service.web.staff.articles.listing import STATES, ArticleFilter, count_states, list_articles
from tts_service.web.staff.articles.voice_choice import site_language, voices_offered
from tts_service.web.staff.session import OwnForm, SignedIn

router = APIRouter(prefix="/staff/articles", include_in_schema=False)

PASTED = "pasted"
"""Site of the articles that staff paste where there is no other site."""
MAX_TITLE = 1000
_PER_PAGE = 50
RUNNING = "running"
"""Where the form of a failed article stands, if not in the list."""


class ArticlesWanted(BaseModel):
    """The fields of the search form; empty: any."""

    q: str = Field("", max_length=200)
    state: str = Field("", max_length=20)
    site: str = Field("", max_length=64)
    below: str = Field("", max_length=64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What stands in the fields of the form for a new article, and what is wrong with it."""

    text: str = ""
    title: str = ""
    site: str = ""
    voice: str = ""
    complaint: str = ""
    status: int = 200


@router.get("")
def show_articles(
    request: Request,
    person: SignedIn,
    parts: GivenParts,
    wanted: Annotated[ArticlesWanted, Query()],
    complaint: Annotated[str, Query(max_length=300)] = "",
) -> Response:
    """The articles that fit, newest version first."""
    asked = ArticleFilter(
        state=wanted.state or None,
        site=wanted.site.strip() or None,
        words=wanted.q.strip() or None,
        sites=person.sites,
    )
    with parts.database.reading() as session:
        found = list_articles(session, asked, below=wanted.below or None, most=_PER_PAGE + 1)
        waiting = count_states(session, asked)
    values = {
        "articles": found[:_PER_PAGE],
        "waiting": waiting,
        "few": FEW,
        "wanted": wanted,
        "states": STATES,
        "sites": _sites(parts, person),
        "older": found[_PER_PAGE - 1].job_id if len(found) > _PER_PAGE else None,
        "person": person,
        "form_token": form_token(person.token),
    }
    return page(request, "staff_articles.html", values, language=language_accepted(request))


@router.get("/new")
def show_form(request: Request, person: SignedIn, parts: GivenParts) -> Response:
    """The form for a new article."""
    return _form(request, parts, person, Entered())


@router.post("/new")
async def speak_entered(request: Request, person: SignedIn, form: OwnForm, parts: GivenParts) -> Response:
    """Make a clip of a text or of the page at an address; the form says why not, where that can't be.

    Raises NotAllowed for a site that isn't theirs."""
    entered = Entered(
        text=form.get("text", "").strip(),
        title=form.get("title", "").strip()[:MAX_TITLE],
        site=form.get("site", "").strip(),
        voice=form.get("voice", ""),
    )
    return await run_in_threadpool(_speak, request, person, parts, entered)


@router.post("/retry")
async def retry_failed(request: Request, person: SignedIn, form: OwnForm, parts: GivenParts) -> Response:
    """Render one failed article again, from its line in the list or on the page Running. Raises NotFound, NotAllowed,
    Conflict."""
    return await run_in_threadpool(_retry, person, parts, form.get("job", ""), form.get("back", ""))


def _retry(person: Person, parts: Parts, job_id: str, back: str) -> Response:
    with parts.database.reading() as session:
        job = session.scalars(select(JobRow).where(JobRow.id == job_id)).one_or_none()
    if job is not None:
        person.require_site(job.site)
        render_again(parts, job.article_id, who=person.who)
    if back == RUNNING:
        return RedirectResponse("/staff/running", 303)
    query = back if back.startswith("?") else ""
    return RedirectResponse(f"/staff/articles{query}", 303)


def _speak(request: Request, person: Person, parts: Parts, entered: Entered) -> Response:
    entered = replace(entered, site=entered.site or _usual_site(parts, person))
    person.require_site(entered.site)

    def audited(session: Session, made: Submitted) -> None:
        note(parts.database, session, Deed(who=person.who, what="job.entered", subject=made.job_id, site=entered.site))

    try:
        article = _article(parts, entered)
        wish = Wish(queue="breaking", voice=entered.voice or None)  # somebody waits for it
        made = submit(parts, article, wish, together=audited)
    except ServiceError as error:
        return _form(request, parts, person, replace(entered, complaint=error.message, status=error.status))
    with parts.database.reading() as session:
        article_id = session.get_one(JobRow, made.job_id).article_id
    return RedirectResponse(f"/staff/articles/{article_id}", 303)


def _article(parts: Parts, entered: Entered) -> Article:
    """Raises EmptyArticle; for an address as fetch_article."""
    if not entered.text:
        raise EmptyArticle("Enter a text, or the address of an article.")
    if is_address(entered.text) and not entered.text.split()[1:]:
        found = fetch_article(entered.text, outbound_of(parts.settings))
        return Article(
            site=entered.site,
            external_id=_id_of(found.external_id),
            source=found.source,
            source_format=found.source_format,
            url=found.url,
            title=entered.title or None,
            read_as=found.read_as,
        )
    return Article(
        site=entered.site,
        external_id=_id_of(entered.title, entered.text),
        source=entered.text,
        source_format=SourceFormat.TEXT,
        title=entered.title or None,
    )


def _id_of(*parts: str) -> str:
    """The same text is the same article, and is spoken once."""
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _form(request: Request, parts: Parts, person: Person, entered: Entered) -> Response:
    site = entered.site or _usual_site(parts, person)
    values: dict[str, Any] = {
        "entered": entered,
        "max_title": MAX_TITLE,
        "sites": sorted({*_sites(parts, person), site}),
        "first_site": site,
        "voices": voices_offered(parts, first=site_language(parts, site) or language_accepted(request), site=site),
        "person": person,
        "form_token": form_token(person.token),
    }
    return page(request, "staff_article_new.html", values, language=language_accepted(request), status=entered.status)


def _usual_site(parts: Parts, person: Person) -> str:
    """The site of the newest article that a person sees; without one, theirs, or `PASTED`."""
    newest = select(ArticleRow.site).order_by(ArticleRow.id.desc()).limit(1)
    if person.sites is not None:
        newest = newest.where(ArticleRow.site.in_(person.sites))
    with parts.database.reading() as session:
        found = session.scalar(newest)
    return found or (PASTED if person.may_see(PASTED) else (person.sites or ("",))[0])


def _sites(parts: Parts, person: Person) -> list[str]:
    """The names of the sites that a person sees."""
    return [site.name for site in list_sites(parts.database) if person.may_see(site.name)]
