"""Checks: each site's rounds, what they closed, bringing it back."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from tts_service.access.tokens import form_token
from tts_service.cms.checks.restore import restore_articles
from tts_service.cms.checks.rounds import check_all_soon
from tts_service.cms.checks.staff import CheckFacts, RoundFacts, accept_closings, checks_of, rounds_of
from tts_service.web.given import GivenParts
from tts_service.web.languages import language_accepted
from tts_service.web.pages.templating import page
from tts_service.web.staff.session import OwnForm, SignedIn

router = APIRouter(prefix="/staff/checks", include_in_schema=False)

_VERDICTS = ("open", "taken away", "suspected", "gone", "closed", "reopened", "requested", "unknown")
"""In the order in which a round's counts are shown."""


@router.get("")
def show_checks(
    request: Request,
    person: SignedIn,
    parts: GivenParts,
    site: Annotated[str, Query(max_length=64)] = "",
    back: Annotated[int | None, Query(ge=0)] = None,
) -> Response:
    """Rounds and closings of the person's sites, or of one. `back`: how many articles were just brought back.

    Raises NotAllowed for another site."""
    if site.strip():
        person.require_site(site.strip())
    sites = (site.strip(),) if site.strip() else person.sites
    values = {
        "person": person,
        "form_token": form_token(person.token),
        "rounds": [_round(one) for one in rounds_of(parts.database, sites)],
        "checks": [_check(one) for one in checks_of(parts.database, sites)],
        "site": site,
        "back": back,
        "every_h": parts.settings.check_every_s / 3600,
        "confirm_s": round(parts.settings.check_confirm_s),
        "most": parts.settings.check_most_closed,
    }
    return page(request, "staff_checks.html", values, language=language_accepted(request))


@router.post("/back")
async def bring_articles_back(person: SignedIn, form: OwnForm, parts: GivenParts) -> Response:
    """Bring back one article that a check closed, or all of a site. Raises NotAllowed."""
    person.require_site(form.get("site", ""))
    article = form.get("article", "")
    count = await run_in_threadpool(
        restore_articles, parts, form.get("site", ""), [article] if article else None, person.who
    )
    return RedirectResponse(f"/staff/checks?back={count}", 303)


@router.post("/accept")
async def accept(person: SignedIn, form: OwnForm, parts: GivenParts) -> Response:
    """End a site's alarm: its articles really are closed. Raises NotFound, NotAllowed."""
    person.require_site(form.get("site", ""))
    await run_in_threadpool(accept_closings, parts, form.get("site", ""), person.who)
    return RedirectResponse("/staff/checks", 303)


@router.post("/start")
async def start(person: SignedIn, form: OwnForm, parts: GivenParts) -> Response:
    """Begin a site's next round at once. Raises NotFound, NotAllowed."""
    person.require_site(form.get("site", ""))
    await run_in_threadpool(check_all_soon, parts, form.get("site", ""), person.who)
    return RedirectResponse("/staff/checks", 303)


def _round(one: RoundFacts) -> dict[str, Any]:
    shown = one.counts if one.running else one.last
    return {
        "site": one.site,
        "running": one.running,
        "started": one.started_ms,
        "ended": one.ended_ms,
        "next": one.due_ms,
        "seconds": one.last.get("seconds"),
        "articles": shown.get("articles", 0),
        "checked": sum(count for name, count in shown.items() if name in _VERDICTS),
        "counts": [(name, shown[name]) for name in _VERDICTS if shown.get(name)],
        "alarm": one.alarm_ms,
    }


def _check(one: CheckFacts) -> dict[str, Any]:
    return {
        "id": one.article_id,
        "site": one.site,
        "name": one.title or one.external_id,
        "url": one.url or "",
        "state": one.acted or "suspected",
        "may_come_back": one.acted is not None,
        "reason": one.reason,
        "at": one.at_ms,
    }
