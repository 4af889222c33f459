"""Segments come back exactly as they were, or not at all."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from tests.audio.test_sounds import RATE, sentence
from tests.parts.factories import make_settings
from tts_service.storage.base import ClipStore
from tts_service.storage.segments import SegmentStore, name_of
from tts_service.storage.store import open_store
from tts_service.values import Segment, WordTime

KEY = "ab" + "0" * 62


@pytest.fixture
def store(tmp_path: Path) -> ClipStore:
    return open_store(make_settings(tmp_path))


def segment(pcm: bytes, key: str = KEY) -> Segment:
    words = (WordTime(start_ms=0.0, end_ms=310.25), WordTime(start_ms=310.25, end_ms=800.5))
    return Segment(key=key, pcm=pcm, sample_rate_hz=RATE, words=words)


@pytest.mark.parametrize("samples", [1, 17, 4096, 4097, 26_460])
def test_a_segment_comes_back_exactly(store: ClipStore, samples: int) -> None:
    made = segment(sentence(1)[: 2 * samples])
    segments = SegmentStore(store)
    segments.put(made)

    assert segments.get(KEY) == made


def test_what_was_just_stored_has_the_times_that_will_be_read(store: ClipStore) -> None:
    times = (WordTime(start_ms=0.0, end_ms=10.0496), WordTime(start_ms=10.0496, end_ms=99.9999))
    segments = SegmentStore(store)
    stored = segments.put(Segment(key=KEY, pcm=sentence(1), sample_rate_hz=RATE, words=times))

    assert stored == segments.get(KEY)


def test_a_segment_takes_less_room_than_its_pcm(store: ClipStore) -> None:
    pcm = sentence(1, 3)
    SegmentStore(store).put(segment(pcm))

    assert (store.size(name_of(KEY)) or 0) < 0.85 * len(pcm)
    assert name_of(KEY).startswith("segments/ab/")


def test_an_unknown_segment_is_none(store: ClipStore) -> None:
    assert SegmentStore(store).get(KEY) is None


def test_a_flipped_byte_is_spoken_again(store: ClipStore, caplog: pytest.LogCaptureFixture) -> None:
    segments = SegmentStore(store)
    segments.put(segment(sentence(1, 0.3)))
    whole = store.get(name_of(KEY))
    for place in [*range(0, 400, 3), *range(400, len(whole), len(whole) // 60), len(whole) - 1]:
        damaged = bytearray(whole)
        damaged[place] ^= 1
        store.put(name_of(KEY), bytes(damaged))
        with caplog.at_level(logging.WARNING):
            caplog.clear()
            found = segments.get(KEY)
        assert found is None, place
        assert KEY in caplog.text


@pytest.mark.parametrize("keep", [0, 4, 11, 12, 60, 400, -1])
def test_a_truncated_or_empty_object_is_spoken_again(store: ClipStore, keep: int) -> None:
    segments = SegmentStore(store)
    segments.put(segment(sentence(1, 0.3)))
    store.put(name_of(KEY), store.get(name_of(KEY))[:keep])

    assert segments.get(KEY) is None


def test_another_segments_bytes_are_spoken_again(store: ClipStore) -> None:
    segments = SegmentStore(store)
    other = "cd" + "0" * 62
    segments.put(segment(sentence(2), other))
    store.put(name_of(KEY), store.get(name_of(other)))

    assert segments.get(KEY) is None


def test_the_first_sound_of_a_sentence_stays(store: ClipStore) -> None:
    """Two workers spoke it at once; neural voices never say the same twice."""
    segments = SegmentStore(store)
    first, second = segment(sentence(1)), segment(sentence(2))

    assert segments.put(first) == first
    assert segments.put(second) == first
    assert segments.get(KEY) == first


def test_a_damaged_object_is_replaced(store: ClipStore) -> None:
    segments = SegmentStore(store)
    store.put(name_of(KEY), b"broken")
    made = segment(sentence(1))

    assert segments.put(made) == made
    assert segments.get(KEY) == made


def test_a_deleted_segment_is_gone_and_may_be_deleted_again(store: ClipStore) -> None:
    segments = SegmentStore(store)
    segments.put(segment(sentence(1)))
    for _ in range(2):
        segments.delete(KEY)
        assert segments.get(KEY) is None
        assert list(store.names("segments/")) == []
