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
"""Examples: a site sends only what differs from the defaults."""


class SiteOut(BaseModel):
    site: ShownSite
    policy: dict[str, Any] | None = Field(
        description="The policy as it was set; null if the site uses the defaults", examples=[{"emoji": "named"}]
    )
    origins: list[str] = Field(
        description="Origins of the site's pages, whose scripts can read clips and send feedback", examples=[_PAGES]
    )
    kept_voices: dict[str, str] = Field(
        description="Voices that the site has had since before an update, by language; each is kept until the policy "
        "names a voice for its language",
        examples=[{"en": "piper:en_US-joe-medium"}],
    )
    updated_at: Timestamp | None


class SiteList(BaseModel):
    sites: list[SiteOut]


class OptionsOut(BaseModel):
    """Options of a site's feeds and pages."""

    site: ShownSite
    options: dict[str, Any] | None = Field(
        description="The options as they were set; null if none are", examples=[{"download": True}]
    )
    effective: dict[str, Any] = Field(
        description="All options, including defaults", examples=[{"download": True, "feeds": True}]
    )
    updated_at: Timestamp | None


class OriginsIn(Cleaned):
    """The origins of a site's pages."""

    origins: list[Annotated[str, Field(max_length=300)]] = Field(max_length=50, examples=[_PAGES])


class OriginsOut(BaseModel):
    site: ShownSite
    origins: list[str] = Field(description="The origins as browsers send them", examples=[_PAGES])


class PolicyOut(SiteOut):
    """A site's speech policy."""

    effective: dict[str, Any] = Field(
        description="The policy with the defaults for every kind of block and every pause", examples=[POLICY]
    )
