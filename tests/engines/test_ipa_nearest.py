"""Pronunciations of another language in the sounds that a voice has."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tts_service.engines.pronunciation.ipa import Alphabet, espeak_alphabet
from tts_service.engines.pronunciation.ipa_nearest import _NEAREST, nearest


def alphabet(voice: str) -> Alphabet:
    found = espeak_alphabet(voice)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("ipa", "voice", "said"),
    [
        ("makʁˈɔ̃", "en-us", "makʁˈɔ̃"),
        ("ʃrˈøːdɜ", "en-us", "ʃrˈɜːdɜ"),
        ("hˈaʊs", "en-us", "hˈaʊs"),
        ("/xˈonson/", "en-us", "xˈonson"),
        ("θˈatʃə", "de", "θˈatʃə"),
        ("ǃkoː", "en-us", None),
        ("", "en-us", None),
    ],
)
def test_foreign_sounds_become_the_nearest(ipa: str, voice: str, said: str | None) -> None:
    assert nearest(ipa, alphabet(voice)) == said


def test_a_voice_with_few_sounds() -> None:
    few = Alphabet(own={sound: sound for sound in ["m", "a", "k", "ɹ", "n", "ɔ", "ʃ", "d", "ɜː", "ə", "l", "j"]})
    assert nearest("makʁˈɔ̃", few) == "makɹˈɔn"
    assert nearest("ʃrˈøːd", few) == "ʃɹˈɜːd"
    assert nearest("muʎˈeɾ", few) is None


@given(st.lists(st.sampled_from([*_NEAREST, "m", "ˈ", "ː", "ɔ̃", "ɑ̃", "t", "ǃ"]), max_size=12).map("".join))
def test_what_it_gives_the_voice_can_say(ipa: str) -> None:
    for voice in ("en-us", "de", "fr", "es", "it"):
        said = nearest(ipa, alphabet(voice))
        if said is not None:
            read = alphabet(voice).read(said)
            assert read.sounds
            assert not read.unknown
