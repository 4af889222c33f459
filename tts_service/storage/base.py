"""The interface of the audio store: a folder or bucket of named bytes, written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol


class ClipStore(Protocol):
    """Named bytes. A name appears only when all of its bytes are there. Raises StoreUnavailable, DiskFull."""

    def put(self, name: str, data: bytes | Path) -> None:
        """Keep `data` under `name`, replacing what was there, atomically."""

    def put_new(self, name: str, data: bytes) -> bool:
        """Keep `data` unless the name is taken already (False)."""

    def get(self, name: str) -> bytes:
        """All bytes. Raises NotFound."""

    def read_range(self, name: str, start: int, end: int) -> Iterator[bytes]:
        """Bytes start..end-1, in pieces of at most 256 KiB. Raises NotFound."""

    def size(self, name: str) -> int | None:
        """Bytes of it; None: not there."""

    def delete(self, name: str) -> None:
        """Gone; nothing happens when it isn't there."""

    def signed_url(self, name: str, seconds: int) -> str | None:
        """An address anybody may GET for so long; None: this store has none."""

    def names(self, prefix: str) -> Iterator[str]:
        """Names below a prefix."""
