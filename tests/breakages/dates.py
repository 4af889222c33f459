"""Breakages of dates without a zone: they are in the site's."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

BACKFILL = "tests/cms/feeds/test_backfill.py"
DATES = "tests/cms/sources/test_site_dates.py"
BREAKAGES = (
    Breakage(
        name="backfill's day begins in the machine's zone",
        file="tts_service/commands/archive_run.py",
        old="    dated = options_for(parts.database, request.site).dated(request.since)\n",
        new="    dated = request.since.astimezone() if request.since else None\n",
        test=f"{BACKFILL}::TestCommand::test_a_day_begins_in_the_sites_zone",
    ),
    Breakage(
        name="an archive's dates are in UTC",
        file="tts_service/cms/feeds/archive.py",
        old="Known(), politeness, zone).feed",
        new="Known(), politeness).feed",
        test=f"{BACKFILL}::TestCommand::test_a_date_without_a_zone_is_in_the_sites",
    ),
    Breakage(
        name="a page's own date stays without a zone",
        file="tts_service/narration/prepared.py",
        old="    if moment is None or moment.tzinfo is not None:",
        new="    if moment is None or moment.year:",
        test=f"{DATES}::test_a_pages_own_date_is_in_the_sites_zone",
    ),
)
