"""The queue and its slots, simulated: jobs arrive, sites take turns, slots work in turns of a minute.

What is modelled is what decides how long an article waits: the order in which jobs are claimed, the rings that wake
slots, the wait for further edits, and turns. A slot has a core of its own. Everything else (API, database, broker,
store) is counted in capacity.py, not simulated: it doesn't delay jobs until it is overloaded.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import simpy

QUEUES = ("breaking", "normal", "backfill")
SLICE_S = 60.0
SETTLE_S = 5.0
DISPATCH_S = 1.0
"""Beat rings so often."""


@dataclass(slots=True, kw_only=True)
class Job:
    """A revision of an article that has to be spoken."""

    at_s: float
    """When it arrives."""
    site: str
    article: int
    work_s: float
    """Seconds that a slot needs for it."""
    queue: str = "normal"
    settles: bool = False
    """An edit waits for further ones first, except in `breaking`."""
    due_s: float = 0.0
    wait_s: float | None = None
    """From when it was due until a slot took it."""
    ended_s: float | None = None
    superseded: bool = False


@dataclass(slots=True)
class Service:
    """Slots, the queues before them, and the rings at the broker."""

    env: simpy.Environment
    rings_most: int
    """Rings of one queue that may wait at the broker: TTS_WORKER_SLOTS + TTS_BREAKING_SLOTS."""
    running: int = 0
    capacity_s: float = 0.0
    """Slot seconds that there were."""
    slots: int = 0
    open: int = 0
    """Jobs that haven't ended."""
    _due: dict[str, dict[str, deque[Job]]] = field(default_factory=lambda: {name: {} for name in QUEUES})
    _counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(QUEUES, 0))
    _rings: dict[str, int] = field(default_factory=lambda: dict.fromkeys(QUEUES, 0))
    _turns: dict[tuple[str, str], float] = field(default_factory=dict)
    _turn: int = 0
    _idle: deque[simpy.Event] = field(default_factory=deque)
    _waiting: dict[int, Job] = field(default_factory=dict)
    """By article, its job that no slot has begun."""
    _leaving: int = 0

    def submit(self, job: Job) -> None:
        """What POST /v1/jobs does. An older job of the article that hasn't begun is superseded."""
        job.due_s = self.env.now + (SETTLE_S if job.settles and job.queue != "breaking" else 0.0)
        self.open += 1
        older = self._waiting.get(job.article)
        if older is not None:
            older.superseded, older.ended_s = True, self.env.now
            self.open -= 1
            self._counts[older.queue] -= older.due_s <= self.env.now
            job.work_s = max(job.work_s, older.work_s)
        self._waiting[job.article] = job
        if job.due_s > self.env.now:
            self.env.process(self._becomes_due(job))
        else:
            self._queue(job)
        self.ring()

    def ring(self) -> None:
        """As many rings as jobs are due, up to the most."""
        for name in QUEUES:
            missing = min(self._counts[name], self.rings_most) - self._rings[name]
            for _ in range(missing):
                if self._idle:
                    self._idle.popleft().succeed(name)
                else:
                    self._rings[name] += 1

    def oldest_s(self) -> float:
        """Age of the job that has been due longest; 0: none is due."""
        heads = [
            next((job.due_s for job in jobs if not job.superseded), self.env.now)
            for name in QUEUES[:2]
            for jobs in self._due[name].values()
        ]
        return self.env.now - min(heads, default=self.env.now)

    def add_slots(self, number: int) -> None:
        self.slots += number
        for _ in range(number):
            self.env.process(self._slot())

    def remove_slots(self, number: int) -> None:
        """Each of so many slots ends when its turn is over."""
        self.slots -= number
        self._leaving += number
        while self._idle and self._leaving:
            self._leaving -= 1
            self._idle.popleft().succeed(None)

    def beat(self) -> Iterator[simpy.Event]:
        while True:
            self.capacity_s += self.slots * DISPATCH_S
            yield self.env.timeout(DISPATCH_S)
            self.ring()

    def _slot(self) -> Iterator[Any]:
        while True:
            queue = next((name for name in QUEUES if self._rings[name]), None)
            if queue is None:
                woken = self.env.event()
                self._idle.append(woken)
                queue = yield woken
                if queue is None:
                    return
            else:
                self._rings[queue] -= 1
            job = self._claim(queue)
            if job is None:
                continue
            self.running += 1
            if job.wait_s is None:
                job.wait_s = self.env.now - job.due_s
            yield self.env.timeout(min(job.work_s, SLICE_S))
            self.running -= 1
            job.work_s -= SLICE_S
            if job.work_s > 0:
                job.due_s = self.env.now  # behind the others
                self._queue(job)
            else:
                job.ended_s = self.env.now
                self.open -= 1
            self.ring()
            if self._leaving:
                self._leaving -= 1
                return

    def _claim(self, queue: str) -> Job | None:
        """The site whose turn was longest ago; of its jobs the one that has been due longest."""
        parties = self._due[queue]
        while self._counts[queue]:
            site = min(
                (site for site, jobs in parties.items() if jobs), key=lambda site: self._turns.get((queue, site), 0)
            )
            job = parties[site].popleft()
            if job.superseded:
                continue
            self._turn += 1
            self._turns[queue, site] = self._turn
            self._counts[queue] -= 1
            if self._waiting.get(job.article) is job:
                del self._waiting[job.article]
            return job
        return None

    def _queue(self, job: Job) -> None:
        self._due[job.queue].setdefault(job.site, deque()).append(job)
        self._counts[job.queue] += 1

    def _becomes_due(self, job: Job) -> Iterator[simpy.Event]:
        yield self.env.timeout(SETTLE_S)
        if not job.superseded:
            self._queue(job)


def simulate(jobs: Sequence[Job], slots: int, rings_most: int) -> Service:
    """Runs until every job has ended; `jobs` in the order of their arrival, which are filled in."""
    env = simpy.Environment()
    service = Service(env, rings_most)
    service.add_slots(slots)
    env.process(service.beat())
    env.run(until=env.process(arrivals(env, service, jobs)))
    while service.open:
        env.run(until=env.now + 60)
    return service


def arrivals(env: simpy.Environment, service: Service, jobs: Sequence[Job]) -> Iterator[simpy.Event]:
    for job in jobs:
        if job.at_s > env.now:
            yield env.timeout(job.at_s - env.now)
        service.submit(job)
