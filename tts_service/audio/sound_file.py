"""Opens a sound file safely: only this file, only as audio.

FFmpeg detects formats by content: a file that claims to be a playlist makes it open other files or network addresses,
and a name such as `concat:a|b` is parsed as a protocol. So only self-contained formats are allowed, only files are
opened, and names are never parsed.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from av.container import InputContainer

FORMATS = "mp3,mov,ogg,wav,flac"
"""FFmpeg's names of the allowed formats."""


_UNESCAPED_BEFORE = 19
"""Before this PyAV version, tags that aren't UTF-8 raise an error unless `metadata_errors` is set. Later versions
return lone surrogates and refuse the argument."""


def open_sound(path: Path) -> InputContainer:
    """The open container; the caller closes it. Raises av.error.FFmpegError, also for formats not allowed."""
    import av

    only = {"format_whitelist": FORMATS, "protocol_whitelist": "file"}
    sound: InputContainer = av.open(f"file:{path.absolute()}", options=only, **_tags_as_they_are(av.__version__))
    return sound


def readable_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """Tags as valid Unicode: bytes that aren't UTF-8 are replaced."""
    return {_readable(name): _readable(value) for name, value in tags.items()}


def _tags_as_they_are(version: str) -> dict[str, Any]:
    """The argument that keeps files with invalid tags readable, for PyAV versions that accept it."""
    major = int(version.partition(".")[0])
    return {"metadata_errors": "replace"} if major < _UNESCAPED_BEFORE else {}


def _readable(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
