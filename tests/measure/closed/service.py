"""`make closed` on a real service: webhooks over HTTP, a stranger's requests, and a round of catch-up."""

from __future__ import annotations

import socket
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from sqlalchemy import update

from tests.measure.closed.ears import Got
from tests.measure.closed.play import Envelope, site_name
from tests.measure.closed.post import post_envelope
from tests.measure.closed.site import Site
from tests.parts.service import Running, running
from tests.parts.webhooks import now_ms
from tts_service.cms.checks.rounds import check_all_soon
from tts_service.cms.feeds.register import add_feed, read_soon
from tts_service.cms.inbox.addresses import add_hook, options_from
from tts_service.cms.sources.base import Hook
from tts_service.db.session import Database
from tts_service.db.tables import SiteFeedRow
from tts_service.parts import Parts
from tts_service.settings import Settings
from tts_service.wiring import build

TONE = "tone:beep"
AT_ONCE = 8
"""Webhooks posted at the same time."""
_SETTLED_S = 150.0
_MOST_HEARD = 64 * 1024
_DUE_MS = 120_000
"""An event that is due later waits for its article's own time."""
_ROUND_S = 180.0
_FAR_MS = 86_400_000


@dataclass(slots=True)
class Live:
    """A running service as the table's stage."""

    service: Running
    hooks: dict[tuple[str, str], Hook] = field(default_factory=dict)
    """By site and the hook's name."""
    sites: Sequence[Site] = ()
    _client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=30, trust_env=False))
    _last_ms: int = 0

    @property
    def base_url(self) -> str:
        return self.service.url

    def get(self, path: str) -> Got:
        """As a stranger."""
        return heard_at(self._client, self.service.url + path)

    def send(self, lots: Sequence[Sequence[Envelope]]) -> None:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(self._send, lots))

    def settle(self) -> None:
        settled(self.service)

    def clips(self) -> dict[tuple[str, str], tuple[str, int]]:
        return clips_in(self.service)

    def tick(self) -> int:
        wait = self._last_ms + 1_100 - now_ms()
        if wait > 0:
            threading.Event().wait(wait / 1000)
        self._last_ms = now_ms()
        return self._last_ms

    def catch_up(self) -> bool:
        return catch_up(self.service, [site_name(site.paper.source) for site in self.sites])

    def _send(self, lot: Sequence[Envelope]) -> None:
        for one in lot:
            post_envelope(self._client, self.service.url, self.hooks[one.site, one.said.hook], one)


@contextmanager
def live(folder: Path, sites: Sequence[Site], **settings: object) -> Iterator[Live]:
    """A service that may ask these sites, with a hook for each."""
    allowed = ",".join(site.address.removeprefix("http://") for site in sites)
    with serving(folder, allow_hosts=allowed, **settings) as service:
        stage = Live(service, sites=sites)
        with closing(Database(f"sqlite:///{service.data / 'tts.sqlite3'}")) as database:
            for site in sites:
                name = site_name(site.paper.source)
                for hook, options in site.paper.options(site.address).items():
                    settled_for = options_from({**options, "voice": TONE})
                    stage.hooks[name, hook] = add_hook(database, site.paper.source, name, settled_for)
        with closing(build(Settings(_env_file=None, data_dir=service.data, allow_hosts=allowed))) as parts:  # type: ignore[call-arg]
            for site in sites:
                _add_feed(parts, site)
        try:
            yield stage
        finally:
            stage._client.close()


@contextmanager
def serving(folder: Path, **settings: object) -> Iterator[Running]:
    """A service for this table: no limits on how often somebody comes, short waits."""
    free = {
        "port": _free_port(),
        "rate_public": "",
        "rate_webhooks": "",
        "rate_key": "",
        "warm_voices": "",
        "worker_slots": 2,
        "fetch_pause_s": 0.01,
        "catch_up_s": 3600,
        "check_every_s": 86_400,
        "check_confirm_s": 1,
        "check_most_closed": 1,
    }
    with ExitStack() as stack:
        try:
            service = stack.enter_context(running(folder / "d", **(free | settings)))
        except AssertionError:  # a busy machine: it didn't come up in its time
            again = free | settings | {"port": _free_port()}
            service = stack.enter_context(running(folder / "again", **again))
        yield service


def _add_feed(parts: Parts, site: Site) -> None:
    """Have the site's feed read in rounds, and at no other time."""
    name = site_name(site.paper.source)
    add_feed(parts, name, f"{site.address}/feed.xml", "make closed")
    with parts.database.writing() as session:
        far = parts.database.now_ms(session) + _FAR_MS
        session.execute(update(SiteFeedRow).where(SiteFeedRow.site == name).values(due_ms=far))


def heard_at(client: httpx.Client, url: str) -> Got:
    """A stranger's request: no key, and a fresh set of cookies; of endless sound, the beginning."""
    client.cookies.clear()
    with client.stream("GET", url, follow_redirects=True) as answer:
        body = b""
        for piece in answer.iter_bytes():
            body += piece
            if len(body) > _MOST_HEARD and answer.headers.get("content-type", "").startswith("audio/"):
                break
    return Got(answer.status_code, answer.headers.get("content-type", ""), body)


def settled(service: Running, at_most_s: float = _SETTLED_S) -> None:
    """Wait until nothing is left to do; what it waits for, no API tells."""
    left = (
        f"SELECT (SELECT count(*) FROM inbound_events WHERE state = 'received' AND due_ms < {now_ms() + _DUE_MS}) + "
        "(SELECT count(*) FROM jobs WHERE state IN ('queued', 'running')) + "
        f"(SELECT count(*) FROM article_checks WHERE suspect_ms = 1 AND again_ms < {now_ms()})"  # doubted by a CMS
    )
    _until_none(service, left, at_most_s)


def clips_in(service: Running) -> dict[tuple[str, str], tuple[str, int]]:
    """(clip, newest revision) by site and article id: addresses that a stranger may have kept from better days."""
    query = "SELECT a.site, a.external_id, c.id, c.last_revision FROM clips c JOIN articles a ON a.id = c.article_id"
    with closing(_database(service)) as database:
        return {(site, found): (clip, newest) for site, found, clip, newest in database.execute(query)}


def catch_up(service: Running, sites: Sequence[str], at_most_s: float = _ROUND_S) -> bool:
    """One round over these sites, begun as staff begin it, and one reading of their feeds."""
    with closing(build(Settings(_env_file=None, data_dir=service.data))) as parts:  # type: ignore[call-arg]
        with parts.database.reading() as session:
            since = parts.database.now_ms(session)
        for site in sites:
            read_soon(parts, site)
            check_all_soon(parts, site, "make closed")
    named = ", ".join(f"'{site}'" for site in sites)
    _until_none(
        service,
        f"SELECT (SELECT count(*) FROM site_rounds WHERE site IN ({named}) AND"
        f" (cursor IS NOT NULL OR ended_ms IS NULL OR ended_ms < {since})) +"
        f"(SELECT count(*) FROM article_checks WHERE site IN ({named}) AND suspect IS NOT NULL"
        " AND again_ms IS NOT NULL) +"
        f"(SELECT count(*) FROM site_feeds WHERE site IN ({named}) AND error = '' AND coalesce(read_ms, 0) < {since}) +"
        f"(SELECT count(*) FROM found_articles WHERE site IN ({named}) AND state = 'waiting')",
        at_most_s,
    )
    settled(service)
    return True


def _until_none(service: Running, query: str, at_most_s: float) -> None:
    wait, end = threading.Event(), time.monotonic() + at_most_s
    with closing(_database(service)) as database:
        while left := database.execute(query).fetchone()[0]:
            assert time.monotonic() < end, f"after {at_most_s:.0f} s, {left} things are still to be done"
            wait.wait(0.1)


def _free_port() -> int:
    """One that no other service of this machine takes at the same moment, as 8100 may be."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def _database(service: Running) -> sqlite3.Connection:
    path = service.data / "tts.sqlite3"
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)
