"""Decompresses bodies within a limit, so that a bomb is stopped while it unpacks."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from tts_service.errors import RemoteTooLarge, RemoteUnavailable

ACCEPTED = "gzip"
"""The one coding asked for: Python's zlib can bound what it unpacks; brotli's and zstd's bindings can't everywhere."""
STEP_BYTES = 64 * 1024
"""Bytes unpacked at a time."""
GZIP_START = b"\x1f"
MOST_MEMBERS = 64
"""Gzip members strung together in one body."""


def unpacked(pieces: Iterable[bytes], coding: str, most_bytes: int) -> Iterator[bytes]:
    """The body in readable pieces, of `most_bytes` in all.

    Raises RemoteTooLarge beyond that, RemoteUnavailable for a coding nobody asked for and for broken data.
    """
    coding = coding.strip().lower()
    if coding in ("gzip", "x-gzip"):
        pieces = _gunzipped(pieces)
    elif coding not in ("", "identity"):
        raise RemoteUnavailable(f"The answer is packed as {coding[:40]!r}, which nobody asked for")
    count = 0
    for piece in pieces:
        count += len(piece)
        if count > most_bytes:
            yield piece[: most_bytes - count]
            raise RemoteTooLarge(f"The answer has more than {most_bytes} bytes")
        yield piece


def _gunzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    member, members = zlib.decompressobj(wbits=31), 1
    try:
        for packed in pieces:
            while packed:
                yield member.decompress(packed, STEP_BYTES)
                packed = member.unconsumed_tail
                if member.eof:
                    packed = member.unused_data
                    if not packed.startswith(GZIP_START):
                        break  # padding: everyone ignores it
                    member, members = zlib.decompressobj(wbits=31), members + 1
                    if members > MOST_MEMBERS:
                        raise RemoteTooLarge(f"The answer has more than {MOST_MEMBERS} gzip members")
        while not member.eof:
            rest = member.decompress(b"", STEP_BYTES)
            if not rest:
                raise RemoteUnavailable("The answer ends in the middle of its gzip data")
            yield rest
    except zlib.error as error:
        raise RemoteUnavailable(f"The answer says it is gzip and isn't: {error}") from error
