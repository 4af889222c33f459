"""sites feeds: feeds and sitemaps polled for articles that no webhook announced."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from tts_service.commands.app import JsonFlag, as_json, minute_of, say, settings
from tts_service.commands.sites import SiteArgument, sites_app

if TYPE_CHECKING:
    from tts_service.parts import Parts

_COUNTED = (
    "missed",
    "known",
    "old",
    "too young",
    "undated",
    "elsewhere",
    "withdrawn",
    "not public",
    "waiting",
    "failed",
)


class FeedsAction(StrEnum):
    """What is done with a site's feeds."""

    ADD = "add"
    REMOVE = "remove"
    READ = "read"


@sites_app.command()
def feeds(
    site: SiteArgument,
    doing: Annotated[FeedsAction | None, typer.Argument(help="Nothing: show the feeds. read: read them now.")] = None,
    url: Annotated[str | None, typer.Argument(help="URL of an RSS or Atom feed, a sitemap or a sitemap index.")] = None,
    json_: JsonFlag = False,
) -> None:
    """Manage a site's feeds and sitemaps, which are read to find articles that webhooks missed."""
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.cms.feeds.register import add_feed, read_soon, remove_feed
    from tts_service.wiring import build

    if (url is None) == (doing in (FeedsAction.ADD, FeedsAction.REMOVE)):
        raise typer.BadParameter("give the feed's URL with add and remove, and only with them")
    parts = build(settings())
    if doing is FeedsAction.ADD:
        add_feed(parts, site, url or "", COMMAND_LINE)
        if parts.settings.catch_up_s <= 0:
            say("warning: TTS_CATCH_UP_S is 0, so feeds are not read. Set it to a number of seconds.")
    elif doing is FeedsAction.REMOVE:
        remove_feed(parts, site, url or "", COMMAND_LINE)
    elif doing is FeedsAction.READ:
        say(f"Feeds that will be read soon: {read_soon(parts, site)}.")
    else:
        _show(parts, site, json_)


def _show(parts: Parts, site: str, json_: bool) -> None:
    from tts_service.cms.feeds.register import feeds_of, not_taken

    found, left = feeds_of(parts.database, site), not_taken(parts.database, site)
    if json_:
        typer.echo(as_json({"feeds": [asdict(feed) for feed in found], "not_taken": [asdict(one) for one in left]}))
        return
    for feed in found:
        counts = ", ".join(f"{feed.told[name]} {name}" for name in _COUNTED if feed.told.get(name))
        typer.echo(f"{feed.url}\n  read: {minute_of(feed.read_ms)}   next: {minute_of(feed.due_ms)}")
        if feed.told:
            typer.echo(f"  {feed.told['kind']}, {feed.told['entries']} entries: {counts}")
        if feed.error:
            typer.echo(f"  error: {feed.error}")
    for one in left:
        typer.echo(f"{one.state}: {one.address}\n  {one.reason}")
