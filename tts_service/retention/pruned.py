"""What pruning deleted, or would delete: counts and bytes by kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, get_args

from tts_service.parts import Parts
from tts_service.storage.segments import name_of

Kind = Literal[
    "finished files",
    "live pieces",
    "segments",
    "stray files",
    "unfinished files",
    "revisions",
    "sentences",
    "jobs",
    "texts",
    "webhooks",
    "callbacks",
    "listening figures",
    "audit lines",
]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(slots=True)
class Pruned:
    """Filled while pruning goes on."""

    amounts: Counter[Kind] = field(default_factory=Counter)
    bytes: Counter[Kind] = field(default_factory=Counter)
    """In the store; rows aren't weighed."""
    held_until_ms: int | None = None
    """Nothing was deleted, since the database's clock jumped; milliseconds since 1970. None: it didn't."""
    store_refusal: str | None = None
    """Why nothing was deleted from the store: it isn't this installation's. None: it is."""
    failed: set[str] = field(default_factory=set)
    """Ids of the clips that couldn't be weighed or pruned; the log says why."""

    def add(self, kind: Kind, amount: int, size: int = 0) -> None:
        self.amounts[kind] += amount
        self.bytes[kind] += size

    def merge(self, other: Pruned) -> None:
        self.amounts.update(other.amounts)
        self.bytes.update(other.bytes)

    def weigh_segments(self, parts: Parts, keys: Iterable[str]) -> None:
        """Count segments with their size in the store. Raises StoreUnavailable."""
        for key in keys:
            self.add("segments", 1, parts.store.size(name_of(key)) or 0)

    @property
    def total_bytes(self) -> int:
        return self.bytes.total()
