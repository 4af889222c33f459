"""Messages between a worker and its engine child: a length, a JSON header, then the header's PCM bytes.

    4 bytes     length of the header, big-endian
    header      JSON object in ASCII; `pcm_bytes` says how much follows (0 when absent)
    PCM         s16 mono, raw

The same both ways.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

LENGTH_BYTES = 4
MAX_HEADER_BYTES = 16 << 20
"""A header beyond this is noise on the pipe, not a message."""
MAX_PCM_BYTES = 512 << 20
"""More than an hour of speech: no single utterance sounds that long."""

Header = dict[str, Any]


class FrameError(Exception):
    """What came through the pipe is no message"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One message."""

    header: Header
    pcm: bytes = field(default=b"", repr=False)


def pack(header: Header, pcm: bytes = b"") -> bytes:
    """The bytes of one message. JSON escapes all but ASCII, so that even lone surrogates travel."""
    body = json.dumps({**header, "pcm_bytes": len(pcm)}, default=str).encode("ascii")
    return len(body).to_bytes(LENGTH_BYTES, "big") + body + pcm


def read_frame(read_exactly: Callable[[int], bytes]) -> Frame:
    """Read one message; `read_exactly(n)` returns n bytes or raises. Raises FrameError."""
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
    return Frame(header=header, pcm=read_exactly(pcm_bytes))
