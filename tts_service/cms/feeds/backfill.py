"""Turns an archive into jobs, resuming where it stopped; each article's result is stored with its job."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import select

from tts_service.cms.feeds.archive import NAMED, Archive
from tts_service.cms.feeds.estimate import SAMPLE, Estimate, Sampled, estimate, sampled
from tts_service.cms.feeds.missed import Horizon, note_missed
from tts_service.cms.feeds.request import (
    FoundArticle,
    RequestContext,
    SiteDefaults,
    fetched,
    left_to_cms,
    note_failure,
    submit_found,
)
from tts_service.db.tables import FoundArticleRow
from tts_service.errors import DatabaseUnavailable, RemoteUnavailable, ServiceError
from tts_service.newsroom.policies import policy_for
from tts_service.newsroom.site_voices import voices_for
from tts_service.parts import Parts

GIVEN_UP_AFTER = 10
"""After this many articles in a row whose host has problems, the rest is left for another run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackfillFilter:
    """Which articles of an archive to speak."""

    site: str
    since_ms: int | None = None
    """Those that changed since; an article without a date is wanted too."""
    limit: int | None = None
    """At most so many in this run."""
    failed_too: bool = False
    """Also those that failed in an earlier run."""


@dataclass(slots=True)
class BackfillPlan:
    """What this run will do."""

    addresses: list[str]
    """To be requested, in this order."""
    counts: Counter[str]
    """Entries by what is known of them: missed (new), waiting (from an earlier run), known, failed, old, elsewhere."""
    seen: dict[str, FoundArticle] = field(default_factory=dict)
    """Pages that the sample fetched: they needn't be fetched again."""


def plan_backfill(parts: Parts, archive: Archive, which: BackfillFilter, *, keep: bool = True) -> BackfillPlan:
    """Note what the archive holds and find out what is left to do. `keep` False: nothing is written."""
    with parts.database.reading() as session:
        now = parts.database.now_ms(session)
    horizon = Horizon(
        site=which.site,
        feed_url=archive.name.removeprefix(NAMED),
        now_ms=now,
        since_ms=which.since_ms,
        grace_ms=0,
        any_host=archive.any_host,
        found_in=archive.name,
        failed_too=which.failed_too,
    )
    missed = note_missed(parts.database, archive.entries, horizon, keep=keep)
    return BackfillPlan(addresses=missed.addresses[: which.limit], counts=missed.counts)


def estimate_plan(
    context: RequestContext, archive: Archive, defaults: SiteDefaults, site: str, planned: BackfillPlan
) -> Estimate | None:
    """What the plan takes, from a sample of its articles; None: none of the sample could be had."""
    every = max(1, len(planned.addresses) // SAMPLE)
    looked: list[Sampled] = []
    policy = policy_for(context.parts.database, context.parts.settings, site)
    voices = voices_for(context.parts.database, context.parts.voices, site)
    began, pages = time.monotonic(), 0
    for address in planned.addresses[every // 2 :: every][:SAMPLE]:
        pages += address not in archive.texts
        try:
            found = _found(context, archive, defaults, address)
            voice = found.wish.voice if found.wish else defaults.voice
            looked.append(sampled(found.article, voices, policy, voice))
            if found.wish is None:
                planned.seen[address] = found
        except ServiceError:
            continue  # the run itself says why
    each_s = (time.monotonic() - began) / pages if pages else 0.0
    left = sum(address not in archive.texts for address in planned.addresses)
    return estimate(looked, len(planned.addresses), left * each_s) if looked else None


def run_backfill(
    context: RequestContext, archive: Archive, defaults: SiteDefaults, site: str, planned: BackfillPlan
) -> Iterator[tuple[str, str]]:
    """Request the planned articles one by one. Yields (address, state) after each: requested, known, waiting (for
    another run), failed. Raises DatabaseUnavailable; whatever ends it, what was done stays done."""
    trouble = 0
    for address in planned.addresses:
        if address not in archive.texts and left_to_cms(context.parts, site, address):
            yield address, "known"
            continue
        try:
            known = planned.seen.pop(address, None)
            state = submit_found(context, defaults, site, known or _found(context, archive, defaults, address))
            trouble = 0
        except DatabaseUnavailable:
            raise
        except ServiceError as error:
            state = note_failure(context.parts, site, address, error)
            trouble = trouble + 1 if isinstance(error, RemoteUnavailable) else 0
        yield address, state
        if trouble >= GIVEN_UP_AFTER:
            return


def left_over(parts: Parts, archive: Archive, which: BackfillFilter) -> dict[str, str]:
    """Reasons by address of the archive's articles that failed or wait for another run."""
    mine = (FoundArticleRow.site == which.site, FoundArticleRow.found_in == archive.name)
    with parts.database.reading() as session:
        left = (FoundArticleRow.state.in_(("failed", "waiting")), FoundArticleRow.reason != "")
        rows = session.scalars(select(FoundArticleRow).where(*mine, *left)).all()
    return {row.address: row.reason for row in rows}


def _found(context: RequestContext, archive: Archive, defaults: SiteDefaults, address: str) -> FoundArticle:
    """Raises as fetch_article, and InputRefused."""
    text = archive.texts.get(address)
    if text is None:
        return fetched(context, address, defaults.language)
    article, wish = text.read()
    return FoundArticle(address=address, article=article, wish=wish)
