"""Site settings."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, Field

from tts_service.web.schemas.fields import Cleaned


class SiteOut(BaseModel):
    site: str
    policy: dict[str, Any] | None = Field(description="As entered; null: its articles are spoken as usual")
    origins: list[str] = Field(description="Of its pages: their scripts may read clips and send feedback")
    updated_at: str | None


class SiteList(BaseModel):
    sites: list[SiteOut]


class OptionsOut(BaseModel):
    """What a site's feeds and pages here do."""

    site: str
    options: dict[str, Any] | None = Field(description="As entered; null: nothing was")
    effective: dict[str, Any] = Field(description="What holds, with nothing left to what is usual")
    updated_at: str | None


class OriginsIn(Cleaned):
    """Where a site's pages are."""

    origins: list[Annotated[str, Field(max_length=300)]] = Field(max_length=50, examples=[["https://www.example.org"]])


class OriginsOut(BaseModel):
    site: str
    origins: list[str] = Field(description="As browsers write them")


class PolicyOut(SiteOut):
    """How a site's articles are spoken."""

    effective: dict[str, Any] = Field(description="The same with every kind of block and every pause filled in")
