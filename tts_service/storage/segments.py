"""Content-addressed segments: FLAC with a descriptive header, verified on every read.

Layout: 8 bytes magic, 32 bytes SHA-256 of the rest, 4 bytes length of the header (big-endian), header (JSON: key,
rate, samples, SHA-256 of the PCM, word times in ms), FLAC. A segment that fails verification counts as missing and is
spoken again.
"""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import replace
from typing import Any

from tts_service.errors import NotFound
from tts_service.storage.base import ClipStore
from tts_service.storage.flac import FlacDamaged, decode_flac, encode_flac
from tts_service.values import SAMPLE_WIDTH, Segment, WordTime

_MAGIC = b"TTSSEG1\n"
_HASH_BYTES = 32
_LENGTH_BYTES = 4

log = logging.getLogger(__name__)


class SegmentStore:
    """Segments in a ClipStore, one object each."""

    def __init__(self, store: ClipStore) -> None:
        self._store = store

    def get(self, key: str) -> Segment | None:
        """The segment; None if missing or damaged. Raises StoreUnavailable."""
        try:
            data = self._store.get(name_of(key))
        except NotFound:
            return None
        try:
            return _unpack(key, data)
        except (FlacDamaged, ValueError, KeyError) as error:
            log.warning("segment %s is damaged (%s): it will be spoken again", key, error)
            return None

    def put(self, segment: Segment) -> Segment:
        """Stores a segment and returns it as `get` will: word times to a hundredth of a millisecond, and if two workers
        speak the same, the first one's sound."""
        segment = replace(segment, words=tuple(_rounded(word) for word in segment.words))
        name = name_of(segment.key)
        if not self._store.put_new(name, _pack(segment)):
            if (kept := self.get(segment.key)) is not None:
                return kept
            self._store.put(name, _pack(segment))
        return segment

    def delete(self, key: str) -> None:
        """Deletes a segment; no error if it doesn't exist."""
        self._store.delete(name_of(key))


def name_of(key: str) -> str:
    """Store name of a segment."""
    return f"segments/{key[:2]}/{key}"


def _rounded(word: WordTime) -> WordTime:
    return WordTime(start_ms=round(word.start_ms, 2), end_ms=round(word.end_ms, 2))


def _pack(segment: Segment) -> bytes:
    head = json.dumps(
        {
            "key": segment.key,
            "rate": segment.sample_rate_hz,
            "samples": segment.samples,
            "sha256": hashlib.sha256(segment.pcm).hexdigest(),
            "words": [[word.start_ms, word.end_ms] for word in segment.words],
        }
    ).encode()
    flac = encode_flac(segment.pcm, segment.sample_rate_hz)
    body = b"".join((len(head).to_bytes(_LENGTH_BYTES, "big"), head, flac))
    return b"".join((_MAGIC, hashlib.sha256(body).digest(), body))


def _unpack(key: str, data: bytes) -> Segment:
    magic, digest, body = data[: len(_MAGIC)], data[len(_MAGIC) :][:_HASH_BYTES], data[len(_MAGIC) + _HASH_BYTES :]
    if magic != _MAGIC or hashlib.sha256(body).digest() != digest:
        raise ValueError("its bytes aren't those that were written")
    end = _LENGTH_BYTES + int.from_bytes(body[:_LENGTH_BYTES], "big")
    head: dict[str, Any] = json.loads(body[_LENGTH_BYTES:end])
    if head["key"] != key:
        raise ValueError(f"it is segment {head['key']}")
    pcm = decode_flac(body[end:])
    if len(pcm) != head["samples"] * SAMPLE_WIDTH or hashlib.sha256(pcm).hexdigest() != head["sha256"]:
        raise ValueError("length or hash differ")
    words = tuple(WordTime(start_ms=float(begin), end_ms=float(finish)) for begin, finish in head["words"])
    return Segment(key=key, pcm=pcm, sample_rate_hz=int(head["rate"]), words=words)
