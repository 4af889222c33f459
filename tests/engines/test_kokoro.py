"""Kokoro's voices: what the contract of all engines doesn't ask for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.parts.kokoro_styles import kokoro
from tts_service.engines import kokoro as engine_file
from tts_service.engines.kokoro import MOST_SYMBOLS, MOST_TOKENS, SPEAKERS, STYLES_FOLDER, KokoroEngine, blended
from tts_service.engines.voices.registry import Registry
from tts_service.errors import VoiceNotFound, VoiceRefused
from tts_service.settings import Settings
from tts_service.values import SpokenWord, Voice

NEWS = "Sie sagte: „Damit rechnet niemand“ – und zahlte fünf Euro."


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KokoroEngine]:
    engine = kokoro(tmp_path_factory.mktemp("voices"))
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def voices(engine: KokoroEngine) -> dict[str, Voice]:
    return {voice.name: voice for voice in engine.voices()}


def words_of(text: str) -> list[SpokenWord]:
    return [SpokenWord(text=word) for word in text.split()]


def as_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if Kokoro's packages were installed."""
    monkeypatch.setattr(engine_file, "version", lambda package: "1")


def style(folder: Path, name: str, value: float) -> str:
    """Writes a style; its SHA-256."""
    content = np.full((MOST_TOKENS, 1, 256), value, np.float32).tobytes()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.bin").write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def test_a_voice_is_there_if_its_styles_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    as_installed(monkeypatch)
    for name in ("if_sara", "ff_siwis"):
        style(tmp_path / STYLES_FOLDER, name, 0.0)
    assert [voice.name for voice in KokoroEngine(tmp_path).voices()] == ["df_sara_siwis", "ff_siwis", "if_sara"]


def test_without_a_style_the_engine_says_where_they_belong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    as_installed(monkeypatch)
    registry = Registry(Settings(voices_dir=tmp_path))
    assert str(tmp_path / STYLES_FOLDER) in registry.absent["kokoro"]
    with pytest.raises(VoiceNotFound, match=str(tmp_path / STYLES_FOLDER)):
        registry.find("kokoro:ff_siwis")


def test_a_voice_is_the_weighted_sum_of_its_styles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hashes = {name: style(tmp_path, name, value) for name, value in (("one", 1.0), ("other", 5.0))}
    monkeypatch.setattr(engine_file, "STYLES_SHA256", hashes)
    rows = blended({"one": 0.75, "other": 0.25}, tmp_path)
    assert rows.shape == (MOST_TOKENS, 256)
    assert np.unique(rows).tolist() == [2.0]


def test_another_style_than_the_measured_one_is_refused(tmp_path: Path) -> None:
    style(tmp_path, "ff_siwis", 0.0)
    with pytest.raises(VoiceRefused, match=r"ff_siwis\.bin"):
        blended({"ff_siwis": 1.0}, tmp_path)


def test_a_style_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(VoiceNotFound, match="ff_siwis"):
        blended({"ff_siwis": 1.0}, tmp_path)


def test_another_model_than_the_measured_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "another_kokoro_part"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "part.bin").write_bytes(b"no model")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(engine_file, "PARTS", (package.name,))
    with pytest.raises(VoiceRefused, match="pinned versions"):
        engine_file._loaded()


def test_every_voice_names_its_model_and_styles() -> None:
    assert {style for speaker in SPEAKERS.values() for style in speaker.styles} == set(engine_file.STYLES_SHA256)
    for speaker in SPEAKERS.values():
        assert sum(speaker.styles.values()) == pytest.approx(1.0)
        assert speaker.gain_db


@pytest.mark.slow
class TestModel:
    def test_the_same_words_are_the_same_samples(self, engine: KokoroEngine, voices: dict[str, Voice]) -> None:
        first = engine.speak(words_of(NEWS), voices["df_sara_siwis"])
        engine.speak(words_of("Oui."), voices["ff_siwis"])
        engine.close()
        assert engine.speak(words_of(NEWS), voices["df_sara_siwis"]) == first

    def test_each_word_has_the_time_of_its_own_sounds(self, engine: KokoroEngine, voices: dict[str, Voice]) -> None:
        whole = engine.speak(words_of(NEWS), voices["df_sara_siwis"])
        said = [time for word, time in zip(NEWS.split(), whole.words, strict=True) if any(map(str.isalnum, word))]
        assert min(time.end_ms - time.start_ms for time in said) >= 50
        assert all(one.end_ms <= other.start_ms for one, other in pairwise(said))

    def test_a_long_sentence_is_spoken_in_parts(
        self, engine: KokoroEngine, voices: dict[str, Voice], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        words = words_of("heute und morgen und wieder und immer und ewig Ende")
        whole = engine.speak(words, voices["df_sara_siwis"])
        monkeypatch.setattr(engine_file, "MOST_SYMBOLS", 20)
        sound = engine.speak(words, voices["df_sara_siwis"])
        assert sound.pcm != whole.pcm
        starts = np.array([word.start_ms for word in sound.words])
        assert (np.diff(starts) > 50).all()
        assert all(one.end_ms <= other.start_ms for one, other in pairwise(sound.words))
        assert longest_silence_ms(sound.pcm) < 300

    def test_the_longest_part_is_one_that_the_model_takes(self) -> None:
        assert MOST_SYMBOLS <= MOST_TOKENS

    def test_another_voice_is_not_found(self, engine: KokoroEngine, voices: dict[str, Voice]) -> None:
        nobody = replace(voices["ff_siwis"], name="nobody")
        for asked in (engine.alphabet, lambda voice: engine.pronounce("oui", voice)):
            with pytest.raises(VoiceNotFound):
                asked(nobody)


def longest_silence_ms(pcm: bytes) -> float:
    samples = np.abs(np.frombuffer(pcm, np.int16).astype(float))
    loud = np.flatnonzero(samples > samples.max() / 100)
    return float(np.diff(loud).max()) * 1000 / engine_file.RATE_HZ
