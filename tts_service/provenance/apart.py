"""Long files are signed and confirmed in a process of their own.

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
_REFUSED = 3
"""Exit status of the process when the file is refused, with the reason as its output."""


def is_long(path: Path) -> bool:
    """Whether a file is long enough for a process of its own."""
    return path.stat().st_size > FROM_BYTES


def run_apart(**order: Any) -> None:
    """Do what main() does with this order. Raises NotMarked."""
    command = [sys.executable, "-m", "tts_service.provenance.apart"]
    try:
        # By standard input: the key is nothing for the list of processes.
        done = subprocess.run(
            command, input=json.dumps(order), capture_output=True, text=True, timeout=_LIMIT_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise NotMarked(f"{order['path']} took more than {_LIMIT_S} s to be signed or confirmed.") from error
    if done.returncode == _REFUSED:
        raise NotMarked(done.stdout)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["nothing said"])[-1]
        raise NotMarked(f"The process that marks {order['path']} ended with {done.returncode}: {last[:200]}")


def main() -> int:
    """Sign a file (path, form, definition, credentials) or confirm one (path, record), as standard input says."""
    from tts_service.provenance.certificate import Credentials
    from tts_service.provenance.record import record_from
    from tts_service.provenance.seal import sign_file
    from tts_service.provenance.told import confirm_here

    order = json.load(sys.stdin)
    path = Path(order["path"])
    try:
        if "record" in order:
            confirm_here(path, record_from(order["record"]))
        else:
            sign_file(path, order["form"], order["definition"], Credentials.read(order["credentials"]))
    except NotMarked as error:
        sys.stdout.write(error.message)
        return _REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
