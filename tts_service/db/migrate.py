"""Migrates a database to this version's tables with Alembic; safe to call whenever a process starts."""

from __future__ import annotations

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from tts_service.db.session import Database

_LOCK_KEY = 0x7454735F  # arbitrary, but the same for all processes of a deployment


def upgrade(database: Database) -> None:
    """Runs the missing migrations; concurrent processes wait for each other."""
    present, target = versions(database)
    if present == target:
        return
    config = _config()
    with database.engine.execution_options(write=True).connect() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def versions(database: Database) -> tuple[str | None, str | None]:
    """(revision of the existing tables, revision of this program); the first is None if there are no tables."""
    with database.engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    return present, ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("tts_service.db") / "migrations"))
    return config
