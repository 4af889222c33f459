"""Makes parts and articles for tests: real SQLite, a real folder, the tone engine, no broker unless asked."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Dialect, event

from tts_service.db.migrate import upgrade
from tts_service.db.session import Database
from tts_service.db.tables import Base
from tts_service.engines.voices.registry import Registry
from tts_service.errors import BrokerUnavailable
from tts_service.parts import Parts
from tts_service.settings import Settings
from tts_service.storage.segments import SegmentStore
from tts_service.storage.store import open_store
from tts_service.values import Article, SourceFormat

TEXT = (
    "The harbour town of Elmsworth opened its new bridge on Monday. Three hundred people came to see it. "
    "The mayor cut a blue ribbon and spoke for two minutes.\n\n"
    "Traffic starts tomorrow. Cyclists may use the northern lane."
)


class Doorbell:
    """Stands in for the broker: remembers what was rung, and can be broken."""

    def __init__(self) -> None:
        self.rung: list[str] = []
        self.broken = False

    def fill(self, queue: str, rings: int) -> int:
        """Every ring waits until the test clears them."""
        if self.broken:
            raise BrokerUnavailable("broken on purpose")
        missing = max(0, rings - self.rung.count(queue))
        self.rung += [queue] * missing
        return missing

    def clear(self) -> None:
        self.rung.clear()
        self.broken = False


def make_settings(folder: Path, **values: Any) -> Settings:
    base: dict[str, Any] = {
        "data_dir": folder / "data",
        "warm_voices": "",
        "worker_slots": 2,
        "min_free_mb": 0,
        "test_voices": True,
        "feedback_min_s": 0,
        "settle_s": 0,
    }
    return Settings(_env_file=None, **(base | values))


def make_parts(folder: Path, bell: Doorbell | None = None, **values: Any) -> Parts:
    settings = make_settings(folder, **values)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database)
    _wait_for_no_disk(database)
    _bring_up_to_date(database)
    _share_statements(database)
    store = open_store(settings)
    bell = bell or Doorbell()
    return Parts(
        settings=settings,
        database=database,
        store=store,
        segments=SegmentStore(store),
        voices=Registry(settings),
        fill=bell.fill,
        close=database.close,
    )


def _bring_up_to_date(database: Database) -> None:
    """A new SQLite file is a copy of one that was migrated once: every migration takes ten times as long."""
    path = Path(database.url.removeprefix("sqlite:///"))
    if database.is_sqlite and not path.exists():
        path.write_bytes(migrated_database())
    else:
        upgrade(database)


def _wait_for_no_disk(database: Database) -> None:
    """Tests kill processes, never the machine: a commit needn't reach the disk."""
    if database.is_sqlite:
        event.listen(database.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))


def _share_statements(database: Database) -> None:
    """Compiles SQL once per test process: each engine would compile every statement again."""
    if database.is_sqlite:
        dialect, statements = _compiled()
        database.engine.dialect = dialect
        database.engine.update_execution_options(compiled_cache=statements)


@lru_cache(maxsize=1)
def _compiled() -> tuple[Dialect, dict[Any, Any]]:
    database = Database("sqlite:///:memory:")
    database.ping()  # a dialect learns the server's version with its first connection
    return database.engine.dialect, {}


@lru_cache(maxsize=1)
def migrated_database() -> bytes:
    """An empty database of today's version."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.sqlite3"
        database = Database(f"sqlite:///{path}")
        upgrade(database)
        database.close()
        return path.read_bytes()


def delete_all_rows(database: Database) -> None:
    with database.writing() as session:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(table.delete())


def make_article(**values: Any) -> Article:
    base: dict[str, Any] = {
        "site": "gazette",
        "external_id": "1",
        "source": TEXT,
        "source_format": SourceFormat.TEXT,
        "title": "New bridge opens",
        "language": "en",
    }
    return Article(**(base | values))


def stored_audio(parts: Parts, clip_id: str, revision: int = 1, form: str = "mp3") -> str:
    """Name in the store of a finished file: its hash is part of it."""
    (name,) = [name for name in parts.store.names(f"clips/{clip_id}/{revision}/") if name.endswith(f".{form}")]
    return name
