"""build(settings) -> Parts: the only place that constructs store, database, queue and voices."""

from __future__ import annotations

from tts_service.db.migrate import upgrade
from tts_service.db.session import Database
from tts_service.engines.voices.registry import Registry
from tts_service.parts import Parts
from tts_service.queue.doorbell import Doorbell
from tts_service.settings import Settings
from tts_service.storage.segments import SegmentStore
from tts_service.storage.store import open_store


def build(settings: Settings) -> Parts:
    """Builds the parts of a process and migrates the database. Raises DatabaseUnavailable, StoreUnavailable."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database)
    upgrade(database)
    store = open_store(settings)
    doorbell = Doorbell(settings)

    def close() -> None:
        doorbell.close()
        database.close()

    return Parts(
        settings=settings,
        database=database,
        store=store,
        segments=SegmentStore(store),
        voices=Registry(settings),
        fill=doorbell.fill,
        close=close,
    )
