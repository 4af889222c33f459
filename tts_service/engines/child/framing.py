"""Messages between a worker and its engine child: length, JSON header, PCM bytes.

    4 bytes     length of the header, big-endian
    header      JSON object in ASCII; `pcm_bytes` is the length of the PCM (default 0)
    PCM         s16 mono, raw

The same in both directions.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

LENGTH_BYTES = 4
MAX_HEADER_BYTES = 16 << 20
"""A longer header is noise on the pipe, not a message."""
MAX_PCM_BYTES = 512 << 20
"""More than an hour of speech: no single utterance is that long."""

Header = dict[str, Any]


class FrameError(Exception):
    """The bytes on the pipe are not a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PipeMessage:
    """One message."""

    header: Header
    pcm: bytes = field(default=b"", repr=False)


def pack(header: Header, pcm: bytes = b"") -> bytes:
    """Encodes one message. JSON escapes non-ASCII characters, so even lone surrogates pass."""
    body = json.dumps({**header, "pcm_bytes": len(pcm)}, default=str).encode("ascii")
    return len(body).to_bytes(LENGTH_BYTES, "big") + body + pcm


def read_frame(read_exactly: Callable[[int], bytes]) -> PipeMessage:
    """Reads one message; `read_exactly(n)` returns n bytes or raises. Raises FrameError."""
    length = int.from_bytes(read_exactly(LENGTH_BYTES), "big")
    if length > MAX_HEADER_BYTES:
        raise FrameError(f"header of {length} bytes")
    try:
        header = json.loads(read_exactly(length))
        pcm_bytes = int(header["pcm_bytes"])
    except (ValueError, TypeError, KeyError) as error:
        raise FrameError(f"header can't be read: {error}") from error
    if not 0 <= pcm_bytes <= MAX_PCM_BYTES:
        raise FrameError(f"{pcm_bytes} bytes of sound")
    return PipeMessage(header=header, pcm=read_exactly(pcm_bytes))
