"""GET /oembed: the player for sites that embed pasted links (oEmbed 1.0)."""

from __future__ import annotations

import re
from html import escape
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.exceptions import HTTPException

from tts_service.errors import GrantNeeded, NotFound
from tts_service.public_addresses import path_at, public_url
from tts_service.web.document.declare import Reply, answers_problem, gives, raises
from tts_service.web.document.models import Frame
from tts_service.web.given import GivenParts
from tts_service.web.pages.unfurl import FRAME_HEIGHT, FRAME_WIDTH, embed_url
from tts_service.web.reading import show
from tts_service.web.schemas.fields import OrUsual

router = APIRouter(tags=["clips"])

_CLIP = re.compile(r"/(?:listen|embed)/([A-Za-z0-9_-]{1,64})/?", re.ASCII)
_CACHE_S = 3600


@router.get("/oembed")
@raises(NotFound)
@answers_problem(401, "unauthorized", "Unauthorized")
@answers_problem(501, "not_implemented", "Not Implemented")
@gives(Reply(status=200, says="The frame.", content={"application/json": Frame}))
def oembed(
    parts: GivenParts,
    url: Annotated[str, Query(max_length=2000)],
    maxwidth: Annotated[int, Field(ge=1, le=10_000), OrUsual(FRAME_WIDTH)] = FRAME_WIDTH,
    maxheight: Annotated[int, Field(ge=1, le=10_000), OrUsual(FRAME_HEIGHT)] = FRAME_HEIGHT,
    wanted: Annotated[str, Query(alias="format", max_length=10)] = "json",
) -> dict[str, Any]:
    """A frame with the player for the address of a clip's page. 501 for other formats than JSON, as oEmbed says."""
    if wanted not in ("", "json"):
        raise HTTPException(501, "Only format=json is supported.")
    match = _CLIP.fullmatch(path_at(parts.settings, url) or "")
    if match is None:
        pages = " or ".join(public_url(parts.settings, path) for path in ("/listen/…", "/embed/…"))
        raise NotFound(f"This is not the address of a clip's page: {pages}")
    with parts.database.reading() as session:
        try:
            shown = show(parts, session, match.group(1))
        except GrantNeeded:
            # As oEmbed says it. A grant in the address changes nothing: who unfolds it would keep it for everybody.
            raise HTTPException(401, "This audio is for subscribers: link to the article.") from None
    width, height = min(FRAME_WIDTH, maxwidth), min(FRAME_HEIGHT, maxheight)
    return {
        "version": "1.0",
        "type": "rich",
        "title": shown.title,
        "provider_name": "Listen to the article",
        "provider_url": parts.settings.base_url,
        "cache_age": _CACHE_S,
        "width": width,
        "height": height,
        "html": f'<iframe src="{escape(embed_url(parts.settings, shown.clip.id))}" width="{width}" height="{height}" '
        f'title="{escape(shown.title)}" allow="autoplay; clipboard-write" style="border:0"></iframe>',
    }
