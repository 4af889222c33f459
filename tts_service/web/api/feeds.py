"""A site's feeds, polled for articles that no webhook announced."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Security
from pydantic import BaseModel, Field

from tts_service.cms.feeds.register import add_feed, feeds_of, not_taken, remove_feed
from tts_service.errors import AddressRefused, Conflict, InputRefused, InvalidRequest, NotFound
from tts_service.parts import Parts
from tts_service.web.api.sites import OwnSite
from tts_service.web.auth import MaySettle
from tts_service.web.given import GivenParts
from tts_service.web.reading import iso
from tts_service.web.responses import JSON_BODY, STAFF, problems
from tts_service.web.schemas.fields import CalledAddress, Cleaned, Timestamp, example
from tts_service.web.security import SESSION

router = APIRouter(prefix="/v1/sites", tags=["sites"], dependencies=[Security(SESSION)])
_FEED = "https://gazette.example.org/feed.xml"


class FeedIn(Cleaned):
    """A feed or sitemap to read."""

    model_config = example({"url": _FEED})

    url: CalledAddress = Field(description="Address of an RSS or Atom feed, a sitemap or a sitemap index")


class FeedOut(BaseModel):
    url: str = Field(examples=[_FEED])
    read_at: Timestamp | None = Field(description="When it was last read without an error")
    due_at: Timestamp = Field(description="When it is read next")
    error: str | None = Field(description="Why the last attempt to read it failed")
    found: dict[str, Any] = Field(
        description="Result of the last complete reading: `kind`, number of `entries`, and how many of them were "
        "missed, known, old, too young, undated, elsewhere, withdrawn or not public",
        examples=[{"kind": "rss", "entries": 20, "missed": 1, "known": 19}],
    )


class NotTakenOut(BaseModel):
    url: str = Field(examples=["https://gazette.example.org/gone"])
    state: str = Field(description="`waiting`: will be tried again; `failed`: won't", examples=["failed"])
    reason: str = Field(
        description="Code and message of the last error; empty if there was none",
        examples=[
            "input_refused: https://gazette.example.org/gone returned HTTP status 404: there is no page to read."
        ],
    )


class FeedList(BaseModel):
    feeds: list[FeedOut]
    not_taken: list[NotTakenOut] = Field(description="Articles that were found but have no job, newest first")


@router.get("/{site}/feeds", responses=problems(*STAFF, InvalidRequest))
def show_feeds(site: OwnSite, parts: GivenParts) -> FeedList:
    """List a site's feeds and sitemaps, with the articles that were found but couldn't be requested."""
    return _list(parts, site)


@router.post(
    "/{site}/feeds", status_code=201, responses=problems(*STAFF, *JSON_BODY, AddressRefused, Conflict, InputRefused)
)
def register_feed(site: OwnSite, feed: FeedIn, caller: MaySettle, parts: GivenParts) -> FeedList:
    """Register a feed or sitemap. It is then read to find articles whose webhook was lost. 409 for a duplicate."""
    add_feed(parts, site, feed.url, caller.who)
    return _list(parts, site)


@router.delete("/{site}/feeds", status_code=204, responses=problems(*STAFF, InvalidRequest, NotFound))
def unregister_feed(
    site: OwnSite,
    url: Annotated[str, Query(max_length=2000, description="The feed's address", examples=[_FEED])],
    caller: MaySettle,
    parts: GivenParts,
) -> None:
    """Stop reading a feed or sitemap."""
    remove_feed(parts, site, url, caller.who)


def _list(parts: Parts, site: str) -> FeedList:
    feeds = [
        FeedOut(
            url=feed.url,
            read_at=iso(feed.read_ms) if feed.read_ms else None,
            due_at=iso(feed.due_ms),
            error=feed.error or None,
            found=feed.told,
        )
        for feed in feeds_of(parts.database, site)
    ]
    left = [
        NotTakenOut(url=found.address, state=found.state, reason=found.reason)
        for found in not_taken(parts.database, site)
    ]
    return FeedList(feeds=feeds, not_taken=left)
