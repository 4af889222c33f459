"""Migrates a database to this version's tables with Alembic; safe to call whenever a process starts."""

from __future__ import annotations

from importlib.resources import files

from sqlalchemy import Connection, inspect, text

from tts_service.db.session import Database
from tts_service.errors import Conflict

_MIGRATIONS = files("tts_service.db") / "migrations"
_LOCK_KEY = 0x7454735F  # arbitrary, but the same for all processes of a deployment


def upgrade(database: Database) -> None:
    """Runs the missing migrations; concurrent processes wait for each other. Raises Conflict for a database of a newer
    version."""
    present, target = versions(database)
    if present == target:
        return
    if present is not None and present > target:
        raise Conflict(
            f"The database has the tables of version {present}; this program knows them up to {target}: start a "
            "version of the service that is at least as new, or restore a backup from before the upgrade."
        )
    # Begun before Alembic looks: in SQLite it would otherwise read the version, and then make each step a transaction.
    with database.engine.execution_options(write=True).connect() as connection, connection.begin():
        upgrade_to(connection, "head")


def upgrade_to(connection: Connection, revision: str) -> None:
    """Runs the missing migrations up to a revision in a connection's transaction."""
    from alembic import command  # costs each process 0.1 s and is needed once per version
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    if connection.dialect.name != "sqlite":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def versions(database: Database) -> tuple[str | None, str]:
    """(revision of the existing tables, revision of this program); the first is None if there are no tables."""
    with database.engine.connect() as connection:
        has_tables = inspect(connection).has_table("alembic_version")
        present = connection.scalar(text("SELECT version_num FROM alembic_version")) if has_tables else None
    newest = max(file.name for file in _MIGRATIONS.joinpath("versions").iterdir() if file.name[:4].isdigit())
    return present, newest[:4]
