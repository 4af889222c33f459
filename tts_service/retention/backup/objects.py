"""The objects of the store that rows refer to, and their way into a backup."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from io import BytesIO
from typing import IO, Any

from sqlalchemy import Connection, text

from tts_service.errors import NotFound
from tts_service.retention.backup.archive import ArchiveWriter
from tts_service.storage.base import ClipStore
from tts_service.storage.segments import name_of

IN_MEMORY_BYTES = 8 * 1024 * 1024
"""Larger objects go through a temporary file."""
PARALLEL = 8
"""Objects under way at once: a bucket takes some 20 ms per request."""
_BATCH = 64
_BATCH_BYTES = 64 * 1024 * 1024
_USUAL_BYTES = 256 * 1024
"""Assumed of objects whose size only the store knows: segments, pieces of live audio."""
_UNFINISHED = (
    "FROM clip_revisions r JOIN jobs j ON j.clip_id = r.clip_id AND j.revision = r.revision "
    "WHERE r.state = 'rendering' AND j.state IN ('queued', 'running')"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferencedObject:
    """An object that a row refers to."""

    name: str
    size: int | None = None
    """In bytes, as its row says; None: the row doesn't say."""
    sha256: str = ""
    """As its row says; empty: the row doesn't say."""
    replaceable: bool = False
    """Whether it is made again where it is missing."""


def referenced_objects(
    connection: Connection, tables: Mapping[str, Collection[str]], uploads: Callable[[str], Iterable[str]]
) -> Iterator[ReferencedObject]:
    """Everything that the snapshot refers to, each object once.

    `tables`: columns that the database has; an earlier version's lacks some. `uploads`: names of a clip's recordings
    as they were sent.
    """
    yield from _finished_files(connection, [one for one in ("renditions", "files") if one in tables["clip_revisions"]])
    heads = f"SELECT r.clip_id, r.revision {_UNFINISHED} AND r.live_head_bytes > 0"
    for clip_id, revision in connection.execute(text(heads)):
        yield ReferencedObject(name=f"live/{clip_id}/{revision}/head", replaceable=True)
        yield ReferencedObject(name=f"live/{clip_id}/{revision}/end", replaceable=True)
    pieces = (
        f"SELECT live_piece FROM utterances u WHERE live_piece IS NOT NULL AND EXISTS "
        f"(SELECT 1 {_UNFINISHED} AND r.clip_id = u.clip_id AND r.revision = u.revision)"
    )
    yield from (ReferencedObject(name=name) for name in connection.execute(text(pieces)).scalars())
    if "basis" in tables["jobs"]:
        recorded = "SELECT DISTINCT clip_id FROM jobs WHERE state IN ('queued', 'running') AND basis IS NOT NULL"
        for clip_id in connection.execute(text(recorded)).scalars():
            yield from (ReferencedObject(name=name) for name in uploads(clip_id))
    spoken = "SELECT segment_key FROM utterances WHERE samples IS NOT NULL"
    if "notice_key" in tables["clip_revisions"]:
        spoken += " UNION SELECT notice_key FROM clip_revisions WHERE notice_key IS NOT NULL"
    spoken = f"SELECT DISTINCT segment_key FROM ({spoken}) AS s"
    for key in connection.execute(text(spoken), execution_options={"yield_per": 1000}).scalars():
        yield ReferencedObject(name=name_of(key), replaceable=True)


def _finished_files(connection: Connection, columns: Collection[str]) -> Iterator[ReferencedObject]:
    """Formats of all revisions, also those that were finished before their revision was."""
    query = f"SELECT clip_id, revision, {', '.join(f'CAST({one} AS TEXT)' for one in columns)} FROM clip_revisions"
    for clip_id, revision, *kept in connection.execute(text(query), execution_options={"yield_per": 1000}):
        listed = [one for column in kept for one in json.loads(column or "null") or ()]
        # A list of renditions, or of states of formats (jobs.files), each with its rendition or none.
        renditions: list[dict[str, Any] | None] = [one.get("rendition", one) for one in listed]
        made = {one.get("stored") or f"audio.{one['format']}": one for one in renditions if one}
        for name, one in made.items():
            whole = f"clips/{clip_id}/{revision}/{name}"
            yield ReferencedObject(name=whole, size=one["bytes"], sha256=one["sha256"])
            if one.get("manifest"):
                yield ReferencedObject(name=f"{whole}.c2pa")


def copy_objects(
    archive: ArchiveWriter, store: ClipStore, objects: Iterable[ReferencedObject], tick: Callable[[int], None]
) -> list[str]:
    """Copies objects from the store. Returns what is missing or damaged there, in words.

    Raises StoreUnavailable.
    """
    faults = []
    with ThreadPoolExecutor(PARALLEL) as pool:
        for batch in _batches(objects):
            copies = pool.map(lambda one: _fetched(store, one), batch)
            for wanted, copy in zip(batch, copies, strict=True):
                if copy is None:
                    if not wanted.replaceable:
                        faults.append(f"{wanted.name} is missing")
                    continue
                if wanted.sha256 and copy.sha256 != wanted.sha256:
                    faults.append(f"{wanted.name} is damaged: its SHA-256 is {copy.sha256}")
                with copy.file:
                    archive.object(wanted.name, copy.size, copy.sha256, copy.file)
            tick(len(batch))
    return faults


@dataclass(frozen=True, slots=True, kw_only=True)
class _Copy:
    size: int
    sha256: str
    file: IO[bytes]


def _fetched(store: ClipStore, wanted: ReferencedObject) -> _Copy | None:
    """A copy of an object; None if the store doesn't have it."""
    size = wanted.size if wanted.size is not None else store.size(wanted.name)
    if size is None:
        return None
    try:
        if size <= IN_MEMORY_BYTES:
            data = store.get(wanted.name)
            return _Copy(size=len(data), sha256=hashlib.sha256(data).hexdigest(), file=BytesIO(data))
        file, digest = tempfile.TemporaryFile(), hashlib.sha256()  # noqa: SIM115  (the caller closes it)
        for piece in store.read_range(wanted.name, 0, store.size(wanted.name) or 0):
            digest.update(piece)
            file.write(piece)
    except NotFound:
        return None
    size = file.tell()
    file.seek(0)
    return _Copy(size=size, sha256=digest.hexdigest(), file=file)


def _batches(objects: Iterable[ReferencedObject]) -> Iterator[list[ReferencedObject]]:
    batch, size = list[ReferencedObject](), 0
    for one in objects:
        batch.append(one)
        size += one.size if one.size is not None else _USUAL_BYTES
        if len(batch) >= _BATCH or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def spooled(objects: Iterable[ReferencedObject], renew: Callable[[], None]) -> IO[str]:
    """The objects in a temporary file: a service of years has millions. `renew` is called between them."""
    file = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  (the caller closes it)
    for one in objects:
        file.write(json.dumps(asdict(one)) + "\n")
        renew()
    file.seek(0)
    return file


def unspooled(file: IO[str]) -> Iterator[ReferencedObject]:
    for line in file:
        yield ReferencedObject(**json.loads(line))
