"""The interface of the audio store: a folder or bucket of named objects, written atomically."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredObject:
    """An object as the store lists it."""

    name: str
    bytes: int
    written_ms: int
    """Milliseconds since 1970 by the store's clock."""


class ClipStore(Protocol):
    """Named objects. A name appears only once all its bytes are stored. Raises StoreUnavailable, DiskFull."""

    def put(self, name: str, data: bytes | Path) -> None:
        """Stores `data` under `name` atomically, replacing any existing object."""

    def put_new(self, name: str, data: bytes) -> bool:
        """Stores `data` unless the name exists (then returns False)."""

    def get(self, name: str) -> bytes:
        """All bytes. Raises NotFound."""

    def read_range(self, name: str, start: int, end: int) -> Iterator[bytes]:
        """Bytes start..end-1, in chunks of at most 256 KiB. Raises NotFound."""

    def size(self, name: str) -> int | None:
        """Size in bytes; None if it doesn't exist."""

    def delete(self, name: str) -> None:
        """Deletes the object; no error if it doesn't exist."""

    def signed_url(self, name: str, seconds: int) -> str | None:
        """A URL that allows anonymous GET for so many seconds; None if the store has none."""

    def names(self, prefix: str) -> Iterator[str]:
        """Names with this prefix."""

    def objects(self, prefix: str) -> Iterator[StoredObject]:
        """Objects whose names have this prefix, in no order."""

    def remove_staged(self, before_ms: int, *, only_list: bool = False) -> list[StoredObject]:
        """Removes what was written before a time (milliseconds since 1970, the store's clock) and never completed,
        because its process was killed: it has no name and isn't listed otherwise. Returns what it is.

        A bucket needs a rule of its own for incomplete uploads: docs/operations.md.
        """
