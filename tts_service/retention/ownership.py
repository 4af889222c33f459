"""Decides which installation a store belongs to (jobs.store_owner).

A store without an owner goes to the first installation that finds it empty, or whose database knows at least half of
its objects: a service that is upgraded, or restored. Otherwise the database isn't the one that the store was filled
with, and only a person can say that it is: `tts-service prune --adopt`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from tts_service.db.session import Database
from tts_service.db.tables import InstallationRow
from tts_service.jobs.store_owner import OTHER_OWNER, OWNER_OBJECT, installation_id, owner_of
from tts_service.parts import Parts
from tts_service.retention.doomed import doomed_names
from tts_service.retention.orphans import needed_names, stored_objects
from tts_service.storage.base import ClipStore

UNKNOWN_OBJECTS = (
    "The store has no owner, and most of its objects are unknown to this database: nothing that it doesn't know is "
    "deleted. Check TTS_DATABASE_URL and TTS_STORE_URL. If both are right, run `tts-service prune --adopt`, which says "
    "first what would be deleted."
)
_LOOKED_AT = 2_000
"""Size of the sample of objects, taken from random folders."""
_AT_ONCE = 500


def claim_store(database: Database, store: ClipStore) -> str | None:
    """Make this installation the store's owner if it has none and this may be the one. Returns why this isn't the
    owner; None: it is. Raises StoreUnavailable."""
    mine = installation_id(database)
    owner = owner_of(store)
    if owner is None and _may_claim(database, store):
        if not store.put_new(OWNER_OBJECT, mine.encode()) and owner_of(store) is None:  # an empty one
            store.put(OWNER_OBJECT, mine.encode())
        owner = owner_of(store)
    _note_unknown(database, unknown=owner is None)
    return _refusal(mine, owner)


def claim_refusal(database: Database, store: ClipStore) -> str | None:
    """What `claim_store` would return now. Claims nothing. Raises StoreUnavailable."""
    owner = owner_of(store)
    if owner is None and _may_claim(database, store):
        return None
    return _refusal(installation_id(database), owner)


def adopt_store(database: Database, store: ClipStore) -> None:
    """Make this installation the store's owner, whoever was before. Raises StoreUnavailable."""
    store.put(OWNER_OBJECT, installation_id(database).encode())
    _note_unknown(database, unknown=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownObjects:
    """How much of the store a database knows."""

    known: int
    """Objects."""
    number: int
    """Objects that it doesn't know."""
    bytes: int
    """Their bytes."""


def unknown_objects(parts: Parts) -> UnknownObjects:
    """What the sweep would delete in the end if this installation became the owner. Raises StoreUnavailable."""
    known, number, size = 0, 0, 0
    objects = stored_objects(parts.store)
    while some := list(islice(objects, _AT_ONCE)):
        with parts.database.reading() as session:
            needed = needed_names(session, [one.name for one in some])
        known += len(needed)
        number += len(some) - len(needed)
        size += sum(one.bytes for one in some if one.name not in needed)
    return UnknownObjects(known=known, number=number, bytes=size)


def store_refusal(database: Database, store: ClipStore) -> str | None:
    """Why nothing unknown may be deleted from the store; None: no reason is known. Cheap, and claims nothing.

    Raises StoreUnavailable."""
    owner = owner_of(store)
    if owner is None and not _is_noted_unknown(database):
        return None
    return _refusal(installation_id(database), owner)


def _refusal(mine: str, owner: str | None) -> str | None:
    if owner == mine:
        return None
    return UNKNOWN_OBJECTS if owner is None else OTHER_OWNER


def _may_claim(database: Database, store: ClipStore) -> bool:
    found = [one.name for one in islice(stored_objects(store), _LOOKED_AT)]
    if not found:
        return True
    if _is_noted_unknown(database):  # what it has written there since makes nothing else its own
        return False
    with database.reading() as session:
        known = needed_names(session, found) | doomed_names(session, found)
        return 2 * len(known) >= len(found)


def _is_noted_unknown(database: Database) -> bool:
    with database.reading() as session:
        row = session.get(InstallationRow, 1)
        return row is not None and row.store_unknown


def _note_unknown(database: Database, *, unknown: bool) -> None:
    if _is_noted_unknown(database) != unknown:
        with database.writing() as session:
            session.get_one(InstallationRow, 1).store_unknown = unknown
