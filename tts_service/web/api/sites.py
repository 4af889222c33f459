"""Sites: how their articles are spoken, and which pages are theirs."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Security
from pydantic import WithJsonSchema

from tts_service.access.audit import Deed, record
from tts_service.access.keys import Caller
from tts_service.errors import InputRefused, InvalidRequest, NotFound, OptionsRefused, PolicyRefused, VoiceNotFound
from tts_service.newsroom.sites import (
    list_sites,
    options_for,
    policy_for,
    remove_policy,
    set_options,
    set_origins,
    set_policy,
    site_of,
    whole,
)
from tts_service.parts import Parts
from tts_service.values.site_options import whole_options
from tts_service.web.auth import MaySettle
from tts_service.web.given import GivenParts, SiteInPath
from tts_service.web.reading import iso
from tts_service.web.responses import JSON_BODY, STAFF, problems
from tts_service.web.schemas.sites import (
    OPTIONS,
    POLICY,
    OptionsOut,
    OriginsIn,
    OriginsOut,
    PolicyOut,
    SiteList,
    SiteOut,
)
from tts_service.web.security import SESSION

router = APIRouter(prefix="/v1/sites", tags=["sites"], dependencies=[Security(SESSION)])


def _own(site: SiteInPath, caller: MaySettle) -> str:
    """A dependency: the site's name, if the key is for it. Raises NotAllowed."""
    caller.require_site(site)
    return site


OwnSite = Annotated[str, Depends(_own)]


@router.get("", responses=problems(*STAFF))
def show_sites(caller: MaySettle, parts: GivenParts) -> SiteList:
    """Every site that has sent articles or for which something is settled; with a site's key, that one."""
    found = [site for site in list_sites(parts.database) if caller.may_touch(site.name)]
    return SiteList(
        sites=[
            SiteOut(
                site=site.name,
                policy=site.policy,
                origins=list(site.origins),
                updated_at=iso(site.updated_ms) if site.updated_ms else None,
            )
            for site in found
        ]
    )


@router.get("/{site}/policy", responses=problems(*STAFF, InvalidRequest))
def show_policy(site: OwnSite, parts: GivenParts) -> PolicyOut:
    """How a site's articles are spoken: what was entered for it, and what follows from it and the usual."""
    return _policy(parts, site)


@router.put("/{site}/policy", responses=problems(*STAFF, *JSON_BODY, InputRefused, PolicyRefused, VoiceNotFound))
def enter_policy(
    site: OwnSite,
    policy: Annotated[
        dict[str, Any],
        WithJsonSchema({"$ref": "#/components/schemas/SpeechPolicy"}),
        Body(openapi_examples={"policy": {"value": POLICY}}),
    ],
    caller: MaySettle,
    parts: GivenParts,
) -> PolicyOut:
    """Enter a site's policy in place of the one before; only what differs from the usual is needed.

    `blocks` by kind: treatment (spoken, skipped, announced), voice, language, rate (0.5 to 2). `emoji`: named or
    dropped. `pauses`: milliseconds. Articles sent from now on are spoken by it; sending one again renders it anew, of
    which only what changed is spoken.
    """
    set_policy(parts.database, parts.voices, site, policy)
    _noted(parts, caller, "site.policy", site)
    return _policy(parts, site)


@router.delete("/{site}/policy", status_code=204, responses=problems(*STAFF, InvalidRequest, NotFound))
def drop_policy(site: OwnSite, caller: MaySettle, parts: GivenParts) -> None:
    """Speak the site's articles as usual again."""
    remove_policy(parts.database, site)
    _noted(parts, caller, "site.policy-removed", site)


@router.get("/{site}/options", responses=problems(*STAFF, InvalidRequest))
def show_options(site: OwnSite, parts: GivenParts) -> OptionsOut:
    """What a site's feeds and pages here do: what was entered for it, and what follows from it and the usual."""
    return _options(parts, site)


@router.put("/{site}/options", responses=problems(*STAFF, *JSON_BODY, InputRefused, OptionsRefused))
def enter_options(
    site: OwnSite,
    options: Annotated[
        dict[str, Any],
        WithJsonSchema({"$ref": "#/components/schemas/SiteOptions"}),
        Body(openapi_examples={"options": {"value": OPTIONS}}),
    ],
    caller: MaySettle,
    parts: GivenParts,
) -> OptionsOut:
    """Enter a site's options in place of those before; only what differs from the usual is needed; `{}`: as usual.

    `feeds`, `title`, `description`, `link`, `image`, `author`, `email`, `language`, `category`, `explicit`, `locked`
    (docs/feeds.md); `time_zone`: of dates without one; `download`: the pages here offer the file; `listening`: it is
    counted how far people listen; `tracking`: parameters of the site's addresses that don't say which page it is.
    """
    set_options(parts.database, site, options)
    _noted(parts, caller, "site.options", site, options=sorted(options))
    return _options(parts, site)


@router.put("/{site}/origins", responses=problems(*STAFF, *JSON_BODY, InputRefused))
def enter_origins(
    site: OwnSite, sent: Annotated[OriginsIn, Body()], caller: MaySettle, parts: GivenParts
) -> OriginsOut:
    """Say where a site's pages are, in place of what was said before: `https://www.example.org`, without a path.

    Scripts of these pages may read clips and send feedback (CORS), those of others may not.
    """
    origins = set_origins(parts.database, site, sent.origins)
    _noted(parts, caller, "site.origins", site, origins=list(origins))
    return OriginsOut(site=site, origins=list(origins))


def _noted(parts: Parts, caller: Caller, what: str, site: str, **details: Any) -> None:
    record(parts.database, Deed(who=caller.who, what=what, subject=site, site=site, details=details))


def _options(parts: Parts, site: str) -> OptionsOut:
    found = site_of(parts.database, site)
    effective = whole_options(options_for(parts.database, site))
    return OptionsOut(
        site=site,
        options=found.options,
        effective=effective,
        updated_at=iso(found.updated_ms) if found.updated_ms else None,
    )


def _policy(parts: Parts, site: str) -> PolicyOut:
    found = site_of(parts.database, site)
    effective = whole(policy_for(parts.database, parts.settings, site))
    updated = iso(found.updated_ms) if found.updated_ms else None
    return PolicyOut(
        site=site, policy=found.policy, origins=list(found.origins), effective=effective, updated_at=updated
    )
