"""Pronunciations in IPA: what a voice takes from them, and what is refused by name."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tts_service.engines.espeak import espeak_input
from tts_service.engines.pronunciation.ipa import (
    BOUNDARY,
    MAX_IPA,
    PRIMARY,
    SECONDARY,
    alphabet_of,
    espeak_alphabet,
    named,
    piper_alphabet,
)
from tts_service.engines.pronunciation.ipa_check import IpaCheck
from tts_service.engines.voices.registry import Registry
from tts_service.errors import InputRefused
from tts_service.settings import Settings
from tts_service.values import SpokenWord

ENGLISH = "_^$ .,:;!?abcdefhijklmnopqrstuvwxyzæðŋɐɑɔəɚɛɜɡɪɹɾʃʊʌʒʔθᵻˈˌː\u0329"
"""Symbols of a small Piper voice."""


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    return Registry(Settings(_env_file=None, voices_dir=tmp_path_factory.mktemp("voices")))


def sounds(voice: str, ipa: str) -> str:
    alphabet = espeak_alphabet(voice)
    assert alphabet is not None
    read = alphabet.read(ipa)
    assert not read.unknown
    return "|".join(read.sounds)


@pytest.mark.parametrize(
    ("voice", "ipa", "spoken"),
    [
        ("en-us", "/ˈhɒl.ɪˌruːd/", "h|ˈ|ɑː|l|ɪ|ɹ|ˌ|uː|d"),
        ("en", "[ˈhɒlɪˌruːd]", "h|ˈ|ɒ|l|ɪ|ɹ|ˌ|uː|d"),
        ("en", "'gu:d", "ɡ|ˈ|uː|d"),
        ("en", "t͡ʃɜːt͡ʃ", "tʃ|ˈ|ɜː|tʃ"),
        ("en", "ˈtʰɛn ˌtɪn", "t|ˈ|ɛ|n| |t|ˌ|ɪ|n"),
        ("en-us", "ˈzʊərɪx", "z|ˈ|ʊɹ|ɪ|x"),
        ("en", "boʊn", "b|ˈ|əʊ|n"),
        ("en", "bəˈnɑːnə", "b|ə|n|ˈ|ɑː|n|ə"),
        ("de", "ˈmʏnçn̩", "m|ˈ|ʏ|n|ç|n̩"),
        ("de", "ˈʁaːtʰaʊ̯s", "ɾ|ˈ|ɑː|t|aʊ|s"),
        ("fr", "bɔ̃ʒuʁ", "b|ɔ̃|ʒ|u|ʁ"),
        ("es", "ˈxente", "x|ˈ|e|n|t|e"),
        ("it", "ˈɡwɛrːa", "ɡ|w|ˈ|ɛ|r|a"),
        ("en-gb-scotland", "ʊ", "ˈ|ʉ"),
    ],
)
def test_a_pronunciation_becomes_the_sounds_of_the_voice(voice: str, ipa: str, spoken: str) -> None:
    assert sounds(voice, ipa) == unicodedata.normalize("NFD", spoken)


@pytest.mark.parametrize(
    ("ipa", "unknown"),
    [("ǃkɑː", ("ǃ",)), ("yãɑːy", ("y", "ã")), ("bɑ(ː)t", ("(", ")")), ("˥ɑː", ("˥",)), ("[[bɑːt]]", ("[", "]"))],
)
def test_each_symbol_that_is_not_known_is_told_once(ipa: str, unknown: tuple[str, ...]) -> None:
    alphabet = espeak_alphabet("en-us")
    assert alphabet is not None
    assert alphabet.read(ipa).unknown == unknown
    assert alphabet.pronounced(ipa) == ()


def test_a_language_without_a_table_takes_none() -> None:
    assert espeak_alphabet("nl") is None
    assert espeak_input(SpokenWord(text="Torino.", ipa="toˈriːno"), None) == "Torino."


def test_espeaks_notation_holds_what_the_table_says_and_the_mark_behind_the_word() -> None:
    alphabet = espeak_alphabet("en-us")
    assert (
        espeak_input(SpokenWord(text="“Holyrood”,", ipa="ˈhɒlɪˌruːd wʊd"), alphabet) == "[[h|'|0|l|I|r|,|u:|d||w|U|d]],"
    )
    assert espeak_input(SpokenWord(text="Holyrood.", ipa="ǃ"), alphabet) == "Holyrood."
    assert espeak_input(SpokenWord(text="[[0]] a[b", ipa=None), alphabet) == "0 ab"


@given(st.text(max_size=60), st.one_of(st.none(), st.text(max_size=60), st.text("ˈˌːaɪʃ[]|'_^ \n0", max_size=40)))
def test_nobody_writes_espeaks_notation_but_the_table(text: str, ipa: str | None) -> None:
    alphabet = espeak_alphabet("en-us")
    assert alphabet is not None
    said = espeak_input(SpokenWord(text=text, ipa=ipa), alphabet)
    notation = re.fullmatch(r"\[\[([^\[\]]+)\]\][.,:;!?]?", said)
    if notation is None:
        assert "[" not in said and "]" not in said
        return
    known = {*alphabet.own.values(), *alphabet.foreign.values(), "'", ",", ""}
    assert set(notation[1].split("|")) <= known


def test_every_notation_of_the_table_is_harmless() -> None:
    rows = [
        line.split("\t")
        for line in Path("tts_service/engines/pronunciation/ipa.tsv").read_text(encoding="utf-8").splitlines()
    ]
    assert len({row[0] for row in rows}) >= 14
    for voice, sound, notation, kind in rows:
        assert kind in ("own", "near", "foreign"), (voice, sound)
        assert kind == "near" or re.fullmatch(r"[!-Z^-{}~]{1,4}", notation), (voice, sound, notation)


@given(st.text("hɒlɪruːdˈˌ.t͡ʃ̩̃yæǃ /[]()gːʰ ", max_size=30))
def test_only_sounds_of_the_voice_come_out(ipa: str) -> None:
    alphabet = espeak_alphabet("en")
    assert alphabet is not None
    read = alphabet.read(ipa)
    assert set(read.sounds) <= {*alphabet.own, *alphabet.foreign, PRIMARY, SECONDARY, BOUNDARY}
    assert alphabet.pronounced(ipa) == (() if read.unknown else read.sounds)


def test_a_piper_voice_says_the_sounds_of_its_language_that_its_model_has() -> None:
    alphabet = piper_alphabet("en-us", frozenset(ENGLISH))
    assert "".join(alphabet.pronounced("ˈhɒlɪruːd")) == "hˈɑːlɪɹuːd"
    assert alphabet.read("q").unknown == ("q",), "a symbol the model has, of a sound its language has not"
    assert "z" in piper_alphabet("nl", frozenset(ENGLISH)).own, "a language without a table: the model's own symbols"
    assert alphabet_of({"phoneme_type": "text", "espeak": {"voice": "en"}, "phoneme_id_map": {"a": [1]}}) is None


def test_a_symbol_that_no_voice_knows_is_refused_by_name(registry: Registry) -> None:
    with pytest.raises(InputRefused, match=r"ǃ \(U\+01C3 LATIN LETTER RETROFLEX CLICK\)") as refused:
        IpaCheck(registry, "en").spelled_by("ˈǃkoː")
    assert refused.value.details["symbols"] == ("ǃ",)
    with pytest.raises(InputRefused, match="No voice for 'nl' can say IPA"):
        IpaCheck(registry, "nl").spelled_by("toˈriːno")
    with pytest.raises(InputRefused, match=f"1 to {MAX_IPA}"):
        IpaCheck(registry, "en").spelled_by("a" * (MAX_IPA + 1))
    with pytest.raises(InputRefused, match=f"1 to {MAX_IPA}"):
        IpaCheck(registry, "en").spelled_by("//")


def test_voices_that_will_read_the_spelling_are_told(registry: Registry) -> None:
    spelled = {found.voice: found.symbols for found in IpaCheck(registry, "en-GB").spelled_by("ˈβɪlə")}
    assert spelled["piper:en_US-joe-medium"] == ("β",)
    assert "pyttsx3:en" not in spelled
    assert IpaCheck(registry, "en").spelled_by("ˈbɪlə") == ()


def test_a_symbol_is_named_with_its_marks() -> None:
    assert named("ã") == "ã (U+00E3 LATIN SMALL LETTER A WITH TILDE)"
    assert named("b\u030b") == "b\u030b (U+0062 LATIN SMALL LETTER B + U+030B COMBINING DOUBLE ACUTE ACCENT)"
