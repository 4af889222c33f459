"""The first page: the newest clips, and for staff a form that speaks a text or an address.

On this machine alone (no TTS_PUBLIC_URL) anybody sees the list; under a public address only staff do, because it names
the articles of every site. Clips that aren't public are shown to staff as lines without a player.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from tts_service import __version__
from tts_service.access.audit import Deed, record
from tts_service.access.sessions import person_of
from tts_service.access.sites import within
from tts_service.access.staff import Person
from tts_service.access.tokens import form_token
from tts_service.article.fetch import fetch_article, is_address
from tts_service.db.tables import ClipRevisionRow, JobRow
from tts_service.errors import EmptyArticle, NotFound, ServiceError
from tts_service.http.client import outbound_of
from tts_service.jobs.submit import Wish, submit
from tts_service.parts import Parts
from tts_service.values import Article, SourceFormat
from tts_service.web.given import GivenParts
from tts_service.web.languages import catalogue, language_accepted, moment
from tts_service.web.pages.clip import player_values, skipped_parts
from tts_service.web.pages.templating import page
from tts_service.web.reading import present
from tts_service.web.staff.session import OwnForm, SignedIn, cookie_name

router = APIRouter(include_in_schema=False)

SITE = "pasted"
"""Of the articles that staff paste."""
MAX_TITLE = 1000
_NEWEST = 10
_JOBS_LOOKED_AT = 100
"""An article that is saved again and again has many."""
_ENDED = ("succeeded", "failed", "cancelled", "superseded")


def _somebody(request: Request, parts: GivenParts) -> Person | None:
    return person_of(parts.database, request.cookies.get(cookie_name(parts.settings), ""))


Somebody = Annotated[Person | None, Depends(_somebody)]
"""Who is signed in, if anybody is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What stands in the form's fields, and what is wrong with it."""

    text: str = ""
    title: str = ""
    complaint: str = ""
    status: int = 200


@router.get("/")
def first_page(request: Request, person: Somebody, parts: GivenParts) -> Response:
    """What this service is, and the newest clips."""
    return _first_page(request, person, parts, Entered())


@router.post("/staff/new")
async def speak_entered(request: Request, person: SignedIn, form: OwnForm, parts: GivenParts) -> Response:
    """Make a clip of a text or of the page at an address; the first page says why not, where that can't be.

    Raises NotAllowed for who has access only to other sites."""
    person.require_site(SITE)
    entered = Entered(text=form.get("text", "").strip(), title=form.get("title", "").strip()[:MAX_TITLE])
    return await run_in_threadpool(_speak, request, person, parts, entered)


@router.get("/staff/new/{job_id}")
def show_entered(
    request: Request, job_id: Annotated[str, Path(max_length=64)], person: SignedIn, parts: GivenParts
) -> Response:
    """A clip while it is made: how far it is, its player, and what is skipped and why.

    Raises NotFound, NotAllowed."""
    with parts.database.reading() as session:
        job = session.get(JobRow, job_id)
        if job is None:
            raise NotFound(f"There is no job {job_id}.")
        person.require_site(job.site)
        shown = present(parts, session, job.clip_id)
        row = session.get(ClipRevisionRow, (job.clip_id, job.revision))
    language = language_accepted(request)
    values = player_values(shown) | {
        "person": person,
        "form_token": form_token(person.token),
        "job": job,
        "ended": job.state in _ENDED,
        "error": (job.error or {}).get("detail", ""),
        "account": skipped_parts(row, catalogue(language)) if row else None,
    }
    return page(request, "staff_new.html", values, language=language)


def _speak(request: Request, person: Person, parts: Parts, entered: Entered) -> Response:
    try:
        article = _article(parts, entered)
        made = submit(parts, article, Wish(queue="breaking"))  # somebody waits for it
    except ServiceError as error:
        told = Entered(text=entered.text, title=entered.title, complaint=error.message, status=error.status)
        return _first_page(request, person, parts, told)
    record(parts.database, Deed(who=person.who, what="job.entered", subject=made.job_id, site=SITE))
    return RedirectResponse(f"/staff/new/{made.job_id}", 303)


def _article(parts: Parts, entered: Entered) -> Article:
    """Raises EmptyArticle; for an address as fetch_article."""
    if not entered.text:
        raise EmptyArticle("Enter a text, or the address of an article.")
    if is_address(entered.text) and not entered.text.split()[1:]:
        found = fetch_article(entered.text, outbound_of(parts.settings))
        return Article(
            site=SITE,
            external_id=_id_of(found.external_id),
            source=found.source,
            source_format=found.source_format,
            url=found.url,
            title=entered.title or None,
            read_as=found.read_as,
        )
    return Article(
        site=SITE,
        external_id=_id_of(entered.title, entered.text),
        source=entered.text,
        source_format=SourceFormat.TEXT,
        title=entered.title or None,
    )


def _id_of(*parts: str) -> str:
    """The same text is the same article, and is spoken once."""
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _first_page(request: Request, person: Person | None, parts: Parts, entered: Entered) -> Response:
    language = language_accepted(request)
    listed = person is not None or not parts.settings.public_url
    with parts.database.reading() as session:
        clips = _newest(parts, session, language, person) if listed else []
    values: dict[str, Any] = {
        "version": __version__,
        "somebody": person,
        "form_token": form_token(person.token) if person else "",
        "listed": listed,
        "clips": clips,
        "entered": entered,
        "max_title": MAX_TITLE,
    }
    return page(request, "index.html", values, language=language, status=entered.status)


def _newest(parts: Parts, session: Session, language: str, person: Person | None) -> list[dict[str, Any]]:
    """The clips of the newest jobs, each once; for staff only those of their sites, public or not."""
    found: dict[str, dict[str, Any]] = {}
    mine = within(person.sites if person else None, JobRow.site)
    query = select(JobRow).where(mine).order_by(JobRow.id.desc()).limit(_JOBS_LOOKED_AT)  # ids sort by time
    for job in session.scalars(query):
        if job.clip_id in found:
            continue
        try:
            shown = present(parts, session, job.clip_id)
        except NotFound:  # withdrawn, or not out yet
            continue
        if not (shown.public or person):
            continue
        found[job.clip_id] = player_values(shown) | {
            "title": shown.title or job.clip_id,
            "site": job.site,
            "at": moment(job.created_ms, language),
            "public": shown.public,
            "error": (job.error or {}).get("detail", "") if person and shown.state == "failed" else "",
        }
        if len(found) == _NEWEST:
            break
    return list(found.values())
