"""Rules of a site for recurring blocks: "this box should not be read", with what a rule changes before it is saved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool

from tts_service.access.staff import Person
from tts_service.access.tokens import form_token
from tts_service.corrections.accept import MAX_WHY
from tts_service.corrections.accept_rule import AcceptedRule, accept_rule, accept_rule_gone
from tts_service.corrections.impact.block_rules import RuleEdit, RuleImpact, rule_impact
from tts_service.errors import PolicyRefused, ServiceError
from tts_service.newsroom.policies import policy_for
from tts_service.newsroom.sites import SITE_NAME
from tts_service.parts import Parts
from tts_service.values import BlockKind
from tts_service.values.speech_policy import BlockRule
from tts_service.web.given import GivenParts
from tts_service.web.languages import language_accepted
from tts_service.web.pages.templating import page
from tts_service.web.staff.session import OwnForm, SignedIn

router = APIRouter(prefix="/staff/sites", include_in_schema=False)

SiteName = Annotated[str, Path(pattern=SITE_NAME)]
_RULE = TypeAdapter(BlockRule)


@router.get("/{site}/rules")
def show_rules(
    request: Request,
    site: SiteName,
    person: SignedIn,
    parts: GivenParts,
    text: Annotated[str, Query(max_length=300)] = "",
    kind: Annotated[str, Query(max_length=20)] = "",
    treatment: Annotated[str, Query(max_length=20)] = "skipped",
) -> Response:
    """A site's rules, and the form for a new one, filled as far as the address says. Raises NotAllowed."""
    person.require_site(site)
    form = {"text": text, "kind": kind, "treatment": treatment}
    return _page(request, parts, person, site, form)


@router.post("/{site}/rules")
async def send_rule(request: Request, site: SiteName, person: SignedIn, form: OwnForm, parts: GivenParts) -> Response:
    """Show what a rule would change, add it, or remove one. Raises NotAllowed."""
    person.require_site(site)
    return await run_in_threadpool(_change, request, parts, person, site, dict(form))


def _change(request: Request, parts: Parts, person: Person, site: str, form: dict[str, str]) -> Response:
    try:
        rule = _rule(form)
        if form.get("do") in ("add", "remove"):
            accept = accept_rule if form["do"] == "add" else accept_rule_gone
            done = accept(parts, site, rule, why=form.get("why", ""), who=person.who)
            return _page(request, parts, person, site, {}, done=done)
        rules = policy_for(parts.database, parts.settings, site).rules
        impact = rule_impact(parts, RuleEdit(site=site, rule=rule, before=None, after=len(rules)))
        return _page(request, parts, person, site, form, impact=impact)
    except ServiceError as error:
        return _page(request, parts, person, site, form, complaint=error.message, status=error.status)


def _rule(form: Mapping[str, str]) -> BlockRule:
    """Raises PolicyRefused."""
    given = {
        "text": form.get("text", "").strip(),
        "begins": bool(form.get("begins")),
        "kind": form.get("kind") or None,
        "treatment": form.get("treatment", ""),
    }
    try:
        return _RULE.validate_python(given)
    except ValidationError as error:
        if error.errors()[0]["loc"][0] == "text":
            raise PolicyRefused("A rule's text must have 1 to 300 characters, a letter or digit among them.") from error
        raise PolicyRefused("This form is not known here: open the page again.") from error


def _page(
    request: Request,
    parts: Parts,
    person: Person,
    site: str,
    form: Mapping[str, str],
    *,
    impact: RuleImpact | None = None,
    done: AcceptedRule | None = None,
    complaint: str = "",
    status: int = 200,
) -> Response:
    values = {
        "person": person,
        "form_token": form_token(person.token),
        "site": site,
        "rules": [asdict(rule) for rule in policy_for(parts.database, parts.settings, site).rules],
        "form": defaultdict(str, form),
        "kinds": [kind.value for kind in BlockKind],
        "impact": impact,
        "max_why": MAX_WHY,
        "done": done,
        "complaint": complaint,
    }
    return page(request, "staff_rules.html", values, language=language_accepted(request), status=status)
