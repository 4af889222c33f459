"""Makes a backup while the service runs.

1. A hold keeps every object in the store (db.holds).
2. One read transaction sees the database at one moment. Its rows are written, and the names of the objects that they
   refer to are set aside. SQLite's WAL grows meanwhile, PostgreSQL keeps dead rows; nobody waits.
3. The objects are copied.

Objects are stored before the rows that refer to them are committed, so everything that the snapshot refers to is there.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import IO

from sqlalchemy import inspect

from tts_service import __version__
from tts_service.db.holds import objects_held
from tts_service.db.migrate import versions
from tts_service.db.session import Database
from tts_service.db.tables import StoreHoldRow
from tts_service.errors import BackupRefused, NotFound
from tts_service.jobs.recordings import UPLOADS
from tts_service.provenance.certificate import own_folder
from tts_service.retention.backup.archive import FORMAT, ArchiveWriter, Contents, Head
from tts_service.retention.backup.objects import copy_objects, referenced_objects, spooled, unspooled
from tts_service.retention.backup.rows import rows_of, tables_of
from tts_service.settings import Settings
from tts_service.storage.base import ClipStore

Progress = Callable[[str], None]
"""Called several times a second with what has been done so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupMade:
    """What a backup contains."""

    contents: Contents
    faults: list[str]
    """Objects that are missing or damaged in the store, in words."""


def make_backup(
    settings: Settings, database: Database, store: ClipStore, file: IO[bytes], progress: Progress
) -> BackupMade:
    """Writes a backup of database, store and self-made signing key to a file.

    Raises NotFound (there is no database), BackupRefused (it is of a newer version), DatabaseUnavailable,
    StoreUnavailable, BackupInterrupted, OSError (the file can't be written).
    """
    schema = _schema(database)
    with _objects_held(database) as renew, ArchiveWriter(file) as archive:
        rows = 0
        with database.reading() as session:
            if database.is_sqlite:
                connection = session.connection()
            else:
                connection = session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            tables = tables_of(connection)
            head = Head(
                format=FORMAT,
                program=__version__,
                schema=schema,
                made_ms=database.now_ms(session),
                tables={name: list(types) for name, types in tables.items()},
            )
            archive.head(head)
            for name, types in tables.items():
                for rows in archive.rows(name, rows_of(connection, name, types)):
                    progress(f"{rows} rows")
                    renew()
            names = referenced_objects(connection, tables, lambda clip: store.names(f"{UPLOADS}{clip}/"))
            listed = spooled(names, renew)
        for path in sorted(own_folder(settings).glob("*.pem")):
            archive.signing(path.name, path.read_bytes())
        copied = 0

        def tick(number: int) -> None:
            nonlocal copied
            copied += number
            progress(f"{rows} rows, {copied} objects")
            renew()

        with listed:
            faults = copy_objects(archive, store, unspooled(listed), tick)
        return BackupMade(contents=archive.close(), faults=faults)


def _schema(database: Database) -> str:
    present, known = versions(database)
    if present is None:
        raise NotFound("There is no database to back up: check TTS_DATA_DIR and TTS_DATABASE_URL.")
    if present > known:
        raise BackupRefused(
            f"The database has version {present}, this program knows {known}: use the version of the running service."
        )
    return present


def _objects_held(database: Database) -> AbstractContextManager[Callable[[], None]]:
    if inspect(database.engine).has_table(StoreHoldRow.__tablename__):
        return objects_held(database)
    return nullcontext(lambda: None)  # a database of an earlier version, whose service deletes no audio by itself
