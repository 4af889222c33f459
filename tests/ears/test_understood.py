"""The share of letters that a recogniser hears otherwise than they were to be said."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tts_service.ears.understood import HeardSpeaker, LetterErrors, edits
from tts_service.engines.base import Sound
from tts_service.engines.tone import BEEP, LOW
from tts_service.errors import EarsUnavailable
from tts_service.values import Segment, SpokenWord, Voice

WORDS = [SpokenWord(text="noon"), SpokenWord(text="boat")]


class Silent:
    """An engine that says nothing, for any words."""

    def speak(self, words: Sequence[SpokenWord], voice: Voice, rate: float = 1.0) -> Sound:
        return Sound(pcm=bytes(32), sample_rate_hz=16_000, words=())


class Ears:
    """Hears the same words each time, until it fails."""

    def __init__(self, *heard: str | None) -> None:
        self._heard = list(heard)

    def hear(self, segment: Segment, language: str) -> str | None:
        if not self._heard:
            raise EarsUnavailable("The recogniser's process failed.")
        return self._heard.pop(0)


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [("", "", 0), ("abc", "", 3), ("", "ab", 2), ("noon", "moon", 1), ("kitten", "sitting", 3)],
)
def test_letters_are_changed_added_or_taken_away(one: str, other: str, count: int) -> None:
    assert edits(one, other) == edits(other, one) == count


def test_numbers_and_capitals_make_no_difference() -> None:
    errors = LetterErrors()
    assert errors.rate is None
    errors.add(["The", "ferry", "left", "at", "twelve"], "The ferry left at 12.", "en")
    assert errors.rate == 0
    errors.add(["noon"], "moon", "en")
    assert errors.rate == pytest.approx(1 / (len("theferryleftattwelve") + 4))


def test_only_the_voices_own_sentences_count() -> None:
    speaker = HeardSpeaker(Silent(), Ears("noon boat", "moon boat", None), BEEP)
    for voice in (BEEP, LOW, BEEP, BEEP):
        speaker.speak(WORDS, voice)
    assert (speaker.cer, speaker.failure) == (pytest.approx(1 / 16), "")


def test_a_recogniser_that_fails_leaves_the_voice_unmeasured() -> None:
    speaker = HeardSpeaker(Silent(), Ears("noon boat"), BEEP)
    for _ in range(3):
        speaker.speak(WORDS, BEEP)
    assert (speaker.cer, speaker.failure) == (None, "The recogniser's process failed.")
