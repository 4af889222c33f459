"""One turn with a feed: read it if it changed, note missed entries, request some of them."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import tzinfo

from sqlalchemy import delete, literal, true

from tts_service.cms.feeds.disappeared import note_listed
from tts_service.cms.feeds.fetch import Known, Politeness, fetch_feed
from tts_service.cms.feeds.missed import Horizon, note_missed
from tts_service.cms.feeds.parse import Feed, FeedEntry
from tts_service.cms.feeds.request import RequestContext, request, site_defaults, waiting
from tts_service.db.session import Database
from tts_service.db.tables import FoundArticleRow, SiteFeedRow
from tts_service.errors import DatabaseUnavailable, LeaseLost, ServiceError
from tts_service.http.client import Outbound
from tts_service.newsroom.sites import options_for
from tts_service.parts import Parts
from tts_service.queue.claim import Claim, settle
from tts_service.queue.turns import WorkQueue
from tts_service.values.moments import DAY_MS

TURN_S = 60.0
"""Seconds after which a turn begins no other article."""
MOST = 20
"""Articles requested in a turn; the rest has the next."""
SOON_MS = 30_000
"""Wait until the next turn if this one left something."""
MOST_SITEMAPS = 5
"""Sitemaps of an index that are read in a turn, those that changed last."""
LONGEST_MS = 86_400_000
"""Maximum wait until a feed that keeps failing is read again."""
FORGOTTEN_MS = 90 * 86_400_000

log = logging.getLogger(__name__)


def _give_up(row: SiteFeedRow, now_ms: int) -> None:
    row.due_ms, row.tries = now_ms + LONGEST_MS, row.tries + 1
    row.error = "The service stopped each time it read this feed: see its log."


FEEDS = WorkQueue(
    name="feeds",
    row=SiteFeedRow,
    waiting=true(),
    due_ms=SiteFeedRow.due_ms,
    party=SiteFeedRow.site,
    room=lambda _: literal(1),  # no host is asked twice at once
    at_once=8,
    slots=lambda settings: settings.callback_slots,
    lease_ms=300_000,
    give_up=_give_up,
)


def read_due_feed(
    parts: Parts,
    outbound: Outbound,
    claimed: Claim[SiteFeedRow],
    sleep: Callable[[float], object] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Counter[str]:
    """One turn with a feed. Returns how many articles came to which state. Raises LeaseLost, and DatabaseUnavailable:
    then the feed is due again when its lease is over."""
    until, row = clock() + TURN_S, claimed.row
    politeness = Politeness(pause_s=parts.settings.fetch_pause_s, sleep=sleep, clock=clock)
    context = RequestContext(parts=parts, outbound=outbound, politeness=politeness, queue="normal")
    changed = _read(context, row)
    defaults, states = site_defaults(parts, row.site), Counter[str]()
    for address in waiting(parts, row.site, row.url, MOST):
        if clock() >= until:
            break
        states[request(context, defaults, row.site, address)] += 1
    if waiting(parts, row.site, row.url, 1):
        changed["due_ms"] = min(int(str(changed["due_ms"])), _now(parts) + SOON_MS)
    with parts.database.writing() as session:
        settle(session, claimed, **changed)
    return states


def forget_found(database: Database) -> int:
    """Drop what was found and done long ago. Returns how many."""
    with database.writing() as session:
        old = FoundArticleRow.done_ms < database.now_ms(session) - FORGOTTEN_MS
        return int(session.execute(delete(FoundArticleRow).where(old)).rowcount)  # type: ignore[attr-defined]


def _read(context: RequestContext, row: SiteFeedRow) -> dict[str, object]:
    """Read a feed and note what was missed. Returns what changes in its row."""
    parts = context.parts
    interval_ms = int(parts.settings.catch_up_s * 1000)
    try:
        zone = options_for(parts.database, row.site).zone
        known_then = Known(etag=row.etag, last_modified=row.last_modified)
        asked = fetch_feed(context.outbound, row.url, known_then, context.politeness, zone)
        told, whole = row.told, True
        if asked.feed is not None:
            counts = Counter[str]()
            for url, feed in _sitemaps(context, row.url, asked.feed, _now(parts), zone):
                counts.update(_noted(parts, row, feed))
                if feed.kind == "sitemap":  # a feed names its newest articles only
                    note_listed(parts, row.site, url, [entry.url for entry in feed.entries])
            told = {"kind": asked.feed.kind, "entries": sum(counts.values()), **counts}
            # What is too young now must be seen again: the next answer has to be a whole one.
            whole = not counts["too young"] and asked.feed.kind != "sitemap index"
    except ServiceError as error:
        if isinstance(error, (DatabaseUnavailable, LeaseLost)):
            raise
        log.warning("feed %s: %s: %s", row.url, error.code, error.message)
        wait = min(LONGEST_MS, interval_ms * 2 ** min(row.tries, 10))
        return {"error": f"{error.code}: {error.message}"[:500], "tries": row.tries + 1, "due_ms": _now(parts) + wait}
    known = asdict(asked.known if whole else Known())
    now = _now(parts)
    return known | {"told": told, "read_ms": now, "due_ms": now + interval_ms, "error": "", "tries": 0}


def _sitemaps(context: RequestContext, url: str, feed: Feed, now: int, zone: tzinfo) -> Iterator[tuple[str, Feed]]:
    """The feed itself with its address; of an index, its sitemaps that changed last. Raises as `ask`."""
    if feed.kind != "sitemap index":
        yield url, feed
        return
    since = now - int(context.parts.settings.catch_up_days * DAY_MS)
    recent: list[FeedEntry] = [entry for entry in feed.entries if entry.changed_ms is None or entry.changed_ms >= since]
    recent.sort(key=lambda entry: entry.changed_ms or 0, reverse=True)
    for entry in recent[:MOST_SITEMAPS]:
        found = fetch_feed(context.outbound, entry.url, Known(), context.politeness, zone).feed
        if found is not None:
            yield entry.url, found


def _noted(parts: Parts, row: SiteFeedRow, feed: Feed) -> Counter[str]:
    now = _now(parts)
    since = now - int(parts.settings.catch_up_days * DAY_MS)
    # A sitemap without dates is the whole archive; an RSS feed without dates holds the newest articles only.
    undated = feed.kind in ("rss", "atom")
    horizon = Horizon(site=row.site, feed_url=row.url, now_ms=now, since_ms=since, undated=undated)
    return note_missed(parts.database, feed.entries, horizon).counts


def _now(parts: Parts) -> int:
    with parts.database.reading() as session:
        return parts.database.now_ms(session)
