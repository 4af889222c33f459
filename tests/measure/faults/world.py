"""The service as its own processes on one machine: broker, database, API, workers, callbacks, beat."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select

from tests.measure.faults.broker import Broker, free_port
from tests.measure.faults.postgres import Postgres, cluster
from tests.measure.faults.proxy import Proxy, proxied
from tests.measure.faults.sink import Sink, receiving
from tests.measure.faults.slow_engine import SENTENCE_S
from tests.parts.service import command_of, descendants, until
from tts_service.access.keys import create_key
from tts_service.callbacks.endpoints import EndpointDraft, add_endpoint
from tts_service.db.tables import JobRow
from tts_service.embedded.processes import SupervisedProcess
from tts_service.parts import Parts
from tts_service.settings import Settings
from tts_service.wiring import build

ROOT = Path(__file__).parents[3]
SLOTS = (5, 5)
_CLI = (sys.executable, "-m", "tts_service.cli")
LOGS = Path("out/faults-logs")
"""Where the logs of the last line stay."""
ODD = "FAULTS_ODDITIES"
"""Environment variable of odd_workers: JSON."""
NOTHING = "nothing"
"""Task of odd_workers that does nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a line needs otherwise than usual."""

    slots: tuple[int, ...] = SLOTS
    """Of each worker."""
    settings: dict[str, Any] = field(default_factory=dict)
    sqlite: bool = False
    durable_broker: bool = True
    proxied: bool = False
    """Whether the service reaches the broker through a proxy that can fall silent."""
    sentence_s: float = 0.5
    oddities: dict[str, Any] | None = None
    """For workers, see odd_workers."""
    environment: dict[str, str] = field(default_factory=dict)
    restored: Path | None = None
    """A backup that the service begins with."""
    apart: tuple[int, ...] = ()
    """Workers that run in a process namespace of their own, as in a container: nobody outside sees that they die."""


@dataclass(slots=True, kw_only=True)
class World:
    """What a line works with."""

    plan: Plan
    settings: Settings
    parts: Parts
    key: str
    sink: Sink
    broker: Broker
    proxy: Proxy | None
    postgres: Postgres | None
    environment: dict[str, str]
    processes: dict[str, SupervisedProcess] = field(default_factory=dict)

    def client(self, timeout_s: float = 30) -> httpx.Client:
        """An HTTP client with every right."""
        headers = {"Authorization": f"Bearer {self.key}"}
        return httpx.Client(base_url=self.settings.local_url, headers=headers, timeout=timeout_s, trust_env=False)

    def start(self, name: str, **environment: str) -> None:
        """Start a process of the service by name (api, beat, beat-2, callbacks, worker-0, …). From the main thread."""
        process = SupervisedProcess(
            name=name,
            command=self._command(name),
            env=self.environment | {"PGAPPNAME": name} | environment,  # libpq tells the server
            log=self.settings.data_dir / "logs" / f"{name}.log",
        )
        self.processes[name] = process
        process.start()

    def pid(self, name: str) -> int:
        process = self.processes[name].process
        assert process is not None
        return process.pid

    def signal(self, name: str, number: signal.Signals) -> None:
        os.kill(self.pid(name), number)

    def kill(self, name: str) -> None:
        """SIGKILL, and wait for its end. What it started ends with it."""
        self.signal(name, signal.SIGKILL)
        process = self.processes[name].process
        assert process is not None
        process.wait()

    def restart_ended(self) -> list[str]:
        """Start again what has ended, as a supervisor does; returns their names."""
        ended = [name for name, process in self.processes.items() if process.stopped()]
        for name in ended:
            self.start(name)
        return ended

    def until_api_answers(self) -> None:
        until(self._ready, 90, "the API answers")

    def owners(self) -> dict[str, str]:
        """Lease owners of the jobs that still have sentences to speak."""
        unsaid = JobRow.total.is_(None) | (JobRow.total > JobRow.done)  # None: its first sentence is being spoken
        speaking = (JobRow.state == "running", unsaid, JobRow.lease_owner.is_not(None))
        with self.parts.database.reading() as session:
            rows = session.execute(select(JobRow.id, JobRow.lease_owner).where(*speaking)).all()
        return {row.id: row.lease_owner for row in rows}

    def running(self) -> dict[str, int]:
        """Process ids that speak, by job."""
        return {job: int(owner.split("|")[1]) for job, owner in self.owners().items()}

    def is_of(self, owner: str, worker: str) -> bool:
        """Whether a lease's owner is one of the worker's slots."""
        if self.processes[worker].stopped():
            return False
        below = descendants(self.pid(worker))
        if int(worker.partition("-")[2]) in self.plan.apart:  # there, process ids are others
            namespace = Path(f"/proc/{below[0]}/ns/pid").readlink().name if below else "none"
            return owner.partition("|")[0].endswith(f":{namespace}")
        return int(owner.split("|")[1]) in below

    def engine_of(self, pid: int) -> int | None:
        """The engine child of a worker's process."""
        children = [child for child in descendants(pid) if "tts_service.engines.child" in command_of(child)]
        return children[0] if children else None

    def is_slot(self, pid: int) -> bool:
        """Whether a process below a worker is one of its slots."""
        return "celery" in command_of(pid)

    def log_of(self, name: str) -> str:
        return (self.settings.data_dir / "logs" / f"{name}.log").read_text(errors="replace")

    def tool(self, *arguments: str) -> None:
        """Run a command of the service to its end, as an operator does. Raises CalledProcessError."""
        _run_tool(self.environment, *arguments)

    def close(self) -> None:
        """End every process that was started here, those first that take work."""
        for process in self.processes.values():
            if process.process is not None and not process.stopped():
                process.process.send_signal(signal.SIGCONT)
                process.process.kill()
        for process in self.processes.values():
            if process.process is not None:
                process.process.wait()
        shutil.copytree(self.settings.data_dir / "logs", LOGS, dirs_exist_ok=True)

    def _command(self, name: str) -> list[str]:
        kind, _, number = name.partition("-")
        if kind == "callbacks":
            return [*_CLI, "worker", "--queues", "callbacks", "--slots", "8"]
        if kind != "worker":
            return [*_CLI, kind]
        slots = str(self.plan.slots[int(number)])
        queues = "breaking,normal,backfill,formats"
        command = [*_CLI, "worker", "--slots", slots]
        if self.plan.oddities is not None:
            celery = [sys.executable, "-m", "celery", "-A", "tests.measure.faults.odd_workers", "worker"]
            options = ["-Q", queues, "-c", slots, "-n", f"{name}@%h", "--loglevel", "WARNING"]
            command = [*celery, *options, "--pool", "prefork", "--without-gossip", "--without-mingle"]
        if int(number) in self.plan.apart:  # --kill-child: the namespace ends with the process that is known here
            return ["unshare", "-pf", "--mount-proc", "--kill-child", *command]
        return command

    def _ready(self) -> bool:
        try:
            with self.client(2) as client:
                return client.get("/readyz").is_success
        except httpx.HTTPError:
            return False


@contextmanager
def world(plan: Plan | None = None) -> Iterator[World]:
    """Everything started and ready; ended and removed afterwards."""
    plan = plan or Plan()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tts-faults-")))
        sink = stack.enter_context(receiving())
        broker = Broker(folder / "valkey", durable=plan.durable_broker)
        stack.callback(broker.close)
        broker.start()
        postgres = None if plan.sqlite else stack.enter_context(cluster())
        proxy = stack.enter_context(proxied(broker.port)) if plan.proxied else None
        settings = _settings(plan, folder, proxy.url if proxy else broker.url, postgres, sink)
        (settings.data_dir / "logs").mkdir(parents=True)
        environment = _environment(plan, settings, folder)
        if plan.restored is not None:
            _run_tool(environment, "restore", str(plan.restored))
        parts = build(settings)
        stack.callback(parts.close)
        key = create_key(parts.database, "faults", ("jobs:write", "jobs:read"))
        add_endpoint(parts, EndpointDraft(url=f"http://127.0.0.1:{sink.port}/"))
        made = World(
            plan=plan,
            settings=settings,
            parts=parts,
            key=key,
            sink=sink,
            broker=broker,
            proxy=proxy,
            postgres=postgres,
            environment=environment,
        )
        stack.callback(made.close)
        for name in ("api", "beat", "callbacks", *(f"worker-{number}" for number in range(len(plan.slots)))):
            made.start(name)
        made.until_api_answers()
        yield made


def _run_tool(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run([*_CLI, *arguments], env={**os.environ, **environment}, check=True, stdout=subprocess.DEVNULL)


def _settings(plan: Plan, folder: Path, broker_url: str, postgres: Postgres | None, sink: Sink) -> Settings:
    usual: dict[str, Any] = {
        "data_dir": folder / "data",
        "broker_url": broker_url,
        "database_url": postgres.url if postgres else "",
        "port": free_port(),
        "worker_slots": sum(plan.slots),
        "warm_voices": "",
        "settle_s": 0,
        "min_free_mb": 0,
        "rate_key": "",
        "rate_public": "",
        "allow_hosts": f"127.0.0.1:{sink.port}",
        "catch_up_s": 0,
        "check_every_s": 0,
    }
    return Settings(_env_file=None, **(usual | plan.settings))  # type: ignore[call-arg]


def _environment(plan: Plan, settings: Settings, folder: Path) -> dict[str, str]:
    """Of the service's processes: they find the slow engine as they would find an installed one."""
    packages, temporary = folder / "packages", folder / "tmp"
    distribution = packages / "slow_engine-1.dist-info"
    distribution.mkdir(parents=True)
    temporary.mkdir()
    (distribution / "METADATA").write_text("Metadata-Version: 2.1\nName: slow-engine\nVersion: 1\n")
    engine = "[tts_service.engines]\nslow = tests.measure.faults.slow_engine:SlowEngine\n"
    (distribution / "entry_points.txt").write_text(engine)
    return {
        **settings.environment(),
        "PYTHONPATH": os.pathsep.join((str(packages), str(ROOT))),
        "TMPDIR": str(temporary),
        SENTENCE_S: str(plan.sentence_s),
        **({ODD: json.dumps(plan.oddities)} if plan.oddities is not None else {}),
        **plan.environment,
    }
