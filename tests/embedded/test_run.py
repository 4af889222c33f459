"""`run` knows its own API from whatever else answers at an address."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.parts.doctor_setting import installation
from tests.parts.factories import make_parts, make_settings
from tts_service.access.keys import SCOPES, caller_of
from tts_service.db.session import Database
from tts_service.embedded import run
from tts_service.embedded.welcome import welcome
from tts_service.errors import Conflict
from tts_service.settings import Settings
from tts_service.web.app import create_app


@contextmanager
def answering(tmp_path: Path, said: bytes) -> Iterator[Settings]:
    """Settings of a service at whose address something says this to everything."""

    class Saying(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Saying)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield make_settings(tmp_path, port=server.server_port, instance="ours")
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_own_api_is_known_by_its_name(tmp_path: Path) -> None:
    with TestClient(create_app(make_parts(tmp_path, instance="ours"))) as client:
        said = client.get("/healthz").content
    with answering(tmp_path, said) as settings:
        assert run._api_answers(settings)
    assert not run._api_answers(settings)  # nobody is there any more


def test_a_full_disk_keeps_no_service_from_starting(tmp_path: Path) -> None:
    with installation(tmp_path, instance="ours", min_free_mb=10**9) as here:
        assert run._api_answers(here.settings)


@pytest.mark.parametrize("said", [b"<h1>It works!</h1>", b'{"status": "ok"}', b'{"instance": "theirs"}', b"[]", b""])
def test_another_server_at_the_address_is_said_so_at_once(tmp_path: Path, said: bytes) -> None:
    with answering(tmp_path, said) as settings, pytest.raises(Conflict, match="Another server responds at http"):
        run._api_answers(settings)


def test_who_finds_the_data_folder_taken_is_told_where_the_service_is(tmp_path: Path) -> None:
    with answering(tmp_path, b'{"status": "ok", "instance": "ours"}') as settings:
        lock = run._lock(settings)
        with pytest.raises(Conflict, match=f"already running on {settings.data_dir}: "):  # not up yet
            run._lock(settings)
        run._tell_others(lock, settings)
        with pytest.raises(Conflict, match=f"already running on .* at http://127.0.0.1:{settings.port}: use that one"):
            run._lock(settings)
    with pytest.raises(Conflict, match=f"already running on {settings.data_dir}: "):  # it answers no more
        run._lock(settings)
    lock.close()


def test_the_first_runs_key_has_every_right_and_is_made_once(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    settings.data_dir.mkdir()
    [line] = [line for line in welcome(settings) if line.startswith("API key (shown only once): ")]
    database = Database(settings.database)
    assert caller_of(database, f"Bearer {line.rpartition(' ')[2]}").scopes == set(SCOPES)
    database.close()
    assert not any("shown only once" in line for line in welcome(settings))
