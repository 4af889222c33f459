"""A sentence's score, and the limit that a voice's earlier scores set."""

from __future__ import annotations

import numpy as np
import pytest

from tts_service.ears.judging import LEARNED_FROM, USUAL_LIMIT, judged, limit_of
from tts_service.values import Segment

SPOKEN = ["The", "ferry", "leaves", "at", "noon."]
RATE_HZ = 24_000
FADING = np.concatenate([np.ones(RATE_HZ), np.linspace(1, 0, RATE_HZ // 4) ** 2])


def segment(shape: np.ndarray = FADING) -> Segment:
    """A tone of this loudness over time."""
    tone = np.sin(np.arange(len(shape)) * 0.05) * 8000 * shape
    return Segment(key="k", pcm=tone.astype("<i2").tobytes(), sample_rate_hz=RATE_HZ, words=())


def test_a_sentence_that_was_heard_as_it_is_to_be_said_scores_nothing() -> None:
    assert judged(SPOKEN, "the ferry leaves at noon", segment(), "en").score == 0


def test_a_missing_word_scores_one() -> None:
    assert judged(SPOKEN, "The ferry at noon.", segment(), "en").score == 1


def test_an_end_in_the_midst_of_speech_scores_three() -> None:
    found = judged(SPOKEN, "The ferry leaves at noon.", segment(FADING[:RATE_HZ]), "en")
    assert (found.score, found.heard) == (3, "The ferry leaves at noon—")


def test_silence_is_every_word_missing() -> None:
    silent = Segment(key="k", pcm=bytes(RATE_HZ), sample_rate_hz=RATE_HZ, words=())
    assert judged(SPOKEN, "", silent, "en").score == len(SPOKEN)


def test_few_scores_teach_nothing_yet() -> None:
    assert limit_of([0.0] * (LEARNED_FROM - 1)) == USUAL_LIMIT


def test_a_voice_that_is_understood_well_has_a_lower_limit_than_one_that_is_not() -> None:
    clear = limit_of([0.0] * 90 + [0.2] * 10)
    muffled = limit_of([0.5, 1.0, 1.5, 2.0] * 25)
    assert clear < USUAL_LIMIT < muffled


@pytest.mark.parametrize("odd", [1, 3, 5])
def test_single_odd_sentences_do_not_move_the_limit(odd: int) -> None:
    assert limit_of([0.1] * (100 - odd) + [9.0] * odd) == limit_of([0.1] * 100)
