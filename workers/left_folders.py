"""Temporary folders that processes left behind when they were killed."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

PATTERNS = ("tts-clip-*", "tts-recording-*")
"""Folders in which audio is made and received."""
OLD_S = 86_400.0
"""Nothing takes so long that its folder is still in use."""


def remove_left_folders(now_s: float) -> int:
    """Remove this machine's old ones; `now_s`: seconds since 1970. Returns how many."""
    folders = [path for pattern in PATTERNS for path in Path(tempfile.gettempdir()).glob(pattern)]
    old = [path for path in folders if path.is_dir() and now_s - path.stat().st_mtime > OLD_S]
    for path in old:
        shutil.rmtree(path, ignore_errors=True)  # another worker may be removing it, too
    return len(old)
