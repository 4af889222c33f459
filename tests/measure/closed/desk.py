"""`make closed` in one process, for tests: no server, no workers, and a clock that moves when a step is done."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from tests.measure.closed.ears import Got
from tests.measure.closed.play import Envelope, site_name
from tests.measure.closed.post import post_envelope
from tests.measure.closed.site import Site
from tests.parts.factories import Doorbell, make_parts
from tests.parts.queues import ask_cms, drain
from tests.parts.quick_render import Workers
from tests.parts.webhooks import desk
from tts_service.cms.checks import rounds
from tts_service.cms.checks import turn as checking
from tts_service.cms.feeds import register as feeds
from tts_service.cms.feeds import turn as feed_turns
from tts_service.cms.inbox.addresses import add_hook, options_from
from tts_service.cms.inbox.cms_api import Fetch, fetcher
from tts_service.cms.inbox.process import process_due
from tts_service.cms.sources.base import Hook
from tts_service.db.session import Database
from tts_service.db.tables import ArticleRow, ClipRow, InboundEventRow, JobRow
from tts_service.http.client import Outbound, outbound_of
from tts_service.parts import Parts
from tts_service.queue.claim import Claim

TONE = "tone:beep"
STEP_MS = 1_100
_TURNS = 40


@dataclass(slots=True)
class Clock:
    """This machine's clock, put forward step by step."""

    ahead_ms: int = 0
    real: Any = time.time_ns

    def time_ns(self) -> int:
        return int(self.real()) + self.ahead_ms * 1_000_000

    @property
    def ms(self) -> int:
        return self.time_ns() // 1_000_000


@dataclass(slots=True, kw_only=True)
class InProcess:
    """The service as the table's stage, without a server."""

    parts: Parts
    client: Any
    bell: Doorbell
    clock: Clock
    workers: Workers
    sites: Sequence[Site]
    fetch: Fetch
    outbound: Outbound
    rendering: bool = True
    has_rounds: bool = True
    hooks: dict[tuple[str, str], Hook] = field(default_factory=dict)

    @property
    def base_url(self) -> str:
        return self.parts.settings.base_url

    def get(self, path: str) -> Got:
        answer = self.client.get(path, follow_redirects=True)
        self.client.cookies.clear()
        return Got(answer.status_code, answer.headers.get("content-type", ""), answer.content)

    def send(self, lots: Sequence[Sequence[Envelope]]) -> None:
        for one in (letter for lot in lots for letter in lot):
            post_envelope(self.client, "", self.hooks[one.site, one.said.hook], one)

    def settle(self) -> None:
        """What beat and the workers do, until nothing is left."""
        while self._take_in() or self._render():
            pass

    def clips(self) -> dict[tuple[str, str], tuple[str, int]]:
        wanted = select(ArticleRow.site, ArticleRow.external_id, ClipRow.id, ClipRow.last_revision).join(
            ClipRow, ClipRow.article_id == ArticleRow.id
        )
        with self.parts.database.reading() as session:
            return {(site, found): (clip, newest) for site, found, clip, newest in session.execute(wanted)}

    def tick(self) -> int:
        self.clock.ahead_ms += STEP_MS
        return self.clock.ms

    def catch_up(self) -> bool:
        """One round and one reading of every feed; second looks come when the clock has moved on."""
        if not self.has_rounds:
            return False
        for site in self.sites:
            name = site_name(site.paper.source)
            feeds.read_soon(self.parts, name)
            if any(found == name for found, _ in self.clips()):
                rounds.check_all_soon(self.parts, name, "make closed")
        for _ in range(_TURNS):
            turns = drain(self.parts, feed_turns.FEEDS, self._read)
            checks = drain(self.parts, rounds.CHECKS, self._check)
            self.settle()
            self.clock.ahead_ms += STEP_MS
            if not turns and not checks:
                return True
        raise AssertionError(f"a round takes more than {_TURNS} turns")

    def _read(self, parts: Parts, claim: Claim[Any]) -> Counter[str]:
        return feed_turns.read_due_feed(parts, self.outbound, claim, _no_pause)

    def _check(self, parts: Parts, claim: Claim[Any]) -> Counter[str]:
        return checking.check_site(parts, self.outbound, claim, _no_pause)

    def _take_in(self) -> int:
        done = process_due(self.parts, budget_s=60)
        return done + ask_cms(self.parts, self.fetch)

    def _render(self) -> int:
        if not self.rendering:
            with self.parts.database.writing() as session:
                session.execute(update(JobRow).where(JobRow.state == "queued").values(state="succeeded"))
            return 0
        with self.parts.database.reading() as session:
            queued = session.scalars(select(JobRow.id).where(JobRow.state == "queued").order_by(JobRow.id)).all()
        return sum(self.workers.render(job_id) for job_id in queued)


@contextmanager
def in_process(folder: Path, sites: Sequence[Site], patching: Any, *, rendering: bool = False) -> Iterator[InProcess]:
    """The service with a hook for each site. `patching`: a MonkeyPatch. Without `rendering`, jobs end without sound."""
    clock, bell = Clock(), Doorbell()
    own = Database.now_ms
    patching.setattr(time, "time_ns", clock.time_ns)
    patching.setattr(Database, "now_ms", lambda database, session: own(database, session) + clock.ahead_ms)
    allowed = ",".join(site.address.removeprefix("http://") for site in sites)
    settings = {"check_confirm_s": 1, "check_most_closed": 1, "fetch_pause_s": 0, "check_every_s": 86_400}
    free = {"rate_public": "", "rate_webhooks": "", "rate_key": ""}
    parts = make_parts(folder, bell, allow_hosts=allowed, **settings, **free)
    with desk(parts) as here:
        stage = InProcess(
            parts=parts,
            client=here.client,
            bell=bell,
            clock=clock,
            workers=Workers(parts, patching),
            sites=sites,
            rendering=rendering,
            fetch=fetcher(outbound_of(parts.settings)),
            outbound=outbound_of(parts.settings),
        )
        for site in sites:
            name = site_name(site.paper.source)
            for hook, options in site.paper.options(site.address).items():
                kept = options_from({**options, "voice": TONE})
                stage.hooks[name, hook] = add_hook(parts.database, site.paper.source, name, kept)
            feeds.add_feed(parts, name, f"{site.address}/feed.xml", "make closed")
        yield stage


def waiting(parts: Parts) -> list[InboundEventRow]:
    """Events that nobody has done."""
    with parts.database.reading() as session:
        return list(session.scalars(select(InboundEventRow).where(InboundEventRow.state == "received")))


def _no_pause(seconds: float) -> None:
    """Instead of sleeping."""
