"""Grants for restricted clips, requested by the publisher's server for each reader."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response
from sqlalchemy import select

from tts_service.access.grants import Grants
from tts_service.db.tables import ArticleRow, ClipRow
from tts_service.errors import NotFound
from tts_service.jobs.versions import named_articles
from tts_service.parts import Parts
from tts_service.public_addresses import clip_url, listen_url
from tts_service.web.auth import MayGrant
from tts_service.web.doors.grant import GivenGrants, Reader
from tts_service.web.given import ClipId, GivenParts, SiteInPath
from tts_service.web.pages.unfurl import embed_url
from tts_service.web.reading import Shown, iso, present
from tts_service.web.responses import JSON_BODY, KEYED, problems
from tts_service.web.schemas.clips import GrantIn, GrantOut
from tts_service.web.schemas.fields import ExternalId

router = APIRouter(prefix="/v1", tags=["clips"])

_NOT_KEPT = {"Cache-Control": "no-store"}


@router.post("/clips/{clip_id}/grants", status_code=201, responses=problems(*KEYED, *JSON_BODY, NotFound))
def grant_clip(
    clip_id: ClipId,
    caller: MayGrant,
    parts: GivenParts,
    grants: GivenGrants,
    response: Response,
    wanted: GrantIn | None = None,
) -> GrantOut:
    """Issue a grant for a clip.

    A grant lets one reader play a restricted clip for a limited time. Request one for each page view, and only for
    readers who have access to the article. Put it into the player's attribute `grant`, or append `?grant=…` to any
    address of the clip. Until `renewable_until`, each description of the clip (`GET /v1/clips/{clip_id}?grant=…`)
    contains a renewed grant.
    """
    with parts.database.reading() as session:
        shown = present(parts, session, clip_id)
    if not caller.may_touch(shown.article.site):
        raise NotFound(f"There is no clip {clip_id[:64]}.")
    response.headers.update(_NOT_KEPT)
    return _given(parts, grants, shown, wanted or GrantIn())


@router.post(
    "/articles/{site}/{external_id:path}/grants", status_code=201, responses=problems(*KEYED, *JSON_BODY, NotFound)
)
def grant_article(
    site: SiteInPath,
    external_id: Annotated[
        ExternalId, Path(description="The article's id in the CMS, in which slashes need no encoding")
    ],
    caller: MayGrant,
    parts: GivenParts,
    grants: GivenGrants,
    response: Response,
    wanted: GrantIn | None = None,
) -> GrantOut:
    """Issue a grant for the clip of an article.

    The article is named by its id in the CMS. For a document in several languages, use the version's id (`article.id`
    in events, such as `42:de`). The document's own id works if it has only one version.
    """
    caller.require_site(site)
    with parts.database.reading() as session:
        found = select(ClipRow.id, ArticleRow.external_id).join(ArticleRow, ArticleRow.id == ClipRow.article_id)
        ids = {
            named: clip_id for clip_id, named in session.execute(found.where(named_articles(site, external_id))).all()
        }
        clip_id = ids.get(external_id) or (next(iter(ids.values())) if len(ids) == 1 else None)
        if clip_id is None:
            raise NotFound(f"The site {site} has no clip of an article {external_id[:64]}.")
        shown = present(parts, session, clip_id)
    response.headers.update(_NOT_KEPT)
    return _given(parts, grants, shown, wanted or GrantIn())


def _given(parts: Parts, grants: Grants, shown: Shown, wanted: GrantIn) -> GrantOut:
    grant = grants.give(shown.subject, wanted.life_s, wanted.renew_s)
    settings, clip_id, query = parts.settings, shown.clip.id, Reader(grants, grant.token).query("?")
    return GrantOut(
        clip=clip_id,
        grant=grant.token,
        expires_at=iso(grant.expires_s * 1000),
        renewable_until=iso(grant.until_s * 1000),
        listen_url=listen_url(settings, clip_id) + query,
        embed_url=embed_url(settings, clip_id) + query,
        audio_url=clip_url(settings, clip_id, "audio.mp3") + query,
    )
