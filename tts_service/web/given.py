"""Dependencies that many routes share: the parts of this process, and path and query parameters."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Query, Request

from tts_service.newsroom.sites import SITE_NAME
from tts_service.parts import Parts


async def parts_of(request: Request) -> Parts:
    """The parts that create_app was called with."""
    # Asynchronous, though it waits for nothing: FastAPI would call it in another thread.
    parts: Parts = request.app.state.parts
    return parts


GivenParts = Annotated[Parts, Depends(parts_of)]
ClipId = Annotated[str, Path(description="The clip's id", examples=["clip_019b4c5e77f27c10"])]
RevisionNumber = Annotated[int, Path(ge=1, le=2**31, description="Number of the revision", examples=[1])]
Reference = Annotated[
    str, Path(description="The report's reference; O counts as 0, I and L as 1", examples=["K7QM-2XWA"])
]
SiteInPath = Annotated[str, Path(pattern=SITE_NAME, description="The site's name", examples=["gazette"])]
SiteInQuery = Annotated[str | None, Query(max_length=64, description="The site's name", examples=["gazette"])]
