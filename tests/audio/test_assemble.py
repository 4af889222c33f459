"""Joining: exact places, fades at every join, nothing kept."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from tests.audio.test_sounds import PAUSE, RATE, placed, sentence, sentences, wave_of
from tts_service.audio.assemble import FADE_MS, LEAD_IN_MS, faded, joined, plan, planned_samples

LEAD_IN = LEAD_IN_MS * RATE // 1000
EDGE = FADE_MS * RATE // 1000


def clip(pcms: list[bytes], pause: int = PAUSE) -> bytes:
    return b"".join(joined([(pcm, pause) for pcm in pcms], RATE, LEAD_IN))


def test_the_plan_counts_every_sample() -> None:
    places = plan([("a", 1000, 7), ("b", 1, 0), ("c", 500, 3)], RATE)

    assert [(place.start, place.samples, place.pause) for place in places] == [
        (LEAD_IN, 1000, 7),
        (LEAD_IN + 1007, 1, 0),
        (LEAD_IN + 1008, 500, 3),
    ]
    assert planned_samples(places) == LEAD_IN + 1511
    assert planned_samples(()) == 0


@pytest.mark.parametrize("pause", [0, 1, 333, 7717, 200_001])
def test_the_joined_sound_is_as_long_as_planned(pause: int) -> None:
    pcms = sentences(3, 0.1)

    assert len(clip(pcms, pause)) == 2 * planned_samples(placed(pcms, pause))


def test_there_are_fades_at_every_join() -> None:
    flat = np.full(RATE // 10, 10_000, np.int16).tobytes()
    out = wave_of(clip([flat] * 3))

    assert np.abs(np.diff(out)).max() < 0.02


def test_every_length_of_silence_is_exact() -> None:
    for rate in (16000, 22050, 44100, 48000):
        for pause in [*range(1, 400), 7717, 65_536, 65_537]:
            assert sum(map(len, joined([(b"", pause)], rate, 0))) == 2 * pause


def test_each_sentence_lies_at_its_planned_place() -> None:
    pcms = sentences(3, 0.4)
    out = clip(pcms)

    for pcm, place in zip(pcms, placed(pcms), strict=True):
        inner = slice(2 * (place.start + EDGE), 2 * (place.start + place.samples - EDGE))
        assert out[inner] == pcm[2 * EDGE : -2 * EDGE]


def test_pauses_are_digital_silence() -> None:
    pcms = sentences(2, 0.3)
    out = clip(pcms)

    assert not any(out[: 2 * LEAD_IN])
    for place in placed(pcms):
        end = place.start + place.samples
        assert not any(out[2 * end : 2 * (end + place.pause)])


def test_both_ends_of_a_sentence_are_faded() -> None:
    flat = np.full(RATE // 10, 10_000, np.int16).tobytes()
    wave = np.abs(wave_of(faded(flat, RATE)))

    assert len(wave) == RATE // 10
    assert max(wave[0], wave[-1]) < 0.02 * wave.max()
    assert (np.diff(wave[:EDGE]) >= 0).all()
    assert (np.diff(wave[-EDGE:]) <= 0).all()
    assert (wave[EDGE:-EDGE] == 10_000 / 32768).all()


@pytest.mark.parametrize("samples", [0, 1, 2, 3, 50, EDGE, 2 * EDGE, 2 * EDGE + 1])
def test_a_sentence_shorter_than_its_fades_keeps_its_length(samples: int) -> None:
    assert len(faded(b"\x10\x20" * samples, RATE)) == 2 * samples


def test_joining_holds_one_sentence_however_many_there_are() -> None:
    pcm = sentence(1, 2)

    def peak(count: int) -> int:
        tracemalloc.start()
        for _ in joined(((pcm, PAUSE) for _ in range(count)), RATE, LEAD_IN):
            pass
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    peak(2)  # pydub is imported
    assert peak(200) < peak(2) + 100_000
