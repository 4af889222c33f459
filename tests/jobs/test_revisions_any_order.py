"""Any sequence of saves, withdrawals and jobs that overlap: the clip ends with the newest text, and never goes back."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.parts.factories import make_article
from tests.parts.quick_render import Workers, heard
from tts_service.db.tables import ArticleRow, ClipRow, JobRow
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.control import withdraw
from tts_service.jobs.lease import Lease
from tts_service.jobs.submit import submit
from tts_service.parts import Parts

pytestmark = pytest.mark.slow

TONE = Wish(voice="tone:beep")


@pytest.fixture
def workers(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Workers:
    return Workers(parts, monkeypatch)


@dataclass
class Newsroom:
    """Any sequence of events of one article, and what must hold after each."""

    parts: Parts
    workers: Workers
    name: str
    published: str | None = None
    since: set[str] = field(default_factory=set)
    """Texts published since the article was last offline."""
    begun: list[Lease] = field(default_factory=list)
    highest: int = 0

    def publish(self, number: int) -> None:
        self.published = f"Version {number}."
        self.since.add(self.published)
        again = submit(self.parts, make_article(external_id=self.name, source=self.published, title=None), TONE)
        with self.parts.database.reading() as session:
            clip = session.get_one(ClipRow, session.get_one(JobRow, again.job_id).clip_id)
        self.highest = min(self.highest, clip.current_revision or 0)

    def withdraw(self, _: int) -> None:
        if self.published is not None:
            withdraw(self.parts, "gazette", self.name)
            self.published, self.since, self.highest = None, set(), 0

    def begin(self, number: int) -> None:
        waiting = self.waiting()
        if waiting and (lease := self.workers.begin(waiting[number % len(waiting)])):
            self.begun.append(lease)

    def finish(self, number: int) -> None:
        if self.begun:
            self.workers.finish(self.begun.pop(number % len(self.begun)))

    def put_back(self, number: int) -> None:
        if self.begun:
            self.workers.put_back(self.begun.pop(number % len(self.begun)))

    def waiting(self) -> list[str]:
        mine = (ArticleRow.external_id == self.name, JobRow.state == "queued")
        with self.parts.database.reading() as session:
            return list(session.scalars(select(JobRow.id).join(ArticleRow).where(*mine).order_by(JobRow.revision)))

    def check(self) -> None:
        if not self.since and self.published is None:
            with self.parts.database.reading() as session:
                states = session.scalars(
                    select(ClipRow.state).join(ArticleRow).where(ArticleRow.external_id == self.name)
                ).all()
            assert states in ([], ["withdrawn"])
            return
        now = heard(self.parts, self.name)
        assert now is None or now in self.since
        with self.parts.database.reading() as session:
            current = session.scalars(
                select(ClipRow.current_revision).join(ArticleRow).where(ArticleRow.external_id == self.name)
            ).one()
        assert (current or 0) >= self.highest
        self.highest = current or 0

    def end(self) -> None:
        while self.begun:
            self.finish(0)
        while waiting := self.waiting():
            self.workers.render(waiting[0])
        assert self.published is None or heard(self.parts, self.name) == self.published


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["publish", "publish", "withdraw", "begin", "begin", "finish", "put_back"]), st.integers(0, 3)
    ),
    min_size=3,
    max_size=14,
)
names = (f"article-{number}" for number in itertools.count())


@given(EVENTS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_the_clip_ends_with_the_newest_text(
    parts: Parts, workers: Workers, events: list[tuple[str, int]]
) -> None:
    newsroom = Newsroom(parts, workers, next(names))
    for event, number in [("publish", 0), *events]:
        getattr(newsroom, event)(number)
        newsroom.check()
    newsroom.end()
