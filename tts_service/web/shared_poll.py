"""One poll of the database for everything that streams follow, however many follow it, and a limit on how many do."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Hashable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Request

from tts_service.errors import DatabaseUnavailable, TooManyFollowers

log = logging.getLogger(__name__)

State = TypeVar("State")


class SharedPoll(Generic[State]):
    """The newest state of one thing. Followers that read slowly miss states in between; nothing is queued for them."""

    def __init__(self, look: Callable[[], State], every_s: float) -> None:
        self._look = look
        self._every_s = every_s
        self._changed = asyncio.Event()
        self.state: State | None = None
        self.number = 0
        """Of the state; 0 until there is one, then it grows with each change."""
        self.broken = False
        self.followers = 0
        self.task: asyncio.Task[None] | None = None

    async def wait_past(self, number: int, until_s: float) -> bool:
        """Wait for a newer state than this one, until then by the event loop's clock. The first state is waited for
        however long it takes. False: there is none."""
        while self.number <= number and not self.broken:
            changed = self._changed
            try:
                async with asyncio.timeout_at(until_s if number else None):
                    await changed.wait()
            except TimeoutError:
                break
        return self.number > number

    def tell(self, state: State) -> None:
        """Tell the followers, if the state is another one."""
        if not self.number or state != self.state:
            self.state = state
            self.number += 1
            self._wake()

    async def run(self) -> None:
        """Look again and again until nobody follows. A look is never cut off by a follower that leaves."""
        try:
            if self.number:
                await asyncio.sleep(self._every_s)
            while self.followers:
                try:
                    self.tell(await asyncio.to_thread(self._look))
                except DatabaseUnavailable as error:  # the streams outlive a database that comes back
                    log.warning("a followed state can't be read: %s", error)
                await asyncio.sleep(self._every_s)
        except Exception:
            log.exception("the poll of a followed state broke")
        finally:
            self.broken = True
            self._wake()

    def _wake(self) -> None:
        told, self._changed = self._changed, asyncio.Event()
        told.set()


class StreamPlace:
    """A stream's place among the followers of this process."""

    def __init__(self, polls: SharedPolls, left: ExitStack) -> None:
        self._polls = polls
        self._left = left

    def follow(
        self, key: Hashable, look: Callable[[], State], every_s: float, first: State | None = None
    ) -> SharedPoll[State]:
        """The poll of this thing, until the stream ends; its first follower starts it.

        `look` runs in a thread. `first`: what it would have found just now, if that is known.
        """
        return self._left.enter_context(self._polls.follow(key, look, every_s, first))


class SharedPolls:
    """All polls and followers of this process. Used from its event loop only."""

    def __init__(self, max_followers: int) -> None:
        self._max_followers = max_followers
        self._running: dict[Hashable, SharedPoll[Any]] = {}
        self.followers = 0

    @property
    def running(self) -> int:
        """Things that are followed now."""
        return len(self._running)

    @contextmanager
    def place(self) -> Iterator[StreamPlace]:
        """One more follower. Raises TooManyFollowers."""
        if self.followers >= self._max_followers:
            raise TooManyFollowers(f"{self.followers} streams are open in this process (TTS_MAX_FOLLOWERS).")
        self.followers += 1
        try:
            with ExitStack() as left:
                yield StreamPlace(self, left)
        finally:
            self.followers -= 1

    @contextmanager
    def follow(
        self, key: Hashable, look: Callable[[], State], every_s: float, first: State | None
    ) -> Iterator[SharedPoll[State]]:
        poll = self._running.get(key)
        if poll is None or poll.broken:
            poll = self._running[key] = SharedPoll(look, every_s)
            if first is not None:
                poll.tell(first)
            poll.task = asyncio.create_task(poll.run())
            poll.task.add_done_callback(lambda _: self._forget(key, poll))
        poll.followers += 1
        try:
            yield poll
        finally:
            poll.followers -= 1

    def _forget(self, key: Hashable, poll: SharedPoll[Any]) -> None:
        if self._running.get(key) is poll:
            del self._running[key]


async def _place(request: Request) -> AsyncIterator[StreamPlace]:
    # A dependency: it refuses before a response begins, and ends with the response. A generator of events that was left
    # in the middle ends when it is collected.
    polls: SharedPolls = request.app.state.shared_polls
    with polls.place() as place:
        yield place


GivenStreamPlace = Annotated[StreamPlace, Depends(_place)]
"""Raises TooManyFollowers."""
