"""What is run on each Python: a fresh environment, the fast tests, the demo, doctor, and the wheel on its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.measure.pythons.found import ROOT, Failed
from tests.measure.wheel.built import build_wheel, copy_checkout

LOGS = ROOT / "out" / "pythons"
SENTENCE = "Dr. Holt's wheel cost $3M on 1 May."
_QUIET_PIP = {"PIP_DISABLE_PIP_VERSION_CHECK": "1"}


@dataclass(slots=True)
class Bench:
    """A Python, and the folder in which everything of it is made."""

    version: str
    python: str
    folder: Path
    log: Path = field(init=False)

    def __post_init__(self) -> None:
        LOGS.mkdir(parents=True, exist_ok=True)
        self.log = LOGS / f"{self.version}.log"
        self.log.write_text("", "utf-8")

    @property
    def settings(self) -> dict[str, str]:
        """A service of its own: another data folder, another port."""
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        return {"TTS_DATA_DIR": str(self.folder / "data"), "TTS_PORT": str(port)}

    def run(
        self, command: Sequence[str], seconds: float, settings: Mapping[str, str] | None = None, at: Path | None = None
    ) -> str:
        """Run to the end, in the log; `at`: another folder than its own. Raises Failed."""
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"\n$ {' '.join(command)}\n")
            log.flush()
            start = self.log.stat().st_size
            process = subprocess.Popen(
                command,
                cwd=at or self.folder,
                env=_environment(settings or {}),
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
            try:
                code = process.wait(seconds)
            except subprocess.TimeoutExpired:
                raise Failed(f"took more than {seconds:.0f} s") from None
            finally:  # also when this command itself is ended
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
        said = self.log.read_bytes()[start:].decode("utf-8", "replace")
        if code != 0:
            raise Failed(_last_line(said) or f"ended with {code}")
        return said


def install(bench: Bench, extras: str) -> str:
    """A fresh environment with what the constraints name."""
    fresh(bench, "venv")
    return install_into(bench, "venv", "-c", str(ROOT / "constraints.txt"), "-e", f"{ROOT}[{extras}]")


def fast_tests(bench: Bench) -> str:
    """The fast tests, as `make test` runs them."""
    command = [program(bench, "venv", "python"), "-m", "pytest", "-q", "-n", "auto", "-m", "not slow"]
    return _last_line(bench.run(command, 1500, at=ROOT))


def demo(bench: Bench, environment: str = "venv", samples: Path = ROOT / "samples" / "articles") -> str:
    """`make demo ONCE=1`."""
    out = bench.folder / "out"
    command = [program(bench, environment, "tts-service"), "demo", "--once"]
    said = bench.run([*command, "--samples", str(samples), "--out", str(out)], 900, bench.settings)
    checked, wanted = said.count(", checked, "), len(list(samples.glob("*.json")))
    if checked != wanted:
        raise Failed(f"{checked} of {wanted} clips were checked")
    return f"{checked} clips"


def short_demo(bench: Bench) -> str:
    """The demo with the two shortest samples."""
    samples = bench.folder / "samples"
    samples.mkdir()
    for path in sorted((ROOT / "samples" / "articles").glob("*.json"), key=lambda path: path.stat().st_size)[:2]:
        shutil.copy(path, samples)
    return demo(bench, samples=samples)


def doctor(bench: Bench) -> str:
    """`tts-service doctor` beside a running service."""
    with serving(bench, "venv") as served:
        return examined(bench, "venv", served.settings)


def examined(bench: Bench, environment: str, settings: Mapping[str, str]) -> str:
    """What doctor says beside a service with these settings."""
    said = bench.run([program(bench, environment, "tts-service"), "doctor"], 300, settings)
    return f"{sum(line.startswith('ok') for line in said.splitlines())} checks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A running service."""

    settings: Mapping[str, str]
    key: str
    """API key with every right."""


@contextmanager
def serving(bench: Bench, environment: str, data: Path | None = None) -> Iterator[Served]:
    """`tts-service run` of an environment, on a new data folder or this one."""
    settings = bench.settings | ({"TTS_DATA_DIR": str(data)} if data else {})
    with bench.log.open("a", encoding="utf-8") as log:
        service = subprocess.Popen(
            [program(bench, environment, "tts-service"), "run"],
            cwd=bench.folder,
            text=True,
            env=_environment(settings),
            stdout=subprocess.PIPE,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            assert service.stdout is not None
            said = next((line for line in service.stdout if line.startswith("API key")), None)
            if said is None:
                raise Failed("the service didn't start")
            yield Served(settings=settings, key=said.rpartition(": ")[2].strip())
        finally:
            service.send_signal(signal.SIGINT)
            try:
                service.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(service.pid, signal.SIGKILL)
                service.wait()
            service.stdout.close()  # type: ignore[union-attr]


def wheel_alone(bench: Bench) -> str:
    """The wheel without the constraints speaks a sentence that verifies."""
    wheel = build_wheel(_source(bench), bench.folder / "wheel")
    fresh(bench, "alone")
    packages = install_into(bench, "alone", f"{wheel}[engines]")
    says_a_sentence(bench, "alone")
    return packages


def lowest(bench: Bench) -> str:
    """The lowest versions that pyproject.toml takes start everything and speak."""
    wanted = str(bench.folder / "lowest.txt")
    compiling = [sys.executable, "-m", "uv", "pip", "compile", "-q", "--resolution", "lowest-direct", "--no-header"]
    bench.run([*compiling, "-p", bench.python, "--extra", "engines", "-o", wanted, str(ROOT / "pyproject.toml")], 300)
    fresh(bench, "lowest")
    packages = install_into(bench, "lowest", "-c", wanted, f"{_source(bench)}[engines]")
    says_a_sentence(bench, "lowest")
    clips = demo(bench, "lowest")
    return f"{packages}, {clips}"


def _source(bench: Bench) -> Path:
    """A copy of the project: in its own folder a build of before may hold modules that are gone."""
    source = bench.folder / "source"
    return source if source.exists() else copy_checkout(source)


def says_a_sentence(bench: Bench, environment: str) -> None:
    """A sentence becomes a file that verifies."""
    (bench.folder / "sentence.txt").write_text(SENTENCE, "utf-8")
    command = program(bench, environment, "tts-service")
    bench.run([command, "speak", "sentence.txt", "-o", "sentence.mp3"], 120, bench.settings)
    bench.run([command, "verify", "sentence.mp3"], 60, bench.settings)


def fresh(bench: Bench, name: str) -> None:
    shutil.rmtree(bench.folder / name, ignore_errors=True)
    bench.run([bench.python, "-m", "venv", str(bench.folder / name)], 120)


def install_into(bench: Bench, name: str, *arguments: str) -> str:
    python = program(bench, name, "python")
    bench.run([python, "-m", "pip", "install", "-q", *arguments], 900, _QUIET_PIP)
    bench.run([python, "-m", "pip", "check"], 60, _QUIET_PIP)
    listed = bench.run([python, "-m", "pip", "list", "--format=freeze"], 60, _QUIET_PIP)
    return f"{sum('==' in line for line in listed.splitlines())} packages"


def program(bench: Bench, environment: str, name: str) -> str:
    """Path of a program in an environment."""
    return str(bench.folder / environment / "bin" / name)


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Nothing of the caller's environment that would choose another Python or other settings."""
    dropped = ("TTS_", "PYTHON", "VIRTUAL_ENV", "PYENV_VERSION")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return kept | dict(settings)


def _last_line(said: str) -> str:
    return next((line.strip() for line in reversed(said.splitlines()) if line.strip()), "")[:120]


def timed(step: object, *arguments: object) -> tuple[str, float]:
    """(what a step says of itself, seconds it took)."""
    begun = time.monotonic()
    said = step(*arguments)  # type: ignore[operator]
    return said, time.monotonic() - begun
