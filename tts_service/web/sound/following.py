"""Follows a rendering: one poller per revision in this process serves all its listeners.

live.mp3 is the head, the pieces in order of position, and the end. It only ever grows: the byte at an offset is the
same for every listener, on every replica, whichever worker wrote it.
"""

from __future__ import annotations

import asyncio
import logging
from bisect import bisect_right
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import select

from tts_service.db.tables import ClipRevisionRow, JobRow, UtteranceRow
from tts_service.errors import DatabaseUnavailable
from tts_service.parts import Parts

HURRIED_POLL_S = 0.02
"""Between the first looks: an idle service has the first sentence within a fraction of a second."""
HURRIED_LOOKS = 30
FIRST_POLL_S = 0.05
"""Between later looks until something can be heard."""
POLL_S = 0.15
_UNANSWERED = 100
"""Looks in a row a database may leave unanswered before listeners are let go."""
_ENDED = ("succeeded", "failed", "cancelled", "superseded")

log = logging.getLogger(__name__)


class LiveRevision(NamedTuple):
    """A revision of a clip that can be heard while it is made."""

    clip_id: str
    revision: int


@dataclass(slots=True)
class Growth:
    """What is known of a live.mp3: grows, never changes."""

    starts: list[int] = field(default_factory=list)
    """First byte of each object, in order."""
    names: list[str] = field(default_factory=list)
    """Store name of each object."""
    size: int = 0
    """Bytes there are."""
    pieces: int = 0
    """Sentences among them."""
    complete: bool = False
    failed: bool = False

    @property
    def over(self) -> bool:
        """Nothing will be added any more."""
        return self.complete or self.failed

    def add(self, name: str, length: int) -> None:
        if length:
            self.starts.append(self.size)
            self.names.append(name)
            self.size += length

    def at(self, byte: int) -> tuple[str, int, int]:
        """(name, first byte, one past the last) of the object that holds a byte."""
        index = bisect_right(self.starts, byte) - 1
        end = self.starts[index + 1] if index + 1 < len(self.starts) else self.size
        return self.names[index], self.starts[index], end


class Follower:
    """One revision being followed."""

    def __init__(self, parts: Parts, key: LiveRevision) -> None:
        self._parts = parts
        self._key = key
        self._changed = asyncio.Event()
        self.growth = Growth()
        self.listeners = 0
        self.task: asyncio.Task[None] | None = None

    async def wait_past(self, byte: int) -> None:
        """Returns when there is a byte at this offset, or never will be."""
        while self.growth.size <= byte and not self.growth.over:
            await self._changed.wait()

    async def poll(self) -> None:
        """Look again and again until nothing will be added any more."""
        unanswered = looks = 0
        while not self.growth.over:
            try:
                await asyncio.to_thread(look, self._parts, self._key, self.growth)
                unanswered = 0
            except DatabaseUnavailable as error:
                unanswered += 1
                self.growth.failed = unanswered >= _UNANSWERED
                log.warning("live %s: %s", self._key, error)
            self._tell()
            if not self.growth.over:
                looks += 1
                await asyncio.sleep(self._pause_s(looks))

    def _pause_s(self, looks: int) -> float:
        if self.growth.pieces:
            return POLL_S
        return HURRIED_POLL_S if looks < HURRIED_LOOKS else FIRST_POLL_S

    def ended(self, task: asyncio.Task[None]) -> None:
        """Lets listeners go when the poller itself broke."""
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("live %s: the poller broke", self._key, exc_info=error)
            self.growth.failed = True
            self._tell()

    def _tell(self) -> None:
        told, self._changed = self._changed, asyncio.Event()
        told.set()


class Hub:
    """All followers of this process."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._followers: dict[LiveRevision, Follower] = {}

    @property
    def following_now(self) -> int:
        """Revisions somebody listens to."""
        return len(self._followers)

    @asynccontextmanager
    async def following(self, key: LiveRevision) -> AsyncIterator[Follower]:
        """The revision's follower while somebody listens: the first starts the poller, the last stops it."""
        follower = self._followers.get(key)
        if follower is None:
            follower = self._followers[key] = Follower(self._parts, key)
            follower.task = asyncio.create_task(follower.poll())
            follower.task.add_done_callback(follower.ended)
        follower.listeners += 1
        try:
            yield follower
        finally:
            follower.listeners -= 1
            if not follower.listeners and follower.task is not None:
                self._followers.pop(key, None)
                follower.task.cancel()


def look(parts: Parts, key: LiveRevision, growth: Growth) -> None:
    """Add what is new. Only whole, gapless pieces count. Raises DatabaseUnavailable."""
    clip_id, revision = key.clip_id, key.revision
    with parts.database.reading() as session:
        # State before pieces: a rendering seen as complete has all of its pieces.
        row = session.execute(
            select(ClipRevisionRow.state, ClipRevisionRow.live_head_bytes, ClipRevisionRow.live_end_bytes).where(
                ClipRevisionRow.clip_id == clip_id, ClipRevisionRow.revision == revision
            )
        ).one_or_none()
        job = session.scalar(select(JobRow.state).where(JobRow.clip_id == clip_id, JobRow.revision == revision))
        fresh = session.execute(
            select(UtteranceRow.position, UtteranceRow.live_start, UtteranceRow.live_bytes, UtteranceRow.live_piece)
            .where(
                UtteranceRow.clip_id == clip_id,
                UtteranceRow.revision == revision,
                UtteranceRow.position >= growth.pieces,
                UtteranceRow.live_piece.is_not(None),
            )
            .order_by(UtteranceRow.position)
        ).all()
    if row is None:
        growth.failed = job is None or job in _ENDED
        return
    state, head_bytes, end_bytes = row
    if not growth.size:
        growth.add(f"live/{clip_id}/{revision}/head", head_bytes)
    for position, start, length, name in fresh:
        if position != growth.pieces or start != growth.size:
            log.error("live %s: sentence %d begins at byte %s, not %d", key, position, start, growth.size)
            break
        growth.add(name or "", length or 0)
        growth.pieces += 1
    if end_bytes is not None:
        growth.add(f"live/{clip_id}/{revision}/end", end_bytes)
        growth.complete = True
    elif state == "failed" or (job in _ENDED and state != "ready"):
        growth.failed = True
