"""Stores signed files, and trusts the store only if it returns them as they were signed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from tts_service.errors import NotMarked
from tts_service.parts import Parts
from tts_service.provenance.read_back import confirm
from tts_service.provenance.record import Provenance
from tts_service.provenance.sign import sidecar
from tts_service.values import Rendition

_NAME_DIGITS = 16
"""Hex digits of a file's hash in its name."""


class MarkedRevision(Protocol):
    """The revision that a signed file belongs to."""

    @property
    def clip_id(self) -> str: ...

    @property
    def revision(self) -> int: ...

    @property
    def provenance(self) -> Provenance: ...


def store_marked(parts: Parts, rendering: MarkedRevision, path: Path, rendition: Rendition) -> Rendition:
    """Keep a signed file (and the manifest beside it) and read it back.

    No two signatures are the same, so no two files are: the name says which one this is, and a worker that comes back
    after it lost its job can't put its own file in the place of the one that was published.

    Raises NotMarked, StoreUnavailable.
    """
    beside = sidecar(path)
    name = f"{rendition.sha256[:_NAME_DIGITS]}.{rendition.format}"
    kept = replace(rendition, stored=name, manifest=beside.exists())
    folder = f"clips/{rendering.clip_id}/{rendering.revision}"
    back = path.with_name(f"back-{name}")
    parts.store.put(f"{folder}/{name}", path)
    if kept.manifest:
        parts.store.put(f"{folder}/{name}.c2pa", beside)
        sidecar(back).write_bytes(parts.store.get(f"{folder}/{name}.c2pa"))
    if _read_back(parts, f"{folder}/{name}", back) != rendition.sha256:
        raise NotMarked(f"The store returned different bytes of {folder}/{name} than were written.")
    confirm(back, rendering.provenance)
    return kept


def _read_back(parts: Parts, name: str, back: Path) -> str:
    """Fetch a stored file piece by piece and return its SHA-256."""
    digest = hashlib.sha256()
    with back.open("wb") as file:
        for piece in _pieces(parts, name):
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()


def _pieces(parts: Parts, name: str) -> Iterator[bytes]:
    return parts.store.read_range(name, 0, parts.store.size(name) or 0)
