"""Polls that streams share: one look for all, the newest state for the slow, an end, and a limit."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.parts.statements import statements
from tests.parts.web_rows import rendering_clip
from tts_service.access.keys import create_key
from tts_service.errors import DatabaseUnavailable, TooManyFollowers
from tts_service.parts import Parts
from tts_service.web.api.jobs import _job, stream_job_events
from tts_service.web.app import create_app
from tts_service.web.shared_poll import SharedPolls

FOREVER_S = float("inf")


class Steps:
    """A thing whose looks the test counts and answers."""

    def __init__(self, *states: Any) -> None:
        self.states = list(states)
        self.looks = 0

    def look(self) -> Any:
        self.looks += 1
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        if isinstance(state, Exception):
            raise state
        return state


async def ended(polls: SharedPolls) -> None:
    """Returns once no poll runs."""
    while polls.running:
        await asyncio.sleep(0)


def test_all_followers_share_the_looks_and_the_poll_ends_with_the_last_of_them() -> None:
    async def follow() -> None:
        polls, thing = SharedPolls(9), Steps(1, 2)
        with polls.place() as one, polls.place() as other:
            first = one.follow("thing", thing.look, 0)
            assert other.follow("thing", thing.look, 0) is first
            assert polls.running == 1
            while first.number < 2:
                assert await first.wait_past(first.number, FOREVER_S)
            assert (first.state, polls.followers) == (2, 2)
        await ended(polls)
        looks = thing.looks
        await asyncio.sleep(0)
        assert (polls.followers, thing.looks) == (0, looks)
        with polls.place() as again:  # another poll, which looks itself
            poll = again.follow("thing", thing.look, 0)
            assert poll is not first
            assert await poll.wait_past(0, FOREVER_S)

    asyncio.run(follow())


def test_a_slow_follower_holds_nobody_and_gets_the_newest_state() -> None:
    async def follow() -> list[Any]:
        polls = SharedPolls(9)
        with polls.place() as quick, polls.place() as slow:
            thing = Steps(*range(1, 100))
            poll = quick.follow("thing", thing.look, 0)
            assert slow.follow("thing", thing.look, 0) is poll
            assert await poll.wait_past(0, FOREVER_S)
            seen = poll.number
            while poll.state != 99:
                assert await poll.wait_past(poll.number, FOREVER_S)
            assert await poll.wait_past(seen, FOREVER_S)
            return [poll.state, await poll.wait_past(poll.number, asyncio.get_running_loop().time())]

    assert asyncio.run(follow()) == [99, False]


def test_a_poll_outlives_a_database_that_comes_back_and_no_other_fault() -> None:
    async def follow(fault: Exception) -> tuple[Any, bool]:
        polls = SharedPolls(9)
        with polls.place() as one:
            poll = one.follow("thing", Steps(fault, 1).look, 0)
            await poll.wait_past(0, FOREVER_S)
            return poll.state, poll.broken

    assert asyncio.run(follow(DatabaseUnavailable("away"))) == (1, False)
    assert asyncio.run(follow(RuntimeError("a fault of ours"))) == (None, True)


def test_a_follower_too_many_is_refused_until_one_leaves() -> None:
    polls = SharedPolls(2)
    with ExitStack() as places:
        for _ in range(2):
            places.enter_context(polls.place())
        with pytest.raises(TooManyFollowers), polls.place():
            pass
        assert polls.followers == 2
    with polls.place():
        assert polls.followers == 1


@pytest.mark.parametrize("path", ["/v1/jobs/job_1/events", "/v1/cases/events?for_s=0"])
def test_a_stream_too_many_is_a_problem_that_says_when_to_try_again(parts: Parts, path: str) -> None:
    rendering_clip(parts).fail()
    app = create_app(parts)
    key = create_key(parts.database, "test", ("jobs:read", "reports"))
    with TestClient(app, headers={"Authorization": f"Bearer {key}"}) as client:
        app.state.shared_polls = SharedPolls(1)
        assert client.get(path).status_code == 200
        assert app.state.shared_polls.followers == 0
        with app.state.shared_polls.place():
            refused = client.get(path)
    assert (refused.status_code, refused.json()["code"]) == (503, "too_many_followers")
    assert refused.headers["content-type"] == "application/problem+json"
    assert int(refused.headers["retry-after"]) > 0


def test_a_hundred_followers_of_a_job_cost_the_statements_of_one(parts: Parts) -> None:
    made = rendering_clip(parts)

    async def follow() -> tuple[int, int]:
        polls, job = SharedPolls(100), _job(parts, made.job, None)
        with ExitStack() as places, statements(parts.database.engine) as sent:
            streams = [
                stream_job_events(job, parts, places.enter_context(polls.place())).__aiter__() for _ in range(100)
            ]
            first = [await anext(stream) for stream in streams]
            made.fail()
            sent.clear()
            last = await asyncio.gather(*(anext(stream) for stream in streams))
            reads = [one for one in sent if one.startswith("SELECT") and "FROM jobs" in one]
            assert {one.event for one in first} == {"progress"}
            return len(reads), sum(one.event == "failed" for one in last)

    reads, told = asyncio.run(follow())
    assert told == 100
    assert reads < 10
