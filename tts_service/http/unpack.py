"""Decompresses bodies within a limit, so that decompression bombs are stopped early."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from tts_service.errors import RemoteTooLarge, RemoteUnavailable

ACCEPTED = "gzip"
"""The only coding requested: Python's zlib can limit its output; not all brotli and zstd bindings can."""
STEP_BYTES = 64 * 1024
"""Output bytes per step."""
GZIP_START = b"\x1f"
MOST_MEMBERS = 64
"""Maximum concatenated gzip members."""


def decompressed(pieces: Iterable[bytes], coding: str, most_bytes: int) -> Iterator[bytes]:
    """The decompressed body in chunks, at most `most_bytes` in total.

    Raises RemoteTooLarge beyond that, RemoteUnavailable for an unrequested coding or corrupt data.
    """
    coding = coding.strip().lower()
    if coding in ("gzip", "x-gzip"):
        pieces = _gunzipped(pieces)
    elif coding not in ("", "identity"):
        raise RemoteUnavailable(f"The response is encoded as {coding[:40]!r}, which was not requested.")
    count = 0
    for piece in pieces:
        count += len(piece)
        if count > most_bytes:
            yield piece[: most_bytes - count]
            raise RemoteTooLarge(f"The response has more than {most_bytes} bytes.")
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
                        break  # padding, ignored by convention
                    member, members = zlib.decompressobj(wbits=31), members + 1
                    if members > MOST_MEMBERS:
                        raise RemoteTooLarge(f"The response is compressed in more than {MOST_MEMBERS} parts.")
        while not member.eof:
            rest = member.decompress(b"", STEP_BYTES)
            if not rest:
                raise RemoteUnavailable("The response ends too early: its gzip data is not complete.")
            yield rest
    except zlib.error as error:
        raise RemoteUnavailable("The response is damaged: its gzip data can't be unpacked.") from error
