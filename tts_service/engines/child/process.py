"""An engine child seen from its worker: send, receive with a deadline, watch memory, stop."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal

import tts_service
from tts_service.engines.child.framing import FrameError, Header, PipeMessage, pack, read_frame
from tts_service.settings import Settings

Cause = Literal["died", "hung", "memory"]

LOOK_EVERY_S = 0.1
"""Interval of memory checks while it works."""
GRACE_S = 1.0
"""Seconds to exit by itself once its input ends."""
READ_BYTES = 1 << 16
PIPE_BYTES = 1 << 20
"""The largest pipe that Linux allows every user (pipe(7)): 20 s of sound at 24 kHz."""
THREADS = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class ChildLostError(Exception):
    """The engine child is unusable."""

    def __init__(self, cause: Cause, message: str, signal_name: str | None = None) -> None:
        super().__init__(message)
        self.cause = cause
        self.signal_name = signal_name


class ChildProcess:
    """A running engine child. It gets SIGKILL when the thread that created this object ends (PR_SET_PDEATHSIG)."""

    def __init__(self, settings: Settings, line: Sequence[str] | None = None, memory_mb: int | None = None) -> None:
        """`line`: the command line of another child that uses the same frames; `memory_mb`: its limit."""
        self._memory_mb = memory_mb or settings.engine_memory_mb
        self._process = subprocess.Popen(
            line or command(settings),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env=child_environment(),
            start_new_session=True,  # Ctrl-C must reach only the parent, which decides
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        _widen(self._stdout.fileno())
        os.set_blocking(self._stdin.fileno(), False)
        os.set_blocking(self._stdout.fileno(), False)
        self._received = bytearray()
        self._sent = 0
        self._awaited: deque[int] = deque([0])

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def memory_mb(self) -> float:
        """Resident memory; 0 where /proc is unavailable."""
        try:
            pages = int(Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1])
        except (OSError, IndexError):
            return 0.0
        return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)

    def send(self, header: Header, deadline_s: float, pcm: bytes = b"") -> None:
        """Sends a request. Raises ChildLostError."""
        self._sent += 1
        self._awaited.append(self._sent)
        rest = memoryview(pack({**header, "id": self._sent}, pcm))
        until = time.monotonic() + deadline_s
        while rest:
            self._wait(self._stdin.fileno(), select.POLLOUT, until)
            try:
                rest = rest[os.write(self._stdin.fileno(), rest) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise self._died() from error

    def receive(self, deadline_s: float) -> PipeMessage:
        """The response to the oldest open request (at first: the ready message). Raises ChildLostError."""
        until = time.monotonic() + deadline_s
        try:
            frame = read_frame(lambda size: self._read(size, until))
        except FrameError as error:
            raise ChildLostError("died", f"it sent invalid data: {error}") from error
        expected = self._awaited.popleft()
        if frame.header.get("id") != expected:
            raise ChildLostError("died", f"it answered {frame.header.get('id')!r} instead of {expected}")
        return frame

    @property
    def answers_due(self) -> int:
        """Number of outstanding responses."""
        return len(self._awaited)

    def check_memory(self) -> None:
        """Raises ChildLostError if it exceeds its memory limit."""
        if (used := self.memory_mb) > self._memory_mb:
            raise ChildLostError("memory", f"it used {used:.0f} MB of memory; the limit is {self._memory_mb} MB")

    def end(self, grace_s: float = 0.0) -> None:
        """Lets it exit within the grace period, else kills it; reaps it and closes its pipes either way."""
        self._stdin.close()
        if grace_s:
            try:
                self._process.wait(grace_s)
            except subprocess.TimeoutExpired:
                self._process.kill()
        else:
            self._process.kill()
        self._process.wait()
        self._stdout.close()

    def _read(self, size: int, until: float) -> bytes:
        while len(self._received) < size:
            self._wait(self._stdout.fileno(), select.POLLIN, until)
            try:
                data = os.read(self._stdout.fileno(), READ_BYTES)
            except BlockingIOError:
                continue
            if not data:
                raise self._died()
            self._received += data
        data = bytes(self._received[:size])
        del self._received[:size]
        return data

    def _wait(self, descriptor: int, event: int, until: float) -> None:
        """Waits until the pipe is ready (or broken, which the next read or write reports)."""
        poller = select.poll()
        poller.register(descriptor, event)
        while True:
            left = until - time.monotonic()
            if poller.poll(max(0.0, min(left, LOOK_EVERY_S)) * 1000):
                return
            if left <= 0:
                raise ChildLostError("hung", "it did not respond in time")
            self.check_memory()

    def _died(self) -> ChildLostError:
        """The child closed its end of the pipe: it is dead or dying."""
        try:
            code = self._process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            return ChildLostError("died", "it closed its output")
        if code < 0:
            name = signal.Signals(-code).name
            return ChildLostError("died", f"it was ended by {name}", name)
        return ChildLostError("died", f"it ended with code {code}")


def _widen(pipe: int) -> None:
    """Enlarges the pipe to hold a sentence's sound, so that the child can start the next one before it is read."""
    if sys.platform == "linux":
        with suppress(OSError):  # the user's share may be used up
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)


def command(settings: Settings) -> list[str]:
    """Command line. -P: a file in the current folder must not shadow a module."""
    return [
        *(sys.executable, "-P", "-m", "tts_service.engines.child"),
        *("--parent", str(os.getpid())),
        *("--voices-folder", str(settings.voices_folder.absolute())),
        *("--memory-mb", str(settings.engine_memory_mb)),
        *(["--json-logs"] if settings.log_format == "json" else []),
    ]


def child_environment() -> dict[str, str]:
    """The worker's environment without this service's settings: the child needs no secrets. One thread per engine."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("TTS_")} | THREADS
    root = str(Path(tts_service.__file__).parent.parent)
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
    return env
