"""Opening a sound file to read it: this very file, as sound, and nothing else.

FFmpeg takes a file for what it says it is, whatever its name: one that calls itself a list of files is read on in those
files, or over the network; and a name such as `concat:a|b` is taken for an instruction. So only formats that hold
their sound themselves are known here, only files are opened, and the name is never anything but a name.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from av.container import InputContainer

FORMATS = "mp3,mov,ogg,wav,flac"
"""FFmpeg's names of the formats that are read."""


def open_sound(path: Path) -> InputContainer:
    """The file, open; to be closed. Raises av.error.FFmpegError, also for a format that isn't read here."""
    import av

    only = {"format_whitelist": FORMATS, "protocol_whitelist": "file"}
    return av.open(f"file:{path.absolute()}", options=only, metadata_errors="replace")
