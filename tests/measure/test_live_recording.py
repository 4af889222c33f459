"""The ears of `make live`: what they must hear in a recording, so that its figures can fail."""

from __future__ import annotations

import numpy as np
import pytest

from tests.audio.test_sounds import sentence
from tests.measure.live.recording import RATE_HZ, Sentence, Verdict, Wave, verdict

PAUSE_S = 0.3
LONG_S = 1.2
STEP_S = PAUSE_S + LONG_S


def wave(seed: int) -> Wave:
    return np.frombuffer(sentence(seed, LONG_S), np.int16).astype(np.float32) / 32768


SENTENCES = [
    Sentence(start_s=PAUSE_S + n * STEP_S, end_s=PAUSE_S + n * STEP_S + LONG_S, wave=wave(n)) for n in range(6)
]


def silence(seconds: float) -> Wave:
    return np.zeros(round(seconds * RATE_HZ), np.float32)


def played(*numbers: int) -> list[Wave]:
    return [part for number in numbers for part in (silence(PAUSE_S), SENTENCES[number].wave)]


def judged(parts: list[Wave], back: tuple[float, float] | None = None) -> Verdict:
    return verdict(np.concatenate([*parts, silence(1)]), SENTENCES, back)


def test_the_clip_as_it_is_has_nothing_wrong() -> None:
    got = judged(played(*range(6)))

    assert (got.heard, got.missing, got.repeated) == (6, 0, 0)
    assert got.gap_ms < 1
    assert got.step_db < 0.1


@pytest.mark.parametrize(
    ("numbers", "missing", "repeated"),
    [((0, 1, 3, 4, 5), 1, 0), ((0, 1, 2, 2, 3, 4, 5), 0, 1), ((0, 1, 3, 2, 4, 5), 0, 1), ((0, 1, 2, 3, 4), 1, 0)],
    ids=["one left out", "one twice", "two in each other's place", "the end cut off"],
)
def test_sentences_that_lack_or_come_too_often_are_counted(
    numbers: tuple[int, ...], missing: int, repeated: int
) -> None:
    got = judged(played(*numbers))

    assert (got.missing, got.repeated) == (missing, repeated)


@pytest.mark.parametrize("more_ms", [80, -80], ids=["silence", "sound lost"])
def test_a_gap_is_measured_and_its_place_named(more_ms: int) -> None:
    parts = played(*range(6))
    parts[6] = silence(PAUSE_S + more_ms / 1000)
    got = judged(parts)

    assert got.gap_ms == pytest.approx(80, abs=1)
    assert got.gap_behind == 2


def test_a_step_of_level_is_measured() -> None:
    parts = played(*range(6))
    parts[7:] = [part * np.float32(10 ** (3 / 20)) for part in parts[7:]]

    assert judged(parts).step_db == pytest.approx(3, abs=0.1)


def test_going_back_is_neither_repetition_nor_gap() -> None:
    whole = np.concatenate(played(*range(6)))
    left, came = SENTENCES[3].start_s + 0.4, SENTENCES[1].start_s + 0.5
    heard = [whole[: round(left * RATE_HZ)], whole[round(came * RATE_HZ) :]]
    got = judged(heard, (left, came))

    assert (got.missing, got.repeated) == (0, 0)
    assert got.gap_ms < 1
    assert judged(heard).repeated > 0
