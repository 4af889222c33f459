"""Signs and verifies long files in a separate process.

C2PA hashes up to 256 MB at a time, all of it in memory, and what it gives back stays with the process: a worker would
grow with the longest article it ever made.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tts_service.errors import NotMarked

FROM_BYTES = 8_000_000
"""Files of more bytes: about 17 minutes of sound. Two processes cost about 0.6 s of CPU, where speaking takes 75 s."""
_LIMIT_S = 300
REFUSED = 3
"""Exit status of the process when the file is refused, with the reason as its output."""


def is_long(path: Path) -> bool:
    """Whether a file is long enough for a process of its own."""
    return path.stat().st_size > FROM_BYTES


def run_apart(**order: Any) -> None:
    """Run provenance.child with this order. Raises NotMarked."""
    command = [sys.executable, "-m", "tts_service.provenance.child"]
    try:
        # By standard input: the key is nothing for the list of processes.
        done = subprocess.run(
            command, input=json.dumps(order), capture_output=True, text=True, timeout=_LIMIT_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise NotMarked(f"{order['path']} took more than {_LIMIT_S} s to be signed or confirmed.") from error
    if done.returncode == REFUSED:
        raise NotMarked(done.stdout)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["nothing said"])[-1]
        raise NotMarked(f"The process that marks {order['path']} ended with {done.returncode}: {last[:200]}")
