"""Restores a backup into a new database and a store, of either kind.

1. Tables are made as they were in the version that made the backup, and its rows inserted.
2. Its objects are stored, each checked against its SHA-256.
3. The tables are brought up to this version, and everything is committed.

One transaction: whatever goes wrong, the database stays empty, and the same command can be repeated. A service that is
started meanwhile waits for it.

The new place is an installation of its own: it becomes the store's owner, unless the store has one already
(retention.ownership).
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import IO, Any

from sqlalchemy import inspect, text

from tts_service import __version__
from tts_service.db.migrate import upgrade_to, versions
from tts_service.db.session import Database
from tts_service.errors import BackupRefused, Conflict, StoreUnavailable
from tts_service.provenance.certificate import keep_own, own_folder
from tts_service.retention.backup.archive import (
    CONTENTS,
    FORMAT,
    HEAD,
    OBJECTS,
    ROWS,
    SIGNING,
    Contents,
    Head,
    Member,
    read_archive,
    read_rows,
)
from tts_service.retention.backup.make import Progress
from tts_service.retention.backup.objects import IN_MEMORY_BYTES, PARALLEL
from tts_service.retention.backup.rows import insert_restored, tables_of
from tts_service.retention.ownership import claim_store
from tts_service.settings import Settings
from tts_service.storage.base import ClipStore

_BATCH = 64
_SIGNING_FILE = re.compile(r"[a-z]+\.pem")


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a backup was and what came back."""

    head: Head
    contents: Contents
    store_refusal: str | None
    """Why the new place isn't the store's owner; None: it is."""


@dataclass(slots=True, kw_only=True)
class _Done:
    """What has been restored so far."""

    rows: int = 0
    objects: int = 0
    object_bytes: int = 0


def restore_backup(
    settings: Settings, database: Database, store: ClipStore, file: IO[bytes], progress: Progress
) -> Restored:
    """Restores a backup. An object of the store with the name of one in the backup is replaced; others stay.

    Raises Conflict (the database isn't empty), BackupRefused (damaged, incomplete, of a newer version),
    DatabaseUnavailable, StoreUnavailable.
    """
    if inspect(database.engine).get_table_names():
        raise Conflict(
            "The database isn't empty, and a restore replaces nothing: choose a new TTS_DATA_DIR or TTS_DATABASE_URL."
        )
    members = read_archive(file)
    head = _head(next(members, None), versions(database)[1])
    done, contents, signing = _Done(), None, dict[str, bytes]()
    with database.writing() as session:
        connection = session.connection()
        upgrade_to(connection, head.schema)
        if database.is_sqlite:  # rows of a table may refer to later ones
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        tables = tables_of(connection)
        for place, group in groupby(members, key=_place):
            if place.startswith(ROWS):
                name = place.removeprefix(ROWS)
                rows = _counted(group, done, progress)
                insert_restored(connection, name, head.tables[name], tables[name], rows)
            elif place == OBJECTS:
                _store_objects(store, group, done, progress)
            elif place == SIGNING:
                signing |= {_signing_name(member): member.checked() for member in group}
            elif place == CONTENTS:
                contents = Contents(**json.loads(next(group).checked()))
        if contents is None or asdict(contents) != asdict(done):
            raise BackupRefused("This backup has fewer rows or objects than it says.")
        if database.is_sqlite:
            connection.execute(text("PRAGMA defer_foreign_keys=OFF"))
        upgrade_to(connection, "head")
        if signing and settings.signing_cert is None:
            keep_own(own_folder(settings), signing)
    try:
        refusal = claim_store(database, store)
    except StoreUnavailable as error:  # all is restored; pruning claims it later
        refusal = error.message
    return Restored(head=head, contents=contents, store_refusal=refusal)


def _head(member: Member | None, known: str) -> Head:
    """Raises BackupRefused: no backup, or of a newer version."""
    if member is None or member.name != HEAD:
        raise BackupRefused("This file isn't a backup of this service.")
    kept: dict[str, Any] = json.loads(member.checked())
    if kept["format"] > FORMAT or kept["schema"] > known:
        raise BackupRefused(
            f"The backup was made by version {kept['program']} (database {kept['schema']}); this is version "
            f"{__version__} (database {known}): restore it with that version or a later one."
        )
    return Head(**kept)


def _place(member: Member) -> str:
    """What a member is: a table's rows, an object, a signing file, the contents. Raises BackupRefused."""
    if member.name.startswith(ROWS):
        return member.name.rpartition("/")[0]
    for place in (OBJECTS, SIGNING, CONTENTS):
        if member.name.startswith(place):
            return place
    raise BackupRefused(f"{member.name[:200]} isn't part of a backup.")


def _counted(members: Iterable[Member], done: _Done, progress: Progress) -> Iterator[list[Any]]:
    for member in members:
        rows = read_rows(member)
        yield from rows
        done.rows += len(rows)
        progress(f"{done.rows} rows")


def _store_objects(store: ClipStore, members: Iterable[Member], done: _Done, progress: Progress) -> None:
    small: list[tuple[str, bytes]] = []

    with ThreadPoolExecutor(PARALLEL) as pool:

        def put_small() -> None:
            list(pool.map(lambda one: store.put(*one), small))
            small.clear()
            progress(f"{done.rows} rows, {done.objects} objects")

        for member in members:
            name = member.name.removeprefix(OBJECTS)
            if ".." in name.split("/"):
                raise BackupRefused(f"{member.name[:200]} isn't part of a backup.")
            if member.size <= IN_MEMORY_BYTES:
                small.append((name, member.checked()))
            else:
                _put_large(store, name, member)
            done.objects += 1
            done.object_bytes += member.size
            if len(small) >= _BATCH:
                put_small()
        put_small()


def _put_large(store: ClipStore, name: str, member: Member) -> None:
    """Through a file, so that an hour of WAV isn't held in memory."""
    with tempfile.NamedTemporaryFile(prefix="tts-restore-") as file:
        digest = hashlib.sha256()
        while piece := member.read(IN_MEMORY_BYTES):
            digest.update(piece)
            file.write(piece)
        file.flush()
        if digest.hexdigest() != member.sha256:
            raise BackupRefused(f"{member.name} is damaged in this backup.")
        store.put(name, Path(file.name))


def _signing_name(member: Member) -> str:
    name = member.name.removeprefix(SIGNING)
    if not _SIGNING_FILE.fullmatch(name):
        raise BackupRefused(f"{member.name[:200]} isn't part of a backup.")
    return name
