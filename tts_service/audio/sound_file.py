"""Opens a sound file safely: only this file, only as sound.

FFmpeg takes a file for what it says it is, whatever its name: one that calls itself a list of files is read on in those
files, or over the network; and a name such as `concat:a|b` is taken for an instruction. So only formats that hold
their sound themselves are known here, only files are opened, and the name is never anything but a name.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from av.container import InputContainer

FORMATS = "mp3,mov,ogg,wav,flac"
"""FFmpeg's names of the formats that are read."""


_UNESCAPED_BEFORE = 19
"""Before this version of PyAV, tags that aren't UTF-8 are an error unless one asks otherwise; since then they hold
lone surrogates, and the argument is refused."""


def open_sound(path: Path) -> InputContainer:
    """The file, open; to be closed. Raises av.error.FFmpegError, also for a format that isn't read here."""
    import av

    only = {"format_whitelist": FORMATS, "protocol_whitelist": "file"}
    sound: InputContainer = av.open(f"file:{path.absolute()}", options=only, **_tags_as_they_are(av.__version__))
    return sound


def readable_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """Tags as text that can be printed and sent: what isn't UTF-8 is replaced."""
    return {_readable(name): _readable(said) for name, said in tags.items()}


def _tags_as_they_are(version: str) -> dict[str, Any]:
    """The argument that keeps a file with odd tags readable, for the versions that take it."""
    major = int(version.partition(".")[0])
    return {"metadata_errors": "replace"} if major < _UNESCAPED_BEFORE else {}


def _readable(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
