"""Callbacks with the real worker, broker and beat."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from tests.measure.doors.callbacks import service as worker_alone
from tests.parts.callbacks import all_deliveries, happened, set_row, taken_apart, tries
from tests.parts.service import Running, until
from tts_service.callbacks.endpoints import EndpointDraft, add_endpoint
from tts_service.callbacks.secret import show_secret, site_owner
from tts_service.db.session import Database
from tts_service.db.tables import DeliveryRow
from tts_service.settings import Settings

pytestmark = pytest.mark.slow


class Receiver:
    """Takes requests one after the other; keeps the first one waiting until it is told."""

    def __init__(self, at: socket.socket) -> None:
        self.requests: list[str] = []
        self.go_on = threading.Event()
        self._socket = at
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                data = b""
                while not data.endswith(b"}"):
                    data += connection.recv(65536)
                self.requests.append(data.decode())
                if len(self.requests) == 1:
                    self.go_on.wait(60)
                try:
                    connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
                except OSError:
                    continue

    def close(self) -> None:
        self.go_on.set()
        self._socket.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver(socket.create_server(("127.0.0.1", 0)))
    yield made
    made.close()


def test_a_worker_killed_in_the_middle_of_a_delivery_loses_nothing(tmp_path: Path, receiver: Receiver) -> None:
    settings = Settings(
        _env_file=None, data_dir=tmp_path / "d", allow_hosts=f"127.0.0.1:{receiver.port}", warm_voices=""
    )  # type: ignore[call-arg]
    with worker_alone(settings) as (parts, worker):
        secret = add_endpoint(parts, EndpointDraft(url=f"http://127.0.0.1:{receiver.port}/", site="gazette"))[1]
        happened(parts)
        until(lambda: len(receiver.requests) == 1, 60, "the first try")
        assert worker.process is not None
        os.killpg(worker.process.pid, signal.SIGKILL)
        worker.process.wait()
        receiver.go_on.set()
        [row] = all_deliveries(parts)
        assert (row.state, row.attempts) == ("pending", 0)
        set_row(parts, row.id, DeliveryRow, lease_until_ms=1)  # half a minute later
        worker.start()
        until(lambda: all_deliveries(parts)[0].state == "delivered", 60, "the second try")

        told = [taken_apart(request) for request in receiver.requests]
        ids = {Webhook(secret).verify(body, headers)["timestamp"] for headers, body in told}
        assert (len(told), len(ids)) == (2, 1)
        assert len({headers["webhook-id"] for headers, _ in told}) == 1
        assert len(tries(parts, row.id)) == 1


def test_a_job_calls_its_callback_url_from_the_running_service(service: Running, allowed: socket.socket) -> None:
    receiver = Receiver(allowed)
    receiver.go_on.set()
    article = {"site": "called", "id": "1", "title": "Bridge opens", "text": "The bridge opened.", "language": "en"}
    sent = service.post(article, voice="tone:beep", callback_url=f"http://127.0.0.1:{receiver.port}/done?article=1")
    until(lambda: len(receiver.requests) == 1, 60, "the callback")
    database = Database(f"sqlite:///{service.data.absolute()}/tts.sqlite3")
    secret = show_secret(database, site_owner("called")).secret
    database.close()
    receiver.close()

    headers, body = taken_apart(receiver.requests[0])
    told = Webhook(secret).verify(body, headers)
    assert receiver.requests[0].startswith("POST /done?article=1 ")
    assert (told["type"], told["data"]["job"], told["data"]["revision"]) == ("clip.ready", sent["id"], 1)
