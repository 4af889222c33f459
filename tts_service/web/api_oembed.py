"""GET /oembed: the player for places that unfold a pasted address (oEmbed 1.0)."""

from __future__ import annotations

import re
from html import escape
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.exceptions import HTTPException

from tts_service.errors import NotFound
from tts_service.web.given import GivenParts
from tts_service.web.reading import show
from tts_service.web.unfurl import FRAME_HEIGHT, FRAME_WIDTH, embed_url

router = APIRouter(tags=["clips"])

_BELOW = re.compile(r"/(?:listen|embed)/([A-Za-z0-9_-]{1,64})(?:[?#].{0,1000})?", re.ASCII | re.DOTALL)
_CACHE_S = 3600


@router.get("/oembed")
def oembed(
    parts: GivenParts,
    url: Annotated[str, Query(max_length=2000)],
    maxwidth: Annotated[int, Query(ge=1, le=10_000)] = FRAME_WIDTH,
    maxheight: Annotated[int, Query(ge=1, le=10_000)] = FRAME_HEIGHT,
    wanted: Annotated[str, Query(alias="format", max_length=10)] = "json",
) -> dict[str, Any]:
    """A frame with the player for the address of a clip's page. 501 for other formats than JSON, as oEmbed says."""
    if wanted != "json":
        raise HTTPException(501, "Only format=json is made here.")
    base = parts.settings.base_url
    match = _BELOW.fullmatch(url.removeprefix(base)) if url.startswith(f"{base}/") else None
    if match is None:
        raise NotFound("This is no address of a clip's page here: /listen/… or /embed/…")
    with parts.database.reading() as session:
        shown = show(parts, session, match.group(1))
    width, height = min(FRAME_WIDTH, maxwidth), min(FRAME_HEIGHT, maxheight)
    return {
        "version": "1.0", "type": "rich", "title": shown.title, "provider_name": "Listen to the article",
        "provider_url": base, "cache_age": _CACHE_S, "width": width, "height": height,
        "html": f'<iframe src="{escape(embed_url(parts.settings, shown.clip.id))}" width="{width}" height="{height}" '
        f'title="{escape(shown.title)}" allow="autoplay; clipboard-write" style="border:0"></iframe>',
    }  # fmt: skip
