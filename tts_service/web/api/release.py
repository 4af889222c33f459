"""Releases clips that a site holds until its staff have heard them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body

from tts_service.corrections.release import release_held
from tts_service.db.tables import ArticleRow, ClipRow
from tts_service.errors import Conflict, InvalidRequest, NotFound
from tts_service.parts import Parts
from tts_service.web.auth import MayReport
from tts_service.web.given import ClipId, GivenParts
from tts_service.web.responses import JSON_BODY, KEYED, problems
from tts_service.web.schemas.clips import ReleaseIn, ReleaseOut

router = APIRouter(prefix="/v1/clips", tags=["clips"])


@router.post("/{clip_id}/release", responses=problems(*KEYED, *JSON_BODY, Conflict, InvalidRequest, NotFound))
def release_clip(
    clip_id: ClipId, caller: MayReport, parts: GivenParts, wanted: Annotated[ReleaseIn | None, Body()] = None
) -> ReleaseOut:
    """Publish the revision of a clip that waits for its release.

    Sites with the option `hold` publish no new version of a clip before their staff have heard it. Name the revision
    that was heard, so that a newer one isn't released unheard. 409 if nothing is held, or another revision is.
    """
    if not caller.may_touch(_site_of(parts, clip_id)):
        raise NotFound(f"There is no clip {clip_id[:64]}.")
    released = release_held(parts, clip_id, who=caller.who, revision=wanted.revision if wanted else None)
    return ReleaseOut(clip=released.clip_id, revision=released.revision)


def _site_of(parts: Parts, clip_id: str) -> str:
    with parts.database.reading() as session:
        clip = session.get(ClipRow, clip_id)
        article = session.get(ArticleRow, clip.article_id) if clip else None
    if article is None:
        raise NotFound(f"There is no clip {clip_id[:64]}.")
    return article.site
