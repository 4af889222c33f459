"""A site of true size is erased beside another: the longest write transaction, and how long all of it takes.

`python -m tests.measure.site_erasure [--articles 2000] [--database URL]`. Seconds of CPU of this process and of the
clock; a database server's own CPU isn't in them.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.parts.factories import delete_all_rows, make_parts
from tests.parts.many_clips import many_clips
from tests.parts.whole_site import everything, fill_site, put
from tts_service.access.audit import COMMAND_LINE
from tts_service.db.session import Database
from tts_service.db.tables import AuditRow, DeliveryRow, InboundEventRow
from tts_service.parts import Parts
from tts_service.retention.site_erasure import erase_site

GONE, STAYS = "erase-me", "leave-this"


def fill(parts: Parts, articles: int) -> None:
    """Two sites with the same number of articles, each with an audit line, a webhook of 20 kB and a callback."""
    for site in (GONE, STAYS):
        fill_site(parts, site)
        many_clips(parts, site, articles)
        for number in range(articles):
            put(
                parts,
                AuditRow,
                site,
                id=f"aud_{len(site)}-{number}",
                who="x",
                what="x",
                site=site,
                subject=f"art_{site}{number:04}",
            )
            put(parts, InboundEventRow, site, id=f"e_{site}{number}", hook_id=None, site=site, body=b"x" * 20_000)
            put(
                parts,
                DeliveryRow,
                site,
                id=f"d_{site}{number}",
                endpoint_id=f"cbk_{site}",
                event_id=f"{number}",
                site=site,
            )


class Transactions:
    """How long each write transaction held the database."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.cpu: list[float] = []

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Times those that are made in the block."""
        wrote = Database.writing

        @contextmanager
        def writing(database: Database) -> Iterator[Any]:
            with wrote(database) as session:
                began, cpu = time.monotonic(), time.process_time()
                yield session
            self.seconds.append(time.monotonic() - began)
            self.cpu.append(time.process_time() - cpu)

        Database.writing = writing  # type: ignore[method-assign]
        try:
            yield
        finally:
            Database.writing = wrote  # type: ignore[method-assign]


def measure(parts: Parts, articles: int) -> None:
    fill(parts, articles)
    stays = {place: sum(STAYS in one for one in all_) for place, all_ in everything(parts).items()}
    transactions, began, cpu = Transactions(), time.monotonic(), time.process_time()
    with transactions.timed():
        done = erase_site(parts, GONE, COMMAND_LINE)
    took, used = time.monotonic() - began, time.process_time() - cpu
    found = everything(parts)
    rest = [one for place, all_ in found.items() if place != "doomed_objects" for one in all_ if GONE in one]
    lost = sum(stays.values()) - sum(STAYS in one for all_ in found.values() for one in all_)
    longest = sorted(transactions.seconds)
    print(f"{parts.database.engine.dialect.name}: {articles} articles, {done.rows} rows, {done.files} files")
    print(f"  {len(longest)} write transactions, median {longest[len(longest) // 2] * 1000:.1f} ms,")
    print(f"  99 % below {longest[len(longest) * 99 // 100] * 1000:.0f} ms, longest {longest[-1] * 1000:.0f} ms,")
    print(f"  most CPU in one {max(transactions.cpu) * 1000:.0f} ms")
    print(f"  {took:.0f} s, {used:.0f} s of CPU; load {os.getloadavg()[0]:.1f}")
    print(f"  left of it: {len(rest)} (its own row), lost by the other site: {lost}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--database", default="", help="PostgreSQL's address; it is emptied first")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        made = make_parts(Path(folder), **({"database_url": wanted.database} if wanted.database else {}))
        if wanted.database:
            delete_all_rows(made.database)
        measure(made, wanted.articles)


if __name__ == "__main__":
    main()
