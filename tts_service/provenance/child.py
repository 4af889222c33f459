"""Subprocess started by own_process.py: signs or verifies one file, as instructed on standard input."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tts_service.errors import NotMarked
from tts_service.provenance.certificate import Credentials
from tts_service.provenance.own_process import REFUSED
from tts_service.provenance.read_back import confirm_here
from tts_service.provenance.record import record_from
from tts_service.provenance.sign import sign_file


def main() -> int:
    """Signs a file (path, form, definition, credentials) or verifies one (path, record)."""
    order = json.load(sys.stdin)
    path = Path(order["path"])
    try:
        if "record" in order:
            confirm_here(path, record_from(order["record"]))
        else:
            sign_file(path, order["form"], order["definition"], Credentials.read(order["credentials"]))
    except NotMarked as error:
        sys.stdout.write(error.message)
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
