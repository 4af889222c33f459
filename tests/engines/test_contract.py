"""What every engine has to keep, asked through the engine child as in production."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from tests.parts.doctor_setting import installation
from tests.parts.kokoro_styles import with_styles
from tests.parts.speech_server import with_settings
from tts_service.access.keys import create_key
from tts_service.engines.child.speak import EngineChild
from tts_service.engines.voices.registry import Registry
from tts_service.errors import VoiceNotFound
from tts_service.settings import Settings
from tts_service.values import SpokenWord, Voice

VOICES = [
    "tone:beep",
    "pyttsx3:en-us",
    "pyttsx3:de",
    "hibari:heart",
    "openai:tone:beep",
    pytest.param("piper:en_US-joe-medium", marks=pytest.mark.slow),
    pytest.param("kokoro:bf_emma", marks=pytest.mark.slow),
]
NEWS = "He said: “It came out of the blue,” — and paid one point five million dollars for the bridge."


def words_of(text: str) -> list[SpokenWord]:
    return [SpokenWord(text=word) for word in text.split()]


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """All engines; the speech server is this service."""
    folder = with_styles(tmp_path_factory.mktemp("voices"))
    with installation(tmp_path_factory.mktemp("server")) as server:
        voices = [{"name": "tone:beep", "language": "en", "sample_rate_hz": 22_050}]
        with_settings(folder, f"{server.settings.local_url}/v1", voices=voices, word_times=True)
        (folder / "openai.key").write_text(create_key(server.database, "speaks", ("jobs:write",)), "utf-8")
        yield Registry(Settings(voices_dir=folder))


@pytest.fixture(scope="module")
def child(registry: Registry) -> Iterator[EngineChild]:
    with EngineChild(registry.settings) as child:
        yield child


@pytest.fixture(scope="module", params=VOICES)
def voice(request: pytest.FixtureRequest, registry: Registry) -> Voice:
    engine = request.param.partition(":")[0]
    if engine in registry.absent:
        pytest.skip(registry.absent[engine])
    return registry.find(request.param)


class TestEveryEngine:
    def test_says_something(self, child: EngineChild, voice: Voice) -> None:
        sound = child.speak(words_of(NEWS), voice)
        samples = np.frombuffer(sound.pcm, np.int16)
        assert sound.sample_rate_hz == voice.sample_rate_hz
        assert 2 < len(samples) / sound.sample_rate_hz < 15
        assert np.abs(samples).max() > 1000

    def test_each_word_has_its_time_in_order_within_the_sound(self, child: EngineChild, voice: Voice) -> None:
        sound = child.speak(words_of(NEWS), voice)
        length_ms = len(sound.pcm) / 2 * 1000 / sound.sample_rate_hz
        starts = [word.start_ms for word in sound.words]
        assert len(sound.words) == len(NEWS.split())
        assert starts == sorted(starts)
        assert all(0 <= word.start_ms <= word.end_ms <= length_ms for word in sound.words)
        said = [word for text, word in zip(NEWS.split(), sound.words, strict=True) if any(map(str.isalpha, text))]
        assert all(word.end_ms - word.start_ms > 15 for word in said)

    def test_no_pause_is_left_at_the_ends(self, child: EngineChild, voice: Voice) -> None:
        sound = child.speak(words_of("The minister said no."), voice)
        samples = np.abs(np.frombuffer(sound.pcm, np.int16).astype(float))
        loud = np.flatnonzero(samples > samples.max() / 100)
        assert loud[0] / sound.sample_rate_hz < 0.06
        assert (len(samples) - loud[-1]) / sound.sample_rate_hz < 0.1

    def test_an_unknown_voice_is_a_permanent_error(self, child: EngineChild, voice: Voice) -> None:
        with pytest.raises(VoiceNotFound) as caught:
            child.speak(words_of("Hello."), replace(voice, name="nobody"))
        assert caught.value.permanent

    def test_the_same_words_last_equally_long(self, child: EngineChild, voice: Voice) -> None:
        first, second = (len(child.speak(words_of(NEWS), voice).pcm) for _ in range(2))
        assert first == pytest.approx(second, rel=0.1)

    @pytest.mark.parametrize("rate", [0.75, 1.5])
    def test_a_rate_makes_the_sound_shorter_or_longer(self, child: EngineChild, voice: Voice, rate: float) -> None:
        usual, changed = (child.speak(words_of(NEWS), voice, speed) for speed in (1.0, rate))
        assert len(changed.pcm) * rate == pytest.approx(len(usual.pcm), rel=0.12)

    def test_words_have_their_times_at_another_rate(self, child: EngineChild, voice: Voice) -> None:
        """Each word lies where it lay in the slow sound, measured by the sound's length."""
        usual, fast = (child.speak(words_of(NEWS), voice, speed) for speed in (1.0, 1.5))
        places = [
            [word.start_ms * sound.sample_rate_hz / 500 / len(sound.pcm) for word in sound.words]
            for sound in (usual, fast)
        ]
        assert places[1] == pytest.approx(places[0], abs=0.06)
        assert fast.words[-1].end_ms <= len(fast.pcm) / 2 * 1000 / fast.sample_rate_hz

    @pytest.mark.parametrize("text", ["...", "—", "\x00", "\ud800 yes", "[[ yes ]]", "<break/>", "👍", ""])
    def test_odd_text_has_a_sound_too(self, child: EngineChild, voice: Voice, text: str) -> None:
        words = [SpokenWord(text=text), SpokenWord(text="end")]
        sound = child.speak(words, voice)
        assert len(sound.words) == 2
        assert sound.pcm

    def test_nothing_but_marks_has_a_sound(self, child: EngineChild, voice: Voice) -> None:
        assert len(child.speak(words_of("... —"), voice).words) == 2

    def test_many_utterances_leave_one_child(self, child: EngineChild, voice: Voice) -> None:
        child.speak(words_of("One."), voice)
        before = child.pid
        for number in range(10):
            child.speak(words_of(f"Number {number}."), voice)
        assert child.pid == before
