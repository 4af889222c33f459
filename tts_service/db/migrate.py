"""Brings a database to this version's tables, by Alembic; safe to call at every start of every part."""

from __future__ import annotations

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from tts_service.db.session import Database

_LOCK_KEY = 0x7454735F  # any constant: all parts of one deployment take the same lock


def upgrade(database: Database) -> None:
    """Run the missing migrations, one process at a time."""
    config = Config()
    config.set_main_option("script_location", str(files("tts_service.db") / "migrations"))
    head = ScriptDirectory.from_config(config).get_current_head()
    with database.engine.connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() == head:
            return
    with database.engine.execution_options(write=True).connect() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
