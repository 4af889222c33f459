"""The recogniser that is installed hears our default voice, and a word that it leaves out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.measure.voices.sentences import NewsSentence, spoken_as
from tests.parts.factories import make_settings
from tts_service.ears.judging import USUAL_LIMIT, judged
from tts_service.ears.listener import MEMORY_MB, Listener
from tts_service.ears.model_files import missing
from tts_service.engines.child.speak import EngineChild
from tts_service.engines.voices.registry import Registry
from tts_service.values import Segment, SpokenWord

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(missing()), reason=f"the extra ears: {missing()}"),
]


@pytest.fixture(scope="module")
def sentence() -> NewsSentence:
    [found] = spoken_as("The council agreed on Monday evening to pay £48,000 for the night bus.", "en-GB")
    return found


def spoken(tmp_path: Path, words: tuple[SpokenWord, ...]) -> Segment:
    settings = make_settings(tmp_path)
    with EngineChild(settings) as engine:
        sound = engine.speak(words, Registry(settings).find("hibari:heart"))
    return Segment(key="k", pcm=sound.pcm, sample_rate_hz=sound.sample_rate_hz, words=())


def test_a_sentence_is_heard_as_it_is_to_be_said(tmp_path: Path, sentence: NewsSentence) -> None:
    words = sentence.utterance.words
    segment = spoken(tmp_path, words)
    with Listener(make_settings(tmp_path)) as ears:
        heard = ears.hear(segment, "en-GB")
        assert heard is not None
        assert judged([word.text for word in words], heard, segment, "en-GB", sentence.written).score == 0
        assert ears.hear(segment, "tlh") is None
        assert 0 < ears.memory_mb < MEMORY_MB


def test_two_words_that_are_left_out_are_missed(tmp_path: Path, sentence: NewsSentence) -> None:
    words = sentence.utterance.words
    segment = spoken(tmp_path, (*words[:2], *words[4:]))
    with Listener(make_settings(tmp_path)) as ears:
        heard = ears.hear(segment, "en-GB")
    assert heard is not None
    assert judged([word.text for word in words], heard, segment, "en-GB", sentence.written).score > USUAL_LIMIT
