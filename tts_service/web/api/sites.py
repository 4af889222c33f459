"""Sites: speech policy, options, origins."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Security
from pydantic import WithJsonSchema

from tts_service.errors import (
    InputRefused,
    InvalidRequest,
    NotFound,
    OptionsRefused,
    PolicyRefused,
    SiteClosed,
    VoiceNotFound,
)
from tts_service.newsroom.policies import policy_for, remove_policy, set_policy, whole
from tts_service.newsroom.sites import list_sites, options_for, set_options, set_origins, site_of
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
    """List the sites that have sent articles or have settings. A key for one site sees only that site."""
    found = [site for site in list_sites(parts.database) if caller.may_touch(site.name)]
    return SiteList(
        sites=[
            SiteOut(
                site=site.name,
                policy=site.policy,
                origins=list(site.origins),
                kept_voices=site.kept_voices or {},
                updated_at=iso(site.updated_ms) if site.updated_ms else None,
            )
            for site in found
        ]
    )


@router.get("/{site}/policy", responses=problems(*STAFF, InvalidRequest))
def show_policy(site: OwnSite, parts: GivenParts) -> PolicyOut:
    """Show a site's speech policy, as it was set and with the defaults."""
    return _policy(parts, site)


@router.put(
    "/{site}/policy",
    responses=problems(*STAFF, *JSON_BODY, InputRefused, PolicyRefused, SiteClosed, VoiceNotFound),
)
def replace_policy(
    site: OwnSite,
    policy: Annotated[
        dict[str, Any],
        WithJsonSchema({"$ref": "#/components/schemas/SpeechPolicy"}),
        Body(openapi_examples={"policy": {"value": POLICY}}),
    ],
    caller: MaySettle,
    parts: GivenParts,
) -> PolicyOut:
    """Replace a site's speech policy. Send only what differs from the defaults.

    `blocks` sets treatment (`spoken`, `skipped`, `announced`), voice, language and rate (0.5 to 2) for each kind of
    block, `emoji` whether emoji are `named` or `dropped`, `pauses` their length in milliseconds. The policy applies to
    articles sent from then on. An article that is sent again is rendered again, but only the sentences that sound
    different are synthesised.
    """
    set_policy(parts.database, parts.voices, site, policy, who=caller.who)
    return _policy(parts, site)


@router.delete("/{site}/policy", status_code=204, responses=problems(*STAFF, InvalidRequest, NotFound))
def reset_policy(site: OwnSite, caller: MaySettle, parts: GivenParts) -> None:
    """Remove a site's speech policy. The defaults then apply."""
    remove_policy(parts.database, site, who=caller.who)


@router.get("/{site}/options", responses=problems(*STAFF, InvalidRequest))
def show_options(site: OwnSite, parts: GivenParts) -> OptionsOut:
    """Show a site's options, as they were set and with the defaults."""
    return _options(parts, site)


@router.put("/{site}/options", responses=problems(*STAFF, *JSON_BODY, InputRefused, OptionsRefused, SiteClosed))
def replace_options(
    site: OwnSite,
    options: Annotated[
        dict[str, Any],
        WithJsonSchema({"$ref": "#/components/schemas/SiteOptions"}),
        Body(openapi_examples={"options": {"value": OPTIONS}}),
    ],
    caller: MaySettle,
    parts: GivenParts,
) -> OptionsOut:
    """Replace a site's options. Send only what differs from the defaults; `{}` resets them all.

    `feeds`, `title`, `description`, `link`, `image`, `author`, `email`, `language`, `category`, `explicit` and `locked`
    describe its feeds (docs/feeds.md). `time_zone` applies to dates without one. `download` offers the file on the
    clip's pages. `hold` keeps each new version of a clip until staff release it. `hearing` says when a recogniser hears
    new sentences (docs/voices.md). `listening` turns listening statistics on. `tracking` lists query parameters to
    ignore when pages are matched by address. `keep_…` say how long earlier audio, jobs, webhooks and log lines are
    kept; `characters_a_day`, `characters_a_month` and `stored_bytes` are the site's quotas (docs/operations.md).
    `remote_characters_a_month` and `remote_fallback` apply to voices on other servers (docs/engines.md).
    """
    set_options(parts.database, site, options, who=caller.who)
    return _options(parts, site)


@router.put("/{site}/origins", responses=problems(*STAFF, *JSON_BODY, InputRefused, SiteClosed))
def replace_origins(
    site: OwnSite, sent: Annotated[OriginsIn, Body()], caller: MaySettle, parts: GivenParts
) -> OriginsOut:
    """Replace the origins of a site's pages.

    An origin has no path: `https://www.example.org`. Only scripts on these pages can read clips and send feedback
    (CORS).
    """
    origins = set_origins(parts.database, site, sent.origins, who=caller.who)
    return OriginsOut(site=site, origins=list(origins))


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
        site=site,
        policy=found.policy,
        origins=list(found.origins),
        kept_voices=found.kept_voices or {},
        effective=effective,
        updated_at=updated,
    )
