"""Temporary files and folders that processes left behind when they were killed. A worker removes them when it starts.

What is staged in the store is swept with it (retention.orphans).
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tts_service.settings import Settings

OLD_S = 86_400.0
"""Nothing takes so long that its folder is still in use."""


def remove_left_folders(settings: Settings, now_s: float) -> int:
    """Remove this machine's old ones; `now_s`: seconds since 1970. Returns how many."""
    removed = 0
    for path in _staging(settings):
        with suppress(OSError):  # another worker may be removing it, too, or it is another user's
            if now_s - path.lstat().st_mtime <= OLD_S:
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()
            removed += 1
    return removed


def _staging(settings: Settings) -> Iterator[Path]:
    """Where audio is made and received; where restored files, a new signing key and a new voice wait to be complete."""
    for kind in ("clip", "recording", "speak", "doctor", "restore"):
        yield from Path(tempfile.gettempdir()).glob(f"tts-{kind}-*")
    yield from settings.data_dir.glob(".signing-*")
    yield from settings.voices_folder.glob(".adding-*")
