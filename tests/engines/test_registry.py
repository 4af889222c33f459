"""Finding voices, without loading any."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.parts.places import ROOT
from tts_service.engines import installed
from tts_service.engines.espeak import DEFAULT_GAIN_DB, gain_db
from tts_service.engines.tone import FAULTY
from tts_service.engines.voices.languages import closeness, written
from tts_service.engines.voices.order import VoiceReason
from tts_service.engines.voices.registry import Registry
from tts_service.errors import LanguageNotSpoken, VoiceNotFound
from tts_service.settings import Settings

LISTING = """
import sys
from importlib.util import find_spec
from pathlib import Path
from tts_service.engines.voices.registry import Registry
from tts_service.settings import Settings
assert len(Registry(Settings()).voices()) > 1
loaded = {"onnxruntime", "piper", "pyttsx3", "numba"} & set(sys.modules)
maps = Path("/proc/self/maps").read_text()
print(loaded or "nothing", "espeak" in maps, "onnx" in maps)
"""


HIBARI = pytest.mark.skipif(find_spec("hibari") is None, reason="the extra hibari isn't installed")


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(Settings(voices_dir=tmp_path))


def test_a_list_of_voices_loads_no_engine(tmp_path: Path) -> None:
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", LISTING], cwd=tmp_path, env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["nothing", "False", "False"]


def test_every_listed_voice_is_found_and_names_its_licence(registry: Registry) -> None:
    voices = registry.voices()
    assert len(voices) > 100
    assert len({voice.id for voice in voices}) == len(voices)
    for voice in voices:
        assert registry.find(voice.id) == voice
        assert voice.licence
        assert voice.fingerprint


@pytest.mark.parametrize(
    ("language", "voice"),
    [
        pytest.param("en", "hibari:heart", marks=HIBARI),
        pytest.param("en-GB", "hibari:heart", marks=HIBARI),
        ("de", "pyttsx3:de"),
        ("de-AT", "pyttsx3:de"),
        ("de_CH", "pyttsx3:de"),
        ("PT-br", "pyttsx3:pt-br"),
        ("pt", "pyttsx3:pt"),
        ("fr-CH", "pyttsx3:fr-ch"),
        ("fr", "pyttsx3:fr"),
        ("es-MX", "pyttsx3:es"),
        ("zh-Hans-CN", "pyttsx3:cmn"),
        ("no", "pyttsx3:nb"),
    ],
)
def test_the_default_voice_speaks_the_language(registry: Registry, language: str, voice: str) -> None:
    assert registry.default_voice(language).id == voice


@pytest.mark.parametrize(("language", "voice"), [("en", "pyttsx3:en"), ("en-US", "pyttsx3:en-us")])
def test_english_without_a_trained_voice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, voice: str
) -> None:
    without(monkeypatch, "hibari", "piper")
    choice = Registry(Settings(voices_dir=tmp_path)).choice(language)
    assert (choice.voice.id, choice.reason, choice.missing) == (voice, VoiceReason.RULES, ("hibari:heart",))


def test_a_site_keeps_its_default_and_leaves_the_others(registry: Registry) -> None:
    before = registry.default_voice("en")
    kept = registry.keeping({"en": "pyttsx3:en-us"})
    assert kept.default_voice("en_GB").id == "pyttsx3:en-us"
    assert kept.default_voice("de") == registry.default_voice("de")
    assert registry.default_voice("en") == before


@pytest.mark.parametrize("language", ["tlh", "", "x", "-", "e", "und"])
def test_a_language_without_a_voice(registry: Registry, language: str) -> None:
    with pytest.raises(LanguageNotSpoken, match="Languages with a voice: af, am"):
        registry.default_voice(language)


def test_an_unknown_voice_is_told_the_nearest_ones(registry: Registry) -> None:
    with pytest.raises(
        VoiceNotFound, match=r"Unknown voice 'piper:en-joe'\. Voices: piper:en_US-joe-medium, .* …"
    ) as caught:
        registry.find("piper:en-joe")
    assert len(str(caught.value)) < 400


def test_a_long_name_makes_no_long_message(registry: Registry) -> None:
    with pytest.raises(VoiceNotFound) as caught:
        registry.find("x" * 100_000)
    assert len(str(caught.value)) < 500


def without(monkeypatch: pytest.MonkeyPatch, *engines: str) -> None:
    monkeypatch.setattr(installed, "entry_points", lambda group: [])
    for engine in engines:
        monkeypatch.setitem(installed.BUILT_IN, engine, "tts_service.engines.not_there:Engine")


def test_a_missing_engine_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "piper")
    registry = Registry(Settings(voices_dir=tmp_path))
    assert "not_there" in registry.absent["piper"]
    with pytest.raises(VoiceNotFound, match="The engine piper is not available"):
        registry.find("piper:en_US-joe-medium")


def test_the_faulty_voice_is_never_offered_and_found_in_tests_only(registry: Registry, tmp_path: Path) -> None:
    testing = Registry(Settings(voices_dir=tmp_path, test_voices=True))

    assert FAULTY not in testing.voices()
    assert testing.find("tone:faulty") == FAULTY
    with pytest.raises(VoiceNotFound):
        registry.find("tone:faulty")


@pytest.mark.parametrize(
    ("tag", "right"),
    [("en_us", "en-US"), ("CMN-latn-pinyin", "cmn-Latn-pinyin"), ("en-gb-x-rp", "en-GB-x-rp"), ("es-419", "es-419")],
)
def test_tags_are_written_right(tag: str, right: str) -> None:
    assert written(tag) == right


@pytest.mark.parametrize(
    ("voice", "gain"), [("en-us", 6.5), ("en-gb-scotland", 5.2), ("fr-be", 6.5), ("ru", 9.4), ("sv", DEFAULT_GAIN_DB)]
)
def test_a_gain_is_the_voices_own_or_its_languages_or_the_usual(voice: str, gain: float) -> None:
    assert gain_db(voice) == gain


def test_a_nearer_language_is_closer() -> None:
    assert closeness("de-at", "de-AT") > closeness("de-at", "de") > closeness("de-at", "de-CH") > 0
    assert closeness("de", "nl") == 0
