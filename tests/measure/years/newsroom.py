"""A newsroom's days: what is published, edited, withdrawn, heard, reported and corrected, and what beat does then."""

from __future__ import annotations

import math
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

from tests.jobs.test_slices import turn, work
from tests.measure.years.copies import GAZETTE, Copier, Copy
from tests.measure.years.pattern import EDITS, Pattern, make_pattern
from tests.parts.factories import make_article
from tts_service.callbacks.endpoints import EndpointDraft, add_endpoint
from tts_service.corrections.accept import accept_proposal
from tts_service.corrections.cases.decisions import reject
from tts_service.corrections.cases.following import follow_articles
from tts_service.corrections.cases.gathering import gather_waiting
from tts_service.corrections.cases.weight import recount
from tts_service.corrections.follow_up import follow_up
from tts_service.corrections.impact.proposal import LexiconProposal
from tts_service.db.tables import (
    CaseRow,
    DeliveryAttemptRow,
    DeliveryRow,
    IdempotencyKeyRow,
    JobRow,
    ListeningRow,
    PruningRow,
)
from tts_service.db.tables.listeners import OPEN
from tts_service.engines.child.speak import EngineChild
from tts_service.jobs.control import withdraw
from tts_service.jobs.dispatch import sweep
from tts_service.jobs.idempotency import forget_keys
from tts_service.listeners.listening.counting import day_of
from tts_service.listeners.reports import ReportDraft, receive
from tts_service.newsroom.lexicon_place import Place
from tts_service.parts import Parts
from tts_service.retention import prune
from tts_service.retention.doomed import delete_doomed
from tts_service.retention.listeners import forget_expired
from tts_service.retention.ownership import claim_store
from tts_service.retention.prune import Pruner, held_until, prune_all
from tts_service.speakable.lexeme import Lexeme

DAY_MS = 86_400_000
WITHDRAWN = 0.02
WHOLE_EVERY = 200
"""Of so many articles, one isn't copied: it goes the whole way, with the tone engine."""
REPORTED = 0.1
"""Share of the articles that listeners report something about, once the desk is full."""
OPEN_CASES = 60
"""So many cases lie on the desk: more than a page shows."""
PRUNED_EVERY = 7
"""Days. Beat prunes all day long; what a week leaves is the same, and each look at every clip takes its time."""
LIVE_DAYS = 3
"""The days before the newsroom is looked at on which copies have pieces of live.mp3, which go after one: written every
day, they would be most of the work and never be seen."""
_HEARD_DAYS = 5
_HEARD = ("start", "quarter", "half", "three_quarters", "end", "speed:1", "left:0", "left:2", "left:5", "left:9")
_STRAYS = 2


class Newsroom:
    """A site on its way through the years."""

    def __init__(self, parts: Parts, engine: EngineChild, folder: Path, a_day: int) -> None:
        """`a_day`: articles that are published each day."""
        self.parts, self.engine, self.a_day = parts, engine, a_day
        self.store = parts.settings.data_dir / "audio"
        self.day, self.ahead_ms = 0, 0
        clock = parts.database.now_ms
        parts.database.now_ms = lambda session: clock(session) + self.ahead_ms  # type: ignore[method-assign]
        assert claim_store(parts.database, parts.store) is None
        add_endpoint(parts, EndpointDraft(url="https://cms.example/heard"))
        self.pattern: Pattern = make_pattern(parts, engine, folder / "pattern")
        self._deliver()
        self.pattern.renew(self.store)
        self._copier = Copier(parts, self.pattern, self.store)
        self._pruner = Pruner(parts, now_s=lambda: -1.0)  # looks for stray files only in `tidy`
        prune._TURN_S = math.inf  # here nobody waits for a turn to end
        self._chance = random.Random(12)
        self._fresh: list[Copy] = []
        """Copies of the last week."""
        self._to_withdraw: list[tuple[int, str]] = []
        self._strays = 0
        self.published = self.withdrawn = self.reports = 0
        self.whole: list[str] = []
        """Articles that went the whole way, by their CMS's id."""
        self.spoken_for_edits: Counter[int] = Counter()
        """How many sentences were spoken for an edit of one, or a correction of one word."""
        self.beat_s: Counter[str] = Counter()
        """CPU seconds of beat's duties."""

    def now_ms(self) -> int:
        with self.parts.database.reading() as session:
            return self.parts.database.now_ms(session)

    def live_a_day(self, *, live: bool) -> None:
        """One day, with beat's work at its end."""
        self._publish(live=live)
        self._withdraw()
        self._listen()
        self._report()
        self._ask()
        self._deliver()
        self._beat()
        self.day += 1
        self.ahead_ms += DAY_MS

    def tidy(self) -> int:
        """Look at every object in the store, and delete those that no row names. Returns how many there were, beside
        those that were left on purpose."""
        with self._timed("all of it"):
            pruned = prune_all(self.parts)
        self.pattern.renew(self.store)
        assert pruned.held_until_ms is None
        strays, self._strays = self._strays, 0
        return pruned.amounts["stray files"] - strays

    def whole_way(self, external_id: str, *, edits: int = EDITS) -> None:
        """Publish an article and edit it, through everything but a broker."""
        name = f"Whole{external_id}"
        lines = [
            f"{name} opened its bridge on day {self.day}.",
            *(f"Line {place} of it is long." for place in range(4)),
        ]
        for edit in range(edits + 1):
            lines[2] = f"The mayor spoke for {edit + 2} minutes."
            article = make_article(
                site=GAZETTE,
                external_id=external_id,
                source=" ".join(lines),
                title=None,
                url=f"https://n.example/{name}",
            )
            job = work(self.parts, self.engine, article)
            assert job.state == "succeeded", (job.state, job.error)
            if edit:
                self.spoken_for_edits[job.spoken] += 1

    def correct(self, external_id: str) -> None:
        """Have the name in an article that went the whole way said otherwise."""
        lexeme = Lexeme(graphemes=(f"Whole{external_id}",), language="en", alias="Holloway")
        proposal = LexiconProposal(place=Place.of(GAZETTE, external_id), lexeme=lexeme)
        accept_proposal(self.parts, proposal, why="as locals say it", who="staff:1")
        while follow_up(self.parts):
            with self.parts.database.reading() as session:
                waiting = session.scalars(select(JobRow.id).where(JobRow.state == "queued")).all()
            for job_id in waiting:
                self.spoken_for_edits[turn(self.parts, self.engine, job_id).spoken] += 1

    def _publish(self, *, live: bool) -> None:
        numbers = range(self.published, self.published + self.a_day)
        self.published += self.a_day
        copied = [number for number in numbers if number % WHOLE_EVERY]
        copies = self._copier.copy(copied, self.day, self.now_ms(), live=live)
        for number in (number for number in numbers if number % WHOLE_EVERY == 0):
            self.whole_way(str(number))
            self.correct(str(number))
            self.whole.append(str(number))
        self._fresh = [one for one in self._fresh if one.day > self.day - 7] + copies
        self._to_withdraw += [(self.day + 2, one.external_id) for one in copies if self._chance.random() < WITHDRAWN]
        for number in range(_STRAYS):  # a worker was killed
            path = self.store / "segments" / "00" / f"00{self.day:030x}{number:032x}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.hardlink_to(self.pattern.folder / "0")
        self._strays += _STRAYS

    def _withdraw(self) -> None:
        due = [name for day, name in self._to_withdraw if day <= self.day]
        self._to_withdraw = [one for one in self._to_withdraw if one[0] > self.day]
        for name in due:
            withdraw(self.parts, GAZETTE, name)
        self.withdrawn += len(due)

    def _listen(self) -> None:
        day = day_of(self.now_ms())
        rows = [
            {"clip_id": one.clip_id, "revision": EDITS + 1, "day": day, "what": what, "times": 7}
            for one in self._fresh
            if one.day > self.day - _HEARD_DAYS
            for what in _HEARD
        ]
        with self.parts.database.writing() as session:
            session.execute(insert(ListeningRow), rows)

    def _report(self) -> None:
        today = [one for one in self._fresh if one.day == self.day]
        full = self.reports >= OPEN_CASES
        for one in (one for one in today if not full or self._chance.random() < REPORTED):
            draft = ReportDraft(
                clip_id=one.clip_id,
                revision=EDITS + 1,
                category="pronunciation",
                position_ms=5_000,
                token=3,
                comment=f"{one.name} is said otherwise here.",
                email="reader@example.org",
            )
            receive(self.parts, draft)
            self.reports += 1
        gather_waiting(self.parts)
        with self.parts.database.reading() as session:
            case = CaseRow
            query = select(case.id, case.version).where(case.state.in_(OPEN)).order_by(case.id)
            cases = session.execute(query).all()
        for row in cases[: max(0, len(cases) - OPEN_CASES)]:
            reject(self.parts, row.id, version=row.version, who="staff:1", reason="It is said like this.")

    def _ask(self) -> None:
        """The CMS's requests by API carry an Idempotency-Key, which is kept for a day."""
        now = self.now_ms()
        rows = [
            {
                "api_key": "cms",
                "key": f"{self.day} {number}",
                "request_sha256": "0" * 64,
                "status": 202,
                "headers": {},
                "body": "{}",
                "job_id": "job_1",
                "created_ms": now,
                "expires_ms": now + DAY_MS,
            }
            for number in range(self.a_day)
        ]
        with self.parts.database.writing() as session:
            session.execute(insert(IdempotencyKeyRow), rows)

    def _deliver(self) -> None:
        """The publisher's endpoint takes every callback at the first attempt."""
        with self.parts.database.writing() as session:
            now = self.parts.database.now_ms(session)
            told = update(DeliveryRow).where(DeliveryRow.state == "pending")
            values = {"state": "delivered", "attempts": 1, "tries": 1, "done_ms": now}
            ids = session.scalars(told.values(**values).returning(DeliveryRow.id)).all()
            attempt: dict[str, Any] = {
                "number": 1,
                "url": "https://cms.example/heard",
                "started_ms": now,
                "took_ms": 40,
                "status": 200,
                "reason": "",
                "answer": "ok",
            }
            if ids:
                session.execute(insert(DeliveryAttemptRow), [{**attempt, "delivery_id": one} for one in ids])

    def _beat(self) -> None:
        """What beat does all day long, once."""
        parts = self.parts
        duties: tuple[tuple[str, Callable[[], object]], ...] = (
            ("sweep", lambda: sweep(parts)),
            ("follow_up", lambda: follow_up(parts)),
            ("follow_articles", lambda: follow_articles(parts)),
            ("weigh_cases", lambda: recount(parts)),
            ("forget_people", lambda: forget_expired(parts.database, parts.settings)),
            ("forget_requests", lambda: forget_keys(parts.database)),
            ("prune", self._prune if self.day % PRUNED_EVERY == PRUNED_EVERY - 1 else lambda: held_until(parts)),
            ("delete_doomed", lambda: delete_doomed(parts)),
        )
        for name, duty in duties:
            with self._timed(name):
                duty()

    def _prune(self) -> None:
        """One look at every clip, in as many turns as it takes."""
        while True:
            self._pruner.turn()
            with self.parts.database.reading() as session:
                if session.get_one(PruningRow, 1).after_clip == "":
                    return

    @contextmanager
    def _timed(self, duty: str) -> Iterator[None]:
        began = time.process_time()
        yield
        self.beat_s[duty] += time.process_time() - began
