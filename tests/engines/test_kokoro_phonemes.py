"""What Kokoro's model is given to say."""

from __future__ import annotations

import unicodedata

import pytest

pytest.importorskip("espeakng_loader", reason="the extra espeak isn't installed")
pytest.importorskip("anyascii", reason="the extra kokoro isn't installed")

from tts_service.engines.espeak import ipa_of
from tts_service.engines.kokoro_phonemes import NOTATIONS, PhonemeReader, kokoro_alphabet, notation, vocabulary
from tts_service.engines.pronunciation.ipa import espeak_alphabet
from tts_service.values import SpokenWord

LANGUAGES = sorted(NOTATIONS)
ODD = (
    "R J Smith, [yes](/no/) don't",
    "The U.S. team, a.m. AT&T's (so-called) “A.I.” lab",
    "rock'n'roll O'Neill 3-2 42 and/or C++ x² http://a.b/c e-mail@example.org",
    "— “ ” … ( ) the end",
    "„Nein“, sagte l’homme : « Qué ? » ¿No? ¡Sí!",
    "Update (Weekend) Team Computer",
)
OTHER_LETTERS = "Київ Москва 中国 שלום مرحبا ا Ωmega ٣ Ⅳ Ḥasan Nguyễn \U0003134a ꙮ กา Łódź Čech Şişli Őr ĖȘ ¾"


def words_of(text: str) -> list[SpokenWord]:
    return [SpokenWord(text=word) for word in text.split()]


def said(language: str, text: str) -> str:
    return PhonemeReader(language, ipa_of).symbols(words_of(text)).text


@pytest.mark.parametrize(
    ("language", "text", "symbols"),
    [
        ("de", "Der Garten hinterm Haus, heute!", "dɛʁ ɡˈaʁtən hˈɪntɐm hˈWs, hˈYtə!"),
        ("de", "„Jetzt“ – zehn Züge", "jˌɛʦt— ʦˈeːn ʦˈyːɡə"),
        ("de", "Rechts das Update", "ʁˈɛçʦ das ˈʌpdAt"),
        ("de-tapped", "Rechts der Garten", "ɾˈɛçʦ dɛɾ ɡˈaɾtən"),
        ("fr", "Les enfants, un bon vin : oui", "lez ɑ̃fˈɑ̃, œ̃ bˈɔ̃ vˈɛ̃: wˈi"),
        ("es", "El niño quiere queso.", "el nˈiɲo kjˈeɾe kˈeso."),
        ("it", "Gli amici della zia…", "ʎɪ amˈiʧɪ dˌella ʣˈia…"),
        ("en", "The old house, though?", "ðɪ ˈQld hˈWs, ðˌQ?"),
    ],
)
def test_a_sentence_is_written_as_the_model_learnt_it(language: str, text: str, symbols: str) -> None:
    assert said(language, text) == symbols


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sound_of_a_language_has_a_symbol(language: str) -> None:
    spoken = espeak_alphabet(language)
    assert spoken is not None
    letters = {letter for sound in spoken.own for letter in unicodedata.normalize("NFC", sound) if letter.isalpha()}
    assert [letter for letter in sorted(letters) if not notation(letter, language)] == []
    assert all(symbol in vocabulary() for text in kokoro_alphabet(language).own.values() for symbol in text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ODD)
def test_each_written_word_has_symbols_of_its_own(language: str, text: str) -> None:
    words = words_of(text)
    sentence = PhonemeReader(language, ipa_of).symbols(words)
    owners = [owner for owner in sentence.owners if owner is not None]
    assert len(sentence.text) == len(sentence.owners)
    assert owners == sorted(owners)
    silent = {index for index, word in enumerate(words) if not any(map(str.isalnum, word.text))}
    assert set(range(len(words))) - set(owners) <= silent


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", OTHER_LETTERS.split(" "))
def test_no_letters_are_lost(language: str, text: str) -> None:
    sentence = PhonemeReader(language, ipa_of).symbols(words_of(f"a {text} o"))
    letters = [
        owner
        for symbol, owner in zip(sentence.text, sentence.owners, strict=True)
        if unicodedata.category(symbol)[0] == "L"
    ]
    assert set(letters) >= {0, 1, 2}


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_of_another_script_are_said_as_they_sound(language: str) -> None:
    assert said(language, "Москва") == said(language, "Moskva")
    assert said(language, "e\u0301t") == said(language, "ét")


def test_a_pronunciation_changes_its_word_and_keeps_the_mark() -> None:
    words = [SpokenWord(text="Die"), SpokenWord(text="„Elbphi“,", ipa="ˈɛlpfi"), SpokenWord(text="singt")]
    sentence = PhonemeReader("de", ipa_of).symbols(words)
    assert sentence.text == "diː ˈɛlpfi, zˈɪŋt"
    assert [sentence.owners.count(index) for index in range(3)] == [3, 6, 5]


def test_a_pronunciation_with_sounds_of_another_language_isnt_used() -> None:
    words = [SpokenWord(text="Haus", ipa="ʘa")]
    assert PhonemeReader("de", ipa_of).symbols(words).text == said("de", "Haus")
    assert kokoro_alphabet("de").read("ʘa").unknown == ("ʘ",)
