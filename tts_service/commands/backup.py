"""backup, restore: database and store together in one file."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from tts_service.commands.app import app, minute_of, say, settings

if TYPE_CHECKING:
    from tts_service.db.session import Database

_TOLD_EVERY_S = 5.0
_LEFT_S = 86_400.0
"""A draft unchanged for this long belongs to a backup that was killed."""
_PIPE = Path("-")


class _Progress:
    """Reports progress on stderr every few seconds."""

    def __init__(self) -> None:
        self._told_s = time.monotonic()

    def __call__(self, what: str) -> None:
        if time.monotonic() >= self._told_s + _TOLD_EVERY_S:
            self._told_s = time.monotonic()
            say(f"{what} …")


@app.command("backup")
def backup_service(
    target: Annotated[Path, typer.Argument(help="File to write, a folder for a file named by date, or - for stdout.")],
) -> None:
    """Back up database and store to one file, while the service runs. The file is as secret as the database.

    It contains everything but voices, settings and logs. Exit code 1 if an object is missing or damaged in the store:
    the file then has all the others. Written to a file, it appears under its name only when it is complete.
    """
    from tts_service.db.session import Database
    from tts_service.errors import BackupIncomplete
    from tts_service.retention.backup.make import make_backup
    from tts_service.storage.store import open_store

    configured = settings()
    database, store = Database(configured.database), open_store(configured)
    if target.is_dir():
        for left in target.glob("tts-backup-*.tar.part"):  # each is as secret as a backup
            if time.time() - left.stat().st_mtime > _LEFT_S:
                left.unlink()
        target /= f"tts-backup-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.tar"
    with _written(target) as file:
        made = make_backup(configured, database, store, file, _Progress())
    contents = made.contents
    size = f"{contents.object_bytes / 1e6:,.1f} MB"
    say(f"{target}: {contents.rows:,} rows, {contents.objects:,} objects ({size})")
    if made.faults:
        raise BackupIncomplete("\n  ".join([f"{len(made.faults)} in this backup:", *made.faults]))
    _note_backup(database)


@app.command("restore")
def restore_service(
    source: Annotated[Path, typer.Argument(help="A file that `backup` has written, or - for stdin.")],
) -> None:
    """Restore a backup into a new database and store, of any kind: those of the settings. Nothing must run there.

    The database must be empty. If it fails, the database stays empty; repeat the command.
    """
    from tts_service.db.session import Database
    from tts_service.retention.backup.restore import restore_backup
    from tts_service.storage.store import open_store

    configured = settings()
    with sys.stdin.buffer if source == _PIPE else source.open("rb") as file:
        database, store = Database(configured.database), open_store(configured)
        done = restore_backup(configured, database, store, file, _Progress())
    made = f"made {minute_of(done.head.made_ms)} by version {done.head.program}"
    say(f"{done.contents.rows:,} rows and {done.contents.objects:,} objects restored, {made}")
    if done.store_refusal is not None:
        say(done.store_refusal)


def _note_backup(database: Database) -> None:
    """Record the time for the page Running. The file is complete even where that fails."""
    from sqlalchemy import inspect

    from tts_service.db.tables import MetricRow
    from tts_service.errors import DatabaseUnavailable
    from tts_service.monitoring.running import LAST_BACKUP_MS
    from tts_service.monitoring.totals import set_gauge

    try:
        with database.reading() as session:
            known = inspect(session.connection()).has_table(MetricRow.__tablename__)
        if known:  # not in databases of earlier versions
            set_gauge(database, LAST_BACKUP_MS, {"backup": time.time() * 1000}, "what")
    except DatabaseUnavailable as error:
        say(f"The backup is complete, but the page Running won't show it: {error.message}")


@contextmanager
def _written(target: Path) -> Iterator[IO[bytes]]:
    """A file, readable only for its owner, that gets its name once it is complete and on disk."""
    if target == _PIPE:
        yield sys.stdout.buffer
        return
    draft = target.with_name(f"{target.name}.part")
    try:
        with draft.open("wb") as file:
            draft.chmod(0o600)
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
