"""GET /oembed: the player for sites that embed pasted links (oEmbed 1.0)."""

from __future__ import annotations

import re
from html import escape
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from tts_service.errors import GrantNeeded, InvalidRequest, NotFound
from tts_service.public_addresses import path_at, public_url
from tts_service.web.given import GivenParts
from tts_service.web.pages.unfurl import FRAME_HEIGHT, FRAME_WIDTH, embed_url
from tts_service.web.reading import show
from tts_service.web.responses import PUBLIC, problems
from tts_service.web.schemas.fields import OrUsual

router = APIRouter(tags=["clips"])

_CLIP = re.compile(r"/(?:listen|embed)/([A-Za-z0-9_-]{1,64})/?", re.ASCII)
_CACHE_S = 3600
_PAGE = "https://audio.example.org/listen/clip_019b4c5e77f27c10"
_Pixels = Annotated[int, Field(ge=1, le=10_000)]
_NO_GRANT = HTTPException(401, "This audio is for subscribers: link to the article.")
_NOT_JSON = HTTPException(501, "Only format=json is supported.")


class Frame(BaseModel):
    """An oEmbed 1.0 response of type `rich`."""

    version: Literal["1.0"]
    type: Literal["rich"]
    title: str = Field(examples=["New bridge opens"])
    provider_name: str = Field(examples=["Listen to the article"])
    provider_url: str = Field(examples=["https://audio.example.org"])
    cache_age: int = Field(examples=[_CACHE_S])
    width: int = Field(examples=[FRAME_WIDTH])
    height: int = Field(examples=[FRAME_HEIGHT])
    html: str = Field(
        description="An iframe with the player",
        examples=[
            '<iframe src="https://audio.example.org/embed/clip_019b4c5e77f27c10" width="640" height="240" '
            'title="New bridge opens"></iframe>'
        ],
    )


@router.get(
    "/oembed",
    response_description="The frame with the player.",
    responses=problems(*PUBLIC, InvalidRequest, NotFound, _NO_GRANT, _NOT_JSON),
)
def oembed(
    parts: GivenParts,
    url: Annotated[str, Query(max_length=2000, description="The address of a clip's page", examples=[_PAGE])],
    maxwidth: Annotated[
        _Pixels, OrUsual(FRAME_WIDTH), Query(description="Maximum width of the frame in pixels")
    ] = FRAME_WIDTH,
    maxheight: Annotated[
        _Pixels, OrUsual(FRAME_HEIGHT), Query(description="Maximum height of the frame in pixels")
    ] = FRAME_HEIGHT,
    wanted: Annotated[str, Query(alias="format", max_length=10, description="Only `json`")] = "json",
) -> Frame:
    """Get a frame with the player for the address of a clip's page. 501 for other formats than JSON, as in oEmbed."""
    if wanted not in ("", "json"):
        raise HTTPException(501, _NOT_JSON.detail)
    match = _CLIP.fullmatch(path_at(parts.settings, url) or "")
    if match is None:
        pages = " or ".join(public_url(parts.settings, path) for path in ("/listen/…", "/embed/…"))
        raise NotFound(f"This is not the address of a clip's page: {pages}")
    with parts.database.reading() as session:
        try:
            shown = show(parts, session, match.group(1))
        except GrantNeeded:
            # As oEmbed specifies. A grant in the address changes nothing: the caller would show the frame to everybody.
            raise HTTPException(401, _NO_GRANT.detail) from None
    width, height = min(FRAME_WIDTH, maxwidth), min(FRAME_HEIGHT, maxheight)
    return Frame(
        version="1.0",
        type="rich",
        title=shown.title,
        provider_name="Listen to the article",
        provider_url=parts.settings.base_url,
        cache_age=_CACHE_S,
        width=width,
        height=height,
        html=f'<iframe src="{escape(embed_url(parts.settings, shown.clip.id))}" width="{width}" height="{height}" '
        f'title="{escape(shown.title)}" allow="autoplay; clipboard-write" style="border:0"></iframe>',
    )
