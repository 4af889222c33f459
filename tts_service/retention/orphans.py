"""Finds objects in the store that no row refers to, such as those of a worker that was killed.

Only objects that were written more than a day ago, by the store's own clock: what is being written now has its row
soon. Objects of other kinds than this service writes are left alone.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Row, select, tuple_
from sqlalchemy.orm import Session

from tts_service.db.tables import ClipRevisionRow, JobRow
from tts_service.jobs.recordings import UPLOADS
from tts_service.parts import Parts
from tts_service.retention.doomed import doom, named_segments
from tts_service.retention.needed import UNFINISHED
from tts_service.retention.pruned import Pruned
from tts_service.storage.base import ClipStore, StoredObject
from tts_service.storage.segments import name_of
from tts_service.values import Rendition
from tts_service.values.moments import DAY_MS

GRACE_MS = DAY_MS
"""A trial's sound, which no row names, is kept at least as long, for the clip that is made with it."""
_CLOCK_FOLDER = "pruning/"
"""Written to read the store's clock."""
_SEGMENTS = "segments/"
_AT_ONCE = 500

log = logging.getLogger(__name__)


def stored_objects(store: ClipStore) -> Iterator[StoredObject]:
    """Everything that may be an orphan, in random order of folders, so that even rounds that never end reach each of
    them some time."""
    folders = ["clips/", "live/", UPLOADS, *(f"{_SEGMENTS}{number:02x}/" for number in range(256))]
    random.shuffle(folders)
    for folder in folders:
        yield from store.objects(folder)


def sweep_orphans(
    parts: Parts, objects: Iterator[StoredObject], pruned: Pruned, *, most: int | None = None, only_count: bool = False
) -> bool:
    """Doom the orphans among the next `most` objects; None: among all. Returns whether there were any objects left.
    Only the store's owner may (retention.ownership).

    Raises StoreUnavailable, after which the round begins again."""
    written, seen = _clock_of(parts.store), 0
    while batch := list(islice(objects, _AT_ONCE if most is None else min(_AT_ONCE, most - seen))):
        seen += len(batch)
        old = [one for one in batch if one.written_ms <= written - GRACE_MS]
        if old:
            _doom_orphans(parts, old, pruned, only_count=only_count)
    return most is not None and seen >= most


def sweep_staged(parts: Parts, pruned: Pruned, *, only_count: bool = False) -> None:
    """Remove files that a killed process left unfinished in the store's folder. Raises StoreUnavailable."""
    found = parts.store.remove_staged(_clock_of(parts.store) - GRACE_MS, only_list=only_count)
    pruned.add("unfinished files", len(found), sum(one.bytes for one in found))


def _clock_of(store: ClipStore) -> int:
    """Milliseconds since 1970."""
    store.put(f"{_CLOCK_FOLDER}clock", b"")
    return next(iter(store.objects(_CLOCK_FOLDER))).written_ms


def _doom_orphans(parts: Parts, found: Sequence[StoredObject], pruned: Pruned, *, only_count: bool) -> None:
    with parts.database.reading() as session:
        kept = needed_names(session, [one.name for one in found])
        orphans = [one for one in found if one.name not in kept]
    if orphans and not only_count:
        segments = [one.name.rpartition("/")[2] for one in orphans if one.name.startswith(_SEGMENTS)]
        others = [one.name for one in orphans if not one.name.startswith(_SEGMENTS)]
        with parts.database.writing() as session:
            doom(parts.database, session, "segment", segments)
            doom(parts.database, session, "object", others)
    pruned.add("stray files", len(orphans), sum(one.bytes for one in orphans))


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """A file of a revision."""

    name: str
    kind: str
    """clips, live."""
    place: tuple[str, int]
    """Clip and revision."""
    within: str
    """Its name below the revision."""


def needed_names(session: Session, names: Collection[str]) -> frozenset[str]:
    """Those of some objects' names that rows refer to, or that a running job is still writing."""
    keys = [name.rpartition("/")[2] for name in names if name.startswith(_SEGMENTS)]
    uploads = {name.rpartition("/")[2]: name for name in names if name.startswith(UPLOADS)}
    files = [file for file in map(_file_of, names) if file is not None]
    places = {file.place for file in files}
    # Jobs before revisions: a job that ends in between has named its files by then.
    at_work = (JobRow.state.in_(UNFINISHED), JobRow.clip_id.in_({clip_id for clip_id, _ in places}))
    busy = {
        (clip_id, number)
        for clip_id, number in session.execute(select(JobRow.clip_id, JobRow.revision).where(*at_work))
    }
    sending = session.scalars(select(JobRow.id).where(JobRow.id.in_(uploads), JobRow.state.in_(UNFINISHED)))
    kept = {uploads[job_id] for job_id in sending} | set(map(name_of, named_segments(session, keys)))
    revision = ClipRevisionRow
    columns = (revision.clip_id, revision.revision, revision.live_kept, revision.again_ms, revision.renditions)
    rows = session.execute(select(*columns).where(tuple_(revision.clip_id, revision.revision).in_(places)))
    known = {(row.clip_id, row.revision): row for row in rows}
    for file in files:
        row = known.get(file.place)
        try:
            if file.place in busy or (row is not None and _is_of(file, row)):
                kept.add(file.name)
        except (TypeError, AttributeError):  # what its row says isn't readable
            log.exception("%s stays: revision %s/%s is faulty", file.name, *file.place)
            kept.add(file.name)
    return frozenset(kept)


def _file_of(name: str) -> _File | None:
    kind, _, rest = name.partition("/")
    clip_id, _, rest = rest.partition("/")
    number, _, within = rest.partition("/")
    if kind not in ("clips", "live") or not number.isdecimal():
        return None
    return _File(name=name, kind=kind, place=(clip_id, int(number)), within=within)


def _is_of(file: _File, row: Row[Any]) -> bool:
    """Whether a revision at which no job is at work has this file."""
    if file.kind == "live":
        return bool(row.live_kept)
    if row.again_ms is not None:  # formats that were left out are being made, or will be
        return True
    return file.within.removesuffix(".c2pa") in {Rendition(**made).file_name for made in row.renditions or ()}
