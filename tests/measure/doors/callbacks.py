"""Callbacks at a steady rate: how long from an event being written to its being received, and what a dead host changes.

`python -m tests.measure.doors.callbacks [seconds]` prints the rows: real Valkey, the real worker and beat, SQLite,
and a sink that reads every request. Fifty endpoints hear of as many sites; in the second run one of them is a black
hole, which accepts and never answers.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import redis
from rich.console import Console
from sqlalchemy import func, select
from standardwebhooks import Webhook, WebhookVerificationError

from tests.measure.figures import Figure, exact, keep, show
from tts_service.callbacks.endpoints import EndpointDraft, add_endpoint
from tts_service.callbacks.outbox import Event, put
from tts_service.db.tables import DeliveryAttemptRow
from tts_service.embedded.processes import SupervisedProcess
from tts_service.embedded.run import _valkey
from tts_service.parts import Parts
from tts_service.settings import Settings
from tts_service.wiring import build

ENDPOINTS = 50
PER_S = 100
SECONDS = 60
WRITERS = 4
TARGET_MS = 1000.0
LEFT_FOR_LATE_S = 20.0
"""After the last event; what comes later counts as lost."""


@dataclass(slots=True)
class Sink:
    """What was received: (milliseconds since 1970, path, headers, body)."""

    port: int = 0
    hole_port: int = 0
    got: list[tuple[float, str, dict[str, str], bytes]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run's figures."""

    latencies_ms: list[float]
    """From just before the event's transaction to the whole request read, of each event for a healthy endpoint."""
    written_s: float
    """Seconds it took to write them all."""
    missing: int
    verified: int
    twice: int
    hole_tries: int
    load: float
    """Processes that wanted a core, on average over the last minute: those of this run and all others."""


def figures(seconds: int = SECONDS) -> list[Figure]:
    """The rows of this part: about twice `seconds` and a little more."""
    alone, beside = measured(seconds, hole=False), measured(seconds, hole=True)
    found: list[Figure] = []
    for run, name in ((alone, "all healthy"), (beside, "one of 50 a black hole")):
        times = run.latencies_ms
        note = f"{len(times)} received, {run.twice} of them twice"
        found.append(_at(f"callback p50, {name}", times, 0.5, None))
        found.append(_at(f"callback p99, {name}", times, 0.99, TARGET_MS, note))
        offered = (len(times) + run.missing) / run.written_s
        found.append(exact(name=f"events for healthy endpoints, {name}", value=offered, unit="/s"))
        found.append(exact(name=f"load of the machine, {name}", value=run.load))
        found.append(_count(f"callbacks lost, {name}", run.missing, 0))
        unsigned = len(times) + run.twice - run.verified
        found.append(_count(f"callbacks the standard's library refuses, {name}", unsigned, 0))
    found.append(_count("tries that the black hole swallowed", beside.hole_tries, None))
    return found


def measured(seconds: int, *, hole: bool) -> Run:
    """One run from an empty database."""
    with tempfile.TemporaryDirectory(prefix="tts-cb-") as folder, _sink() as sink:
        settings = Settings(
            _env_file=None,
            data_dir=Path(folder),
            allow_hosts=f"127.0.0.1:{sink.port},127.0.0.1:{sink.hole_port}",
            warm_voices="",
        )  # type: ignore[call-arg]
        with service(settings) as (parts, _):
            secrets = [_endpoint(parts, sink, site, dead=hole and site == 0) for site in range(ENDPOINTS)]
            _warm(parts, sink)
            written, took = _write(parts, seconds, skip=0 if hole else None)
            _wait_for(sink, len(written) + ENDPOINTS - hole)
            return _judged(parts, sink, (written, took), secrets)


def _judged(parts: Parts, sink: Sink, wrote: tuple[dict[int, float], float], secrets: list[str]) -> Run:
    written, took = wrote
    first: dict[int, float] = {}
    received = verified = 0
    for at, path, headers, body in sink.got:
        event = json.loads(body)["data"]["event"]
        if event in written:
            received += 1
            first.setdefault(event, at)
            verified += _fits(Webhook(secrets[int(path[1:])]), headers, body)
    with parts.database.reading() as session:
        tried = session.scalar(
            select(func.count()).select_from(DeliveryAttemptRow).where(DeliveryAttemptRow.status.is_(None))
        )
    return Run(
        latencies_ms=[at - written[event] for event, at in first.items()],
        written_s=took,
        verified=verified,
        missing=len(written) - len(first),
        twice=received - len(first),
        hole_tries=int(tried or 0),
        load=os.getloadavg()[0],
    )


def _fits(receiver: Webhook, headers: dict[str, str], body: bytes) -> bool:
    try:
        receiver.verify(body, headers)
    except WebhookVerificationError:
        return False
    return True


def _endpoint(parts: Parts, sink: Sink, number: int, *, dead: bool) -> str:
    port = sink.hole_port if dead else sink.port
    wanted = EndpointDraft(url=f"http://127.0.0.1:{port}/{number}", site=f"site{number}")
    return add_endpoint(parts, wanted)[1]


def _warm(parts: Parts, sink: Sink) -> None:
    """One event for each, before the clock starts: the worker is up and has made its parts."""
    for number in range(ENDPOINTS):
        _happen(parts, number, -1)
    _wait_for(sink, ENDPOINTS - 1)


def _write(parts: Parts, seconds: int, *, skip: int | None) -> tuple[dict[int, float], float]:
    """Events at a steady rate, round the sites: when each healthy one was written (ms since 1970), seconds in all.

    Each event's time counts from before its transaction; several write, as several workers finish clips.
    """
    written: dict[int, float] = {}

    def write(number: int) -> None:
        before = time.time() * 1000
        _happen(parts, number % ENDPOINTS, number)
        if number % ENDPOINTS != skip:
            written[number] = before

    began = time.monotonic()
    with ThreadPoolExecutor(WRITERS) as writers:
        writing = []
        for number in range(seconds * PER_S):
            time.sleep(max(0.0, began + number / PER_S - time.monotonic()))
            writing.append(writers.submit(write, number))
    for one in writing:
        one.result()
    return written, time.monotonic() - began


def _happen(parts: Parts, site: int, event: int) -> None:
    facts = {"event": event, "clip": f"clip_{site}", "audio": {"mp3": f"https://example.org/{event}.mp3"}}
    with parts.database.writing() as session:
        put(parts, session, Event(type="clip.ready", site=f"site{site}", facts=lambda: facts))


def _wait_for(sink: Sink, count: int) -> None:
    until = time.monotonic() + LEFT_FOR_LATE_S
    while len(sink.got) < count and time.monotonic() < until:
        time.sleep(0.05)


@contextmanager
def service(settings: Settings) -> Iterator[tuple[Parts, SupervisedProcess]]:
    """Valkey, the worker for callbacks and beat as processes of their own; this one writes events. Also the worker."""
    logs = settings.data_dir / "logs"
    logs.mkdir(parents=True)
    env = settings.environment()
    command = [sys.executable, "-m", "tts_service.cli"]
    started = [
        SupervisedProcess(name="valkey", command=_valkey(settings), env=env, log=logs / "valkey.log"),
        SupervisedProcess(
            name="callbacks", command=[*command, "worker", "--queues", "callbacks"], env=env, log=logs / "callbacks.log"
        ),
        SupervisedProcess(name="beat", command=[*command, "beat"], env=env, log=logs / "beat.log"),
    ]
    started[0].start()
    parts = None
    try:
        _until_it_answers(settings)
        parts = build(settings)
        for part in started[1:]:
            part.start()
        yield parts, started[1]
    finally:
        for part in reversed(started):
            part.stop(5)
        if parts is not None:
            parts.close()


def _until_it_answers(settings: Settings) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            with redis.Redis(unix_socket_path=str(settings.broker_socket)) as client:
                client.ping()
                return
        except redis.RedisError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


@contextmanager
def _sink() -> Iterator[Sink]:
    """A receiver that answers 204 at once, and a hole that reads nothing, in a thread with a loop of its own."""
    sink, loop, ready = Sink(), asyncio.new_event_loop(), threading.Event()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
        body = await reader.readexactly(int(headers["content-length"]))
        sink.got.append((time.time() * 1000, head[0].split(" ")[1], headers, body))
        writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async def swallow(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.append(writer)

    async def listen() -> None:
        for handler, name in ((take, "port"), (swallow, "hole_port")):
            server = await asyncio.start_server(handler, "127.0.0.1", 0, backlog=512)
            setattr(sink, name, server.sockets[0].getsockname()[1])
        ready.set()

    held: list[asyncio.StreamWriter] = []
    asyncio.set_event_loop(loop)
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    asyncio.run_coroutine_threadsafe(listen(), loop)
    thread.start()
    ready.wait(5)
    yield sink
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)


def _at(name: str, times: list[float], share: float, target: float | None, note: str = "") -> Figure:
    ordered = sorted(times) or [float("inf")]
    value = ordered[min(len(ordered) - 1, int(share * len(ordered)))]
    return Figure(
        name=name,
        value=value,
        unit="ms",
        low=ordered[0],
        high=ordered[-1],
        times=len(ordered),
        target=target,
        note=note,
    )


def _count(name: str, value: int, target: int | None) -> Figure:
    return exact(name=name, value=value, target=target, sense="=")


def main() -> None:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    found = figures(seconds)
    machine = f"{os.cpu_count()} cores, SQLite, {PER_S}/s for {seconds} s, {ENDPOINTS} endpoints"
    show(Console(width=140), found, machine)
    keep(found, machine)


if __name__ == "__main__":
    main()
