"""Sites: the list, and one site's settings. Editors read those of their sites; admins change them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from tts_service.access.staff import Person
from tts_service.access.tokens import form_token
from tts_service.cms.feeds.register import add_feed, read_soon, remove_feed
from tts_service.cms.inbox.addresses import list_hooks
from tts_service.db.tables import ArticleRow, SiteFeedRow
from tts_service.errors import InputRefused, ServiceError
from tts_service.newsroom.policies import change_policy
from tts_service.newsroom.sites import SITE_NAME, list_sites, options_in, set_options, set_origins
from tts_service.parts import Parts
from tts_service.retention.site_erasure import close_site
from tts_service.web.given import GivenParts
from tts_service.web.languages import language_accepted
from tts_service.web.pages.templating import page
from tts_service.web.staff.session import AdminSignedIn, OwnForm, SignedIn
from tts_service.web.staff.sites.connections import CONNECTIONS, change_connection
from tts_service.web.staff.sites.forms import errors_of, kept_aside, options_from_form, policy_from_form
from tts_service.web.staff.sites.page import RefusedForm, site_page

router = APIRouter(prefix="/staff/sites", include_in_schema=False)

SiteName = Annotated[str, Path(pattern=SITE_NAME)]


@router.get("")
def show_site_list(request: Request, person: SignedIn, parts: GivenParts, name: str = "") -> Response:
    """The sites that the person sees; `name`: leads on to this one, which need not have sent anything yet."""
    if name.strip():
        return RedirectResponse(f"/staff/sites/{name.strip()[:64]}", 303)
    hooks: dict[str, int] = {}
    for hook in list_hooks(parts.database):
        hooks[hook.site] = hooks.get(hook.site, 0) + 1
    sites = [site for site in list_sites(parts.database) if person.may_see(site.name)]
    with parts.database.reading() as session:
        articles = _counted(session, ArticleRow)
        feeds = _counted(session, SiteFeedRow)
        held = {site.name for site in sites if site.options and options_in(session, site.name).hold}
    values = {
        "sites": sites,
        "articles": articles,
        "feeds": feeds,
        "hooks": hooks,
        "held": held,
        "person": person,
        "form_token": form_token(person.token),
    }
    return page(request, "staff_sites.html", values, language=language_accepted(request))


@router.get("/{site}")
def show_site(request: Request, site: SiteName, person: SignedIn, parts: GivenParts) -> Response:
    """One site's settings. Raises NotAllowed."""
    person.require_site(site)
    return site_page(request, parts, person, site)


@router.post("/{site}")
async def change_site(
    request: Request, site: SiteName, person: AdminSignedIn, form: OwnForm, parts: GivenParts
) -> Response:
    """Do what one of the page's forms asks for; the page says what is wrong, at the field. Raises NotAllowed."""
    if form.get("do") in CONNECTIONS:
        return await run_in_threadpool(_connect, request, parts, person, site, dict(form))
    return await run_in_threadpool(_settle, request, parts, person, site, dict(form))


def _connect(request: Request, parts: Parts, person: Person, site: str, form: Mapping[str, str]) -> Response:
    """Hooks and keys: what is made is shown once, so the page itself is the answer."""
    try:
        told = change_connection(request, parts, person, site, form)
    except ServiceError as error:
        refused = RefusedForm(form=form, errors=errors_of(error.details, error.message), status=error.status)
        return site_page(request, parts, person, site, refused=refused)
    if told is None:
        return RedirectResponse(f"/staff/sites/{site}?saved={form['do']}#told", 303)
    return site_page(request, parts, person, site, told=told)


def _settle(request: Request, parts: Parts, person: Person, site: str, form: Mapping[str, str]) -> Response:
    try:
        _settled(parts, person, site, form)
    except ServiceError as error:
        refused = RefusedForm(form=form, errors=errors_of(error.details, error.message), status=error.status)
        return site_page(request, parts, person, site, refused=refused)
    return RedirectResponse(f"/staff/sites/{site}?saved={form['do']}#told", 303)


def _settled(parts: Parts, person: Person, site: str, form: Mapping[str, str]) -> None:
    """Raises InputRefused, PolicyRefused, VoiceNotFound, OptionsRefused, NotFound, AddressRefused, Conflict."""
    match form.get("do", ""):
        case "policy":
            change_policy(
                parts.database,
                parts.voices,
                site,
                lambda before: policy_from_form(form, before) or None,
                who=person.who,
            )
        case "policy-reset":
            change_policy(
                parts.database,
                parts.voices,
                site,
                lambda before: kept_aside(before) or None,
                who=person.who,
                what="site.policy-removed",
            )
        case "options":
            set_options(parts.database, site, options_from_form(form), who=person.who)
        case "origins":
            set_origins(parts.database, site, form.get("origins", "").split(), who=person.who)
        case "feed-add":
            add_feed(parts, site, form.get("url", "").strip(), person.who)
        case "feed-remove":
            remove_feed(parts, site, form.get("url", ""), person.who)
        case "feeds-read":
            read_soon(parts, site)
        case "erase":
            if form.get("name", "").strip() != site:
                raise InputRefused("To erase this site, type its name.", field="name")
            close_site(parts, site, person.who)
        case _:
            raise InputRefused("This form is not known here: open the page again.")


def _counted(session: Session, table: type[ArticleRow] | type[SiteFeedRow]) -> dict[str, int]:
    rows = session.execute(select(table.site, func.count()).group_by(table.site))
    return {site: int(count) for site, count in rows}
