"""The database for the other checks: an empty one gets its tables, one of another version is left alone."""

from __future__ import annotations

from tts_service.db.migrate import upgrade, versions
from tts_service.db.session import Database
from tts_service.errors import DatabaseUnavailable
from tts_service.settings import Settings


def require_tables(settings: Settings) -> str:
    """What the database is. Raises DatabaseUnavailable, also for one whose tables are of another version.

    An empty one is prepared as the service does at its start. Others aren't: the service that runs may be older.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database)
    try:
        database.ping()
        kind = database.engine.dialect.name
        present, wanted = versions(database)
        if present is None:
            upgrade(database)
            return f"{kind}, was empty: its tables have been created"
        if present != wanted:
            raise DatabaseUnavailable(
                f"Its tables have version {present}, this program needs {wanted}: start `tts-service run` (or the "
                "API) of this version once to upgrade them, or use the same version as the running service."
            )
        return kind
    finally:
        database.close()
