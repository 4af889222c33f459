"""Signs and verifies long files in a separate process.

C2PA hashes up to 256 MB at a time in memory and never returns that memory: a worker would grow with the longest
article it has made.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tts_service.errors import NotMarked

FROM_BYTES = 8_000_000
"""Minimum size in bytes: about 17 minutes of sound. Two processes cost 0.6 s of CPU where speaking takes 75 s."""
_LIMIT_S = 300
REFUSED = 3
"""The process's exit status for a refused file; the reason is on its standard output."""


def is_long(path: Path) -> bool:
    """Whether a file is long enough for a separate process."""
    return path.stat().st_size > FROM_BYTES


def run_apart(**order: Any) -> None:
    """Runs provenance.child with this order. Raises NotMarked."""
    command = [sys.executable, "-m", "tts_service.provenance.child"]
    try:
        # On standard input: arguments are visible in the process list, and this holds the key.
        done = subprocess.run(
            command, input=json.dumps(order), capture_output=True, text=True, timeout=_LIMIT_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise NotMarked(f"{order['path']} could not be signed and verified within {_LIMIT_S} s.") from error
    if done.returncode == REFUSED:
        raise NotMarked(done.stdout)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["nothing said"])[-1]
        raise NotMarked(f"The process that marks {order['path']} ended with {done.returncode}: {last[:200]}")
