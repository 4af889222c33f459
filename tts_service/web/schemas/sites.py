"""Site settings."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, Field

from tts_service.web.schemas.fields import Cleaned, ShownSite, Timestamp

_PAGES = ["https://www.example.org"]
POLICY = {
    "blocks": {"quote": {"voice": "pyttsx3:en-us", "rate": 0.95}, "caption": {"treatment": "spoken"}},
    "emoji": "named",
    "pauses": {"paragraph_ms": 600},
}
OPTIONS = {"title": "The Gazette, read aloud", "link": "https://www.example.org", "download": True}
"""Examples, of which a site sends only what differs from the usual."""


class SiteOut(BaseModel):
    site: ShownSite
    policy: dict[str, Any] | None = Field(
        description="As entered; null: its articles are spoken as usual", examples=[{"emoji": "named"}]
    )
    origins: list[str] = Field(
        description="Of its pages: their scripts may read clips and send feedback", examples=[_PAGES]
    )
    updated_at: Timestamp | None


class SiteList(BaseModel):
    sites: list[SiteOut]


class OptionsOut(BaseModel):
    """What a site's feeds and pages here do."""

    site: ShownSite
    options: dict[str, Any] | None = Field(description="As entered; null: nothing was", examples=[{"download": True}])
    effective: dict[str, Any] = Field(
        description="What holds, with nothing left to what is usual", examples=[{"download": True, "feeds": True}]
    )
    updated_at: Timestamp | None


class OriginsIn(Cleaned):
    """Where a site's pages are."""

    origins: list[Annotated[str, Field(max_length=300)]] = Field(max_length=50, examples=[_PAGES])


class OriginsOut(BaseModel):
    site: ShownSite
    origins: list[str] = Field(description="As browsers write them", examples=[_PAGES])


class PolicyOut(SiteOut):
    """How a site's articles are spoken."""

    effective: dict[str, Any] = Field(
        description="The same with every kind of block and every pause filled in", examples=[POLICY]
    )
