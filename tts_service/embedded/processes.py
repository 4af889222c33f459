"""Child processes that end with their parent, even if it is killed with SIGKILL."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(slots=True)
class Part:
    """One supervised process."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    log: Path
    last_signal: signal.Signals = signal.SIGKILL
    """What the kernel sends it when the parent is gone: jobs are safe in the database, so nothing needs to linger."""
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        """Start it. From the main thread only: the death signal follows the thread that forked."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=dict(self.env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C in the terminal is the parent's to handle
                preexec_fn=die_with_parent(self.last_signal),  # noqa: PLW1509  (start() is for the main thread)
            )

    def stopped(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def stop(self, seconds: float) -> None:
        """SIGTERM, then SIGKILL when it takes too long."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def die_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """What a child runs before exec so that the kernel sends it `number` when its parent dies (prctl(2))."""
    if _LIBC is None:
        return None
    libc, parent = _LIBC, os.getpid()

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:  # it died in between: the signal will never come
            os._exit(1)

    return ask
