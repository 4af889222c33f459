"""Times of words, where phonemes and events do not match words one to one."""

from __future__ import annotations

import numpy as np
import pytest

from tts_service.engines.base import Sound
from tts_service.engines.espeak import word_spans
from tts_service.engines.models.silence import trim
from tts_service.engines.models.word_times import fill_lost, words_of_phonemes
from tts_service.values import WordTime

RATE_HZ = 16000


def test_joined_words_keep_their_own_phonemes() -> None:
    labels = words_of_phonemes(["ʌv", "ðə", "blˈuː"], "ʌvðə blˈuː.")
    assert labels == [0, 0, 1, 1, None, 2, 2, 2, 2, 2, None]


def test_weakened_and_dropped_sounds_stay_with_their_word() -> None:
    labels = words_of_phonemes(["fˈɔːɹ", "ðə", "fˈɜːst"], "fɚðə fˈɜːst")
    assert labels[:2] == [0, 0]
    assert labels[2:4] == [1, 1]
    assert labels[5:] == [2] * 6


def test_a_long_sentence_stays_in_the_band() -> None:
    words = ["wˈʌn", "tˈuː", "ðə"] * 100
    sentence = " ".join(words).replace("tˈuː ðə", "tˈuːðə")
    labels = [label for label in words_of_phonemes(words, sentence) if label is not None]
    assert labels == sorted(labels)
    assert set(labels) == set(range(300))


@pytest.mark.parametrize(("words", "spoken"), [([], ""), (["a"], ""), ([], "ab"), (["", "a", ""], "a")])
def test_empty_sides(words: list[str], spoken: str) -> None:
    assert len(words_of_phonemes(words, spoken)) == len(spoken)


def test_a_lost_word_shares_its_neighbours_time_and_symbols_take_none() -> None:
    spans = fill_lost([(0.0, 60.0), None, None, (60.0, 90.0)], ["of", "—", "the", "end"])
    assert spans == [(0.0, 24.0), (24.0, 24.0), (24.0, 60.0), (60.0, 90.0)]


def test_a_lost_first_word_shares_with_the_next() -> None:
    assert fill_lost([None, (0.0, 40.0)], ["ab", "cd"]) == [(0.0, 20.0), (20.0, 40.0)]


def test_no_time_known_at_all() -> None:
    assert fill_lost([None, None], ["a", "b"]) == [(0.0, 0.0)] * 2


def test_the_first_event_within_a_word_counts() -> None:
    spans = word_spans(["it", "4.25", "ok"], [(0, 0), (3, 100), (5, 300), (8, 400)], 500)
    assert spans == [(0.0, 100.0), (100.0, 400.0), (400.0, 500.0)]


def test_silence_at_the_ends_is_cut_and_times_move_along() -> None:
    quiet = np.zeros(RATE_HZ // 2, np.int16)
    speech = np.full(RATE_HZ, 9000, np.int16)
    sound = Sound(
        pcm=np.concatenate([quiet, speech, quiet]).tobytes(),
        sample_rate_hz=RATE_HZ,
        words=(WordTime(start_ms=400, end_ms=900), WordTime(start_ms=900, end_ms=1990)),
    )
    cut = trim(sound)
    assert len(cut.pcm) / 2 / RATE_HZ == pytest.approx(1.06)
    assert cut.words == (WordTime(start_ms=0, end_ms=420), WordTime(start_ms=420, end_ms=1060))


def test_silence_alone_stays_as_it_is() -> None:
    sound = Sound(pcm=bytes(320), sample_rate_hz=RATE_HZ, words=())
    assert trim(sound) == sound
