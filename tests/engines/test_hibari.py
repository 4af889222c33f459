"""The voice of hibari-tts: what the contract of all engines doesn't ask for."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("hibari", reason="the extra hibari isn't installed")

from tts_service.engines import hibari
from tts_service.engines.hibari import MOST_PHONEMES, HibariEngine, hibari_alphabet
from tts_service.engines.models.symbols import symbol_runs
from tts_service.engines.models.word_times import STRESS
from tts_service.errors import VoiceNotFound, VoiceRefused
from tts_service.values import SpokenWord, Voice

NEWS = "He said: “It came out of the blue,” — and paid one point five million dollars for the bridge."


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HibariEngine]:
    engine = HibariEngine(tmp_path_factory.mktemp("voices"))
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def voice(engine: HibariEngine) -> Voice:
    return engine.voices()[0]


def words_of(text: str) -> list[SpokenWord]:
    return [SpokenWord(text=word) for word in text.split()]


def test_the_same_words_are_the_same_samples(engine: HibariEngine, voice: Voice) -> None:
    first = engine.speak(words_of(NEWS), voice)
    engine.speak(words_of("Something else in between."), voice)
    engine.close()
    assert engine.speak(words_of(NEWS), voice) == first


@pytest.mark.parametrize(
    "text",
    [
        "R J Smith and the well-known St John’s read-out, [yes](/no/) don't",
        "The U.S. team, a.m. and p.m., AT&T's (so-called) “A.I.” lab",
        "rock'n'roll O'Neill 3-2 42nd and/or C++ x² http://a.b/c e-mail@example.org",
        "— “ ” … ( ) the end",
    ],
)
def test_each_written_word_has_the_time_of_its_own_sounds(engine: HibariEngine, voice: Voice, text: str) -> None:
    """A word that is left out of the sentence takes its time with it, and no other's."""
    whole = engine.speak(words_of(text), voice)
    said = [
        (word, time)
        for word, time in zip(text.split(), whole.words, strict=True)
        if any(map(str.isalnum, word)) or word in ("&", "%")
    ]
    lengths = [time.end_ms - time.start_ms for _, time in said]
    assert lengths[0] > 15 and min(lengths[1:]) >= 50, said
    assert all(one.end_ms <= other.start_ms for (_, one), (_, other) in pairwise(said))


@pytest.mark.parametrize(
    "text",
    ["Київ", "Москва", "中国", "שלום", "مرحبا", "ا", "Ωmega", "٣", "Ⅳ", "Ḥasan", "Nguyễn", "\U0003134a", "ꙮ", "กา"],
)
def test_no_letters_are_lost(engine: HibariEngine, voice: Voice, text: str) -> None:
    assert any(unicodedata.category(sound)[0] == "L" for sound in engine.pronounce(text, voice))


def test_letters_of_another_script_are_said_as_they_sound(engine: HibariEngine, voice: Voice) -> None:
    assert engine.pronounce("Москва", voice) == engine.pronounce("Moskva", voice)


@pytest.mark.parametrize(
    ("text", "sounds"),
    [
        ("an A I tool", "eɪ ˌaɪ"),
        ("an M B A and", "bˈi ˈeɪ æ"),
        ("the “A I”, too", "ˈeɪ ˈaɪ"),
        ("the U S A. won", "ˈɛs ˈeɪ w"),
        ("A car", "ɐ kˈ"),
        ("vitamin A helps", "ˈeɪ h"),
    ],
)
def test_an_a_among_letters_is_a_letter_and_no_article(
    engine: HibariEngine, voice: Voice, text: str, sounds: str
) -> None:
    assert sounds in engine.pronounce(text, voice)


def test_a_pronunciation_changes_its_word_and_keeps_the_mark(engine: HibariEngine, voice: Voice) -> None:
    words = [SpokenWord(text="The"), SpokenWord(text="“Holyrood”,", ipa="ˈhɒl.ɪˌruːd"), SpokenWord(text="team")]
    said, owners = engine._readers(voice.language).phonemes(words)
    assert said.strip() == "ðə hˈɑlɪɹˌud, tˈim"
    assert [owners.count(index) for index in range(3)] == [2, 9, 4]


def test_every_sound_of_the_table_is_one_that_the_voice_knows(engine: HibariEngine, voice: Voice) -> None:
    known = engine._readers(voice.language).ids
    alphabet = hibari_alphabet()
    assert all(symbol in known for notation in alphabet.own.values() for symbol in notation)
    assert all(mark in known for mark in STRESS)
    assert alphabet.read("ʘø").unknown == ("ʘ", "ø")


def test_a_sentence_without_an_end_is_spoken_in_parts(engine: HibariEngine, voice: Voice) -> None:
    words = words_of("perhaps " * 300 + "end")
    runs = list(symbol_runs(engine._readers(voice.language).phonemes(words)[0], MOST_PHONEMES))
    assert max(run.stop - run.start for run in runs) <= MOST_PHONEMES
    sound = engine.speak(words, voice)
    starts = np.array([word.start_ms for word in sound.words])
    assert (np.diff(starts) > 50).all()


def test_the_words_keep_their_order_in_one_endless_word(engine: HibariEngine, voice: Voice) -> None:
    sound = engine.speak(words_of(f"before {'bla' * 2_000} after"), voice)
    assert [word.start_ms for word in sound.words] == sorted(word.start_ms for word in sound.words)
    assert sound.words[2].end_ms - sound.words[2].start_ms > 50


def test_an_unmeasured_model_is_refused(voice: Voice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heart = hibari._CATALOGUE["heart"]
    file = replace(heart.files[0], sha256="0" * 64)
    monkeypatch.setitem(hibari._CATALOGUE, "heart", replace(heart, files=(file,)))
    with pytest.raises(VoiceRefused, match="pinned version"):
        HibariEngine(tmp_path).speak(words_of("Yes."), voice)


def test_another_voice_is_not_found(engine: HibariEngine, voice: Voice) -> None:
    with pytest.raises(VoiceNotFound):
        engine.alphabet(replace(voice, name="emma"))
