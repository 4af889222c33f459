"""The page of one site: every setting as a form, with help and errors at the fields."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request, Response

from tts_service.access.keys import SCOPES, list_keys
from tts_service.access.staff import Person
from tts_service.access.tokens import form_token
from tts_service.cms.feeds.register import feeds_of, not_taken
from tts_service.cms.sources.registry import SOURCES
from tts_service.newsroom.policies import policy_for
from tts_service.newsroom.sites import options_for, site_of
from tts_service.parts import Parts
from tts_service.public_addresses import feed_url
from tts_service.values import BlockKind
from tts_service.values.speech_policy import Treatment
from tts_service.web.languages import language_accepted
from tts_service.web.pages.templating import page
from tts_service.web.pages.voice_names import language_name
from tts_service.web.staff.articles.voice_choice import REASONS, site_language, speaking_voices, voices_offered
from tts_service.web.staff.sites.connections import ShownOnce, hooks_of
from tts_service.web.staff.sites.forms import (
    GROUPS,
    PAUSES,
    FormState,
    kept_aside,
    option_values,
    policy_values,
    treatments,
    usual_pauses,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedForm:
    """A form that can't be done as it was sent."""

    form: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)
    """By field."""
    status: int = 422


def site_page(
    request: Request,
    parts: Parts,
    person: Person,
    site: str,
    *,
    refused: RefusedForm | None = None,
    told: ShownOnce | None = None,
) -> Response:
    """The page, with what was entered in the form that was refused."""
    kept = site_of(parts.database, site)
    sent = refused.form.get("do", "") if refused else ""
    admin = person.role == "admin"

    def state(do: str, values: Mapping[str, Any]) -> FormState:
        if refused is None or sent != do:
            return FormState(values=values)
        entered = {name: refused.form.get(name, "") for name in values}
        return FormState(values=entered, errors=refused.errors)

    options = options_for(parts.database, site)
    policy = policy_for(parts.database, parts.settings, site)
    values: dict[str, Any] = {
        "person": person,
        "form_token": form_token(person.token),
        "site": site,
        "admin": admin,
        "own_policy": kept.policy is not None and kept.policy != kept_aside(kept.policy),
        "policy": state("policy", policy_values(kept.policy)),
        "options": state("options", option_values(kept.options)),
        "origins": state("origins", {"origins": "\n".join(kept.origins)}),
        "feed": state("feed-add", {"url": ""}),
        "hook": state("hook-add", {"source": "", "secret": "", "types": "", "fields": "", "options": ""}),
        "closed_ms": kept.closed_ms,
        "erase": state("erase", {"name": ""}),
        "key": state("key-add", {"name": "", "days": ""} | {f"scope.{scope}": "" for scope in SCOPES}),
        "faults": _faults(sent, refused, has_form=_has_form(sent, admin)) if refused else [],
        "refused": sent,
        "entered": defaultdict(str, refused.form if refused else {}),
        "told": told or ShownOnce(),
        "saved": request.query_params.get("saved", ""),
        "groups": GROUPS,
        "pause_names": PAUSES,
        "usual_pauses": usual_pauses(),
        "kinds": [kind.value for kind in BlockKind],
        "usual_treatments": treatments(),
        "treatments": [treatment.value for treatment in Treatment],
        "notice_spoken": policy.notice is not None,
        "speaking": {
            language_name(code, language_accepted(request)): choice
            for code, choice in speaking_voices(parts, site, policy).items()
        },
        "reasons": REASONS,
        "voices": voices_offered(parts, first=site_language(parts, site) or options.language, site=site),
        "feeds": feeds_of(parts.database, site),
        "not_taken": not_taken(parts.database, site),
        "feed_address": feed_url(parts.settings, site) if options.feeds else "",
        "hooks": hooks_of(parts, site) if admin else [],
        "sources": sorted(SOURCES),
        "keys": [key for key in list_keys(parts.database) if key["site"] == site] if admin else [],
        "scopes": SCOPES,
    }
    status = refused.status if refused else 200
    return page(request, "staff_site.html", values, language=language_accepted(request), status=status)


_SECTIONS = {"feed-add": "feed-url", "origins": "origins-list", "hook-add": "hooks", "key-add": "keys"}
"""Where an error stands that none of a form's fields has."""


def _faults(do: str, refused: RefusedForm, *, has_form: bool) -> list[Mapping[str, str]]:
    """What is wrong, each with the id of the element to which it leads; none where there is no form."""
    return [
        {"message": message, "id": _id_of(do, place) if has_form else ""} for place, message in refused.errors.items()
    ]


def _id_of(do: str, place: str) -> str:
    """Id of the field that errors name so."""
    top, _, rest = place.partition(".")
    whole = _SECTIONS.get(do, do)
    if not place or do in ("feed-add", "origins"):
        return whole
    if do == "policy" and top == "blocks":
        kind, _, name = rest.partition(".")
        return f"block-{kind}-{name or 'error'}"
    if do == "policy" and top == "pauses":
        return f"pause-{rest}" if rest in PAUSES else whole
    if do == "policy":
        found = next((name for name in _ALONE if place == name or place.startswith(f"{name}.")), "")
        return found.replace(".", "-") or whole
    if place == "scopes":
        return "scope-1"
    prefix = {"options": "option", "hook-add": "hook", "key-add": "key", "erase": "erase"}.get(do)
    return f"{prefix}-{top}" if prefix else whole


_ALONE = ("voices", "emoji", "unspeakable", "notice.every_minutes", "notice.texts")
"""Fields of the policy that belong to no kind of block."""


def _has_form(do: str, admin: bool) -> bool:
    """Whether the page has a form with fields for it, which says itself what is wrong."""
    return admin and do in ("policy", "options", "origins", "feed-add", "hook-add", "key-add", "erase")
