"""Voices added by hand: tried, measured, kept by hash."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from onnx import TensorProto, helper, numpy_helper
from onnx import save as save_onnx

from tests.parts.tiny_voice import FRAMES, HOP, RATE_HZ, tiny_model, write_tiny_voice
from tts_service.engines.child.speak import EngineChild
from tts_service.engines.piper import joe_files
from tts_service.engines.voices.adding import add_voice
from tts_service.engines.voices.calibration import TARGET_LUFS, integrated_lufs
from tts_service.engines.voices.catalogue import catalogue_voice
from tts_service.engines.voices.registry import Registry
from tts_service.engines.voices.voice_files import read_facts
from tts_service.errors import VoiceNotFound, VoiceRefused
from tts_service.settings import Settings
from tts_service.values import SpokenWord

pytestmark = pytest.mark.slow

WORDS = [SpokenWord(text=word) for word in ["the", "old", "bridge", "of", "the", "town"]]


@pytest.fixture
def voices_folder(tmp_path: Path) -> Path:
    return tmp_path / "voices"


@pytest.fixture
def child(voices_folder: Path) -> Iterator[EngineChild]:
    with EngineChild(Settings(voices_dir=voices_folder)) as child:
        yield child


def test_an_added_voice_speaks_with_exact_word_times(tmp_path: Path, voices_folder: Path, child: EngineChild) -> None:
    path = write_tiny_voice(tmp_path / "de_DE-tinynnox.onnx", language="de_DE")
    voice = add_voice(path, licence="CC0-1.0", voices_folder=voices_folder).voice
    assert (voice.id, voice.language, voice.sample_rate_hz) == ("piper:de_DE-tinynnox", "de-DE", RATE_HZ)
    assert Registry(Settings(voices_dir=voices_folder)).find(voice.id) == voice
    sound = child.speak(WORDS, voice)
    phoneme_ms = 2 * HOP * FRAMES * 1000 / RATE_HZ  # and the pad behind each
    phonemes = [(word.end_ms - word.start_ms) / phoneme_ms for word in sound.words[:-1]]
    assert phonemes == pytest.approx([round(count) for count in phonemes])
    assert all(1 <= count <= 8 for count in phonemes)
    assert len(sound.words) == len(WORDS)
    assert integrated_lufs(sound.pcm, RATE_HZ) + voice.gain_db == pytest.approx(TARGET_LUFS, abs=1.0)


def test_the_default_for_its_language_is_the_added_voice(tmp_path: Path, voices_folder: Path) -> None:
    add_voice(write_tiny_voice(tmp_path / "a.onnx", language="de_DE"), licence="x", voices_folder=voices_folder)
    assert Registry(Settings(voices_dir=voices_folder)).default_voice("de-AT").id == "piper:a"


def test_a_voice_without_phoneme_lengths_gets_estimated_times(
    tmp_path: Path, voices_folder: Path, child: EngineChild
) -> None:
    path = write_tiny_voice(tmp_path / "plain.onnx", durations=False)
    sound = child.speak(WORDS, add_voice(path, licence="x", voices_folder=voices_folder).voice)
    starts = [word.start_ms for word in sound.words]
    assert starts == sorted(set(starts))


def test_a_real_voice_is_rewritten_and_both_hashes_are_kept(
    tmp_path: Path, voices_folder: Path, child: EngineChild
) -> None:
    model, config = joe_files()
    for given, name in ((model, "joe.onnx"), (config, "joe.onnx.json")):
        (tmp_path / name).symlink_to(given)
    added = add_voice(tmp_path / "joe.onnx", licence="x", voices_folder=voices_folder)
    assert added.rewriting.done, added.rewriting.reason
    facts = read_facts(voices_folder / "joe")
    given_sha256 = catalogue_voice("piper:en_US-joe-medium").files[0].sha256
    assert facts.given_sha256 == given_sha256 != facts.sha256
    assert sorted(path.name for path in (voices_folder / "joe").iterdir()) == [
        "model.onnx",
        "model.onnx.json",
        "voice.json",
    ]
    assert len(child.speak(WORDS, added.voice).words) == len(WORDS)


def test_a_changed_model_is_not_loaded(tmp_path: Path, voices_folder: Path, child: EngineChild) -> None:
    voice = add_voice(write_tiny_voice(tmp_path / "a.onnx"), licence="x", voices_folder=voices_folder).voice
    save_onnx(tiny_model(0.3, True), str(voices_folder / "a" / "model.onnx"))
    with pytest.raises(VoiceRefused, match="has changed since it was added"):
        child.speak(WORDS, voice)


def test_a_removed_voice_is_not_found(tmp_path: Path, voices_folder: Path, child: EngineChild) -> None:
    voice = add_voice(write_tiny_voice(tmp_path / "a.onnx"), licence="x", voices_folder=voices_folder).voice
    (voices_folder / "a" / "voice.json").unlink()
    with pytest.raises(VoiceNotFound):
        child.speak(WORDS, voice)


class TestRefused:
    def refused(self, path: Path, voices_folder: Path, reason: str, name: str | None = None) -> None:
        before = sorted(voices_folder.iterdir()) if voices_folder.exists() else []
        with pytest.raises(VoiceRefused, match=reason):
            add_voice(path, licence="x", voices_folder=voices_folder, name=name)
        assert (sorted(voices_folder.iterdir()) if voices_folder.exists() else []) == before

    def test_without_its_configuration(self, tmp_path: Path, voices_folder: Path) -> None:
        path = write_tiny_voice(tmp_path / "a.onnx")
        (tmp_path / "a.onnx.json").unlink()
        self.refused(path, voices_folder, r"a\.onnx\.json is missing")

    def test_with_a_configuration_of_something_else(self, tmp_path: Path, voices_folder: Path) -> None:
        path = write_tiny_voice(tmp_path / "a.onnx")
        (tmp_path / "a.onnx.json").write_text(json.dumps({"name": "x"}), encoding="utf-8")
        self.refused(path, voices_folder, "not the configuration of a Piper voice")

    def test_a_file_that_is_no_model(self, tmp_path: Path, voices_folder: Path) -> None:
        path = write_tiny_voice(tmp_path / "a.onnx")
        path.write_bytes(b"not a model")
        self.refused(path, voices_folder, "can't be used")

    def test_a_silent_voice(self, tmp_path: Path, voices_folder: Path) -> None:
        self.refused(write_tiny_voice(tmp_path / "a.onnx", amplitude=0.0), voices_folder, "produced no sound")

    def test_a_model_that_reads_other_files(self, tmp_path: Path, voices_folder: Path) -> None:
        path = write_tiny_voice(tmp_path / "a.onnx")
        model = tiny_model(0.2, True)
        tensor = numpy_helper.to_array(model.graph.initializer[0])
        outside = helper.make_tensor("tone", TensorProto.FLOAT, tensor.shape, tensor.tobytes(), raw=True)
        outside.ClearField("raw_data")
        outside.data_location = TensorProto.EXTERNAL
        outside.external_data.add(key="location", value="../../etc/passwd")
        model.graph.initializer[0].CopyFrom(outside)
        path.write_bytes(model.SerializeToString())
        self.refused(path, voices_folder, "weights in other files")

    @pytest.mark.parametrize("name", ["../up", "a/b", ".hidden", "", "x" * 65])
    def test_a_name_that_is_no_folder(self, tmp_path: Path, voices_folder: Path, name: str) -> None:
        path = write_tiny_voice(tmp_path / "b c.onnx")
        self.refused(path, voices_folder, "is not a valid voice name", name)

    def test_a_name_that_is_taken(self, tmp_path: Path, voices_folder: Path) -> None:
        path = write_tiny_voice(tmp_path / "a.onnx")
        add_voice(path, licence="x", voices_folder=voices_folder)
        self.refused(path, voices_folder, "There is already a voice piper:a")
