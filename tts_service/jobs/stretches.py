"""The stretches of a revision's long files, in the store until the revision is published."""

from __future__ import annotations

from tts_service.errors import NotFound
from tts_service.jobs.lease import write
from tts_service.jobs.rendering import Rendering
from tts_service.parts import Parts


class StoredStretches:
    """`audio.kept.Kept` over the clip store."""

    def __init__(self, parts: Parts, rendering: Rendering, *, in_turn: bool) -> None:
        """`in_turn`: the job's lease is held, and each stretch that is kept shows that the job gets on."""
        self._parts, self._rendering, self._in_turn = parts, rendering, in_turn
        self._folder = f"clips/{rendering.clip_id}/{rendering.revision}/stretches"
        self._used = False

    def get(self, name: str) -> bytes | None:
        """What was kept; None: nothing. Raises StoreUnavailable."""
        self._used = True
        try:
            return self._parts.store.get(f"{self._folder}/{name}")
        except NotFound:
            return None

    def put(self, name: str, data: bytes) -> None:
        """Keep it. Raises StoreUnavailable, LeaseLost."""
        self._used = True
        self._parts.store.put(f"{self._folder}/{name}", data)
        if self._in_turn:
            with self._parts.database.writing() as session:
                write(session, self._rendering.lease, attempts=0)

    def forget(self) -> None:
        """Delete what is kept, if this turn came upon any. Raises StoreUnavailable."""
        if not self._used:
            return
        for name in list(self._parts.store.names(f"{self._folder}/")):
            self._parts.store.delete(name)
