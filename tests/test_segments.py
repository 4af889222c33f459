"""Segments by content: exact, checked at every read, the first sound kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np
import pytest

from tts_service.parts import Parts
from tts_service.storage.segments import name_of
from tts_service.values import Segment, SpokenWord, Voice, WordTime, segment_key

WAVE = (np.sin(np.arange(22050) / 9) * 9000).astype(np.int16)
KEY = hashlib.sha256(b"a sentence").hexdigest()
SEGMENT = Segment(
    key=KEY, pcm=WAVE.tobytes(), sample_rate_hz=22050, words=(WordTime(start_ms=1.5, end_ms=250.25),)
)  # fmt: skip


def flipped(data: bytes) -> bytes:
    changed = bytearray(data)
    changed[-40] ^= 0x10
    return bytes(changed)


def test_a_segment_comes_back_exactly(parts: Parts) -> None:
    parts.segments.put(SEGMENT)

    assert parts.segments.get(KEY) == SEGMENT


@pytest.mark.parametrize(
    "damage", [flipped, lambda data: b"", lambda data: data[:-200], lambda data: b"x" + data], ids=str
)
def test_a_damaged_segment_is_as_good_as_none(parts: Parts, damage: Callable[[bytes], bytes]) -> None:
    parts.segments.put(SEGMENT)
    parts.store.put(name_of(KEY), damage(parts.store.get(name_of(KEY))))

    assert parts.segments.get(KEY) is None
    assert parts.segments.put(SEGMENT) == SEGMENT
    assert parts.segments.get(KEY) == SEGMENT


def test_sound_that_is_not_what_was_kept_is_not_used(parts: Parts) -> None:
    """FLAC's own checks pass here: only the hash in the head tells."""
    parts.segments.put(SEGMENT)
    mine = parts.store.get(name_of(KEY))
    other = Segment(key="0" * 64, pcm=WAVE[::-1].tobytes(), sample_rate_hz=22050, words=SEGMENT.words)
    parts.segments.put(other)
    theirs = parts.store.get(name_of("0" * 64))
    head = mine[: mine.index(b"fLaC")]
    parts.store.put(name_of(KEY), head + theirs[theirs.index(b"fLaC") :])

    assert parts.segments.get(KEY) is None


def test_the_first_sound_of_two_workers_stays(parts: Parts) -> None:
    parts.segments.put(SEGMENT)
    second = Segment(key=KEY, pcm=WAVE[:5000].tobytes(), sample_rate_hz=22050, words=SEGMENT.words)

    assert parts.segments.put(second) == SEGMENT


def test_the_key_depends_on_what_is_said_by_which_voice(parts: Parts) -> None:
    voice = parts.voices.find("tone:beep")
    words = (SpokenWord(text="one"), SpokenWord(text="two"))
    other = Voice(**{**{f: getattr(voice, f) for f in voice.__slots__}, "fingerprint": "another model"})

    assert segment_key(words, voice) == segment_key(words, voice)
    assert segment_key(words, voice) != segment_key(words, other)
    assert segment_key(words, voice) != segment_key((SpokenWord(text="onet"), SpokenWord(text="wo")), voice)
