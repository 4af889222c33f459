"""A command loads what it needs, not what all of them need."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("sqlalchemy", "numpy", "lxml", "httpx", "fastapi", "celery")


def test_the_command_line_is_there_before_database_sound_and_network_are_loaded() -> None:
    probe = f"import sys, tts_service.commands; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
