"""Suggestions for a misread word: from the lexicon, from the rules, from other voices."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tts_service.corrections.trials.present import PresentReading
from tts_service.corrections.trials.suggestions import SuggestionKind, _of_rules, suggestions
from tts_service.engines.child.speak import EngineChild
from tts_service.errors import EngineUnavailable, InputRefused
from tts_service.newsroom.lexicon import add
from tts_service.newsroom.lexicon_place import Place
from tts_service.parts import Parts
from tts_service.speakable.lexeme import Lexeme
from tts_service.values import Voice


class Tells:
    """Says what it was told to; "" for other languages."""

    def __init__(self, **ipa: str) -> None:
        self._ipa = ipa

    def pronounce(self, text: str, voice: Voice) -> str:
        return self._ipa.get(voice.language.split("-")[0], "")


class Broken:
    def pronounce(self, text: str, voice: Voice) -> str:
        raise EngineUnavailable("it is gone", cause="start")


def found(parts: Parts, word: str, language: str = "en", **tells: str) -> list[tuple[str, str, str]]:
    """(kind, detail, what is said) of each."""
    made = suggestions(parts, Tells(**tells), word, language, site="gazette")
    return [(one.kind.value, one.detail, one.alias or f"/{one.ipa}/") for one in made]


def test_numbers_and_dates_have_other_readings(parts: Parts) -> None:
    assert found(parts, "1984") == [
        ("reading", "cardinal", "one thousand nine hundred eighty-four"),
        ("reading", "ordinal", "one thousand nine hundred eighty-fourth"),
        ("reading", "digits", "one nine eight four"),
    ]
    assert ("reading", "date mdy", "4. März 2024") in found(parts, "3.4.2024", "de")


def test_capitals_are_spelled_or_one_word(parts: Parts) -> None:
    assert found(parts, "NATO") == [("spelled", "", "N A T O")]
    assert found(parts, "BBC") == [("word", "", "Bbc")]
    assert found(parts, "7") == [("reading", "ordinal", "seventh")]


def test_what_is_said_already_is_no_suggestion(parts: Parts) -> None:
    def kinds(word: str, now: PresentReading, **tells: str) -> list[str]:
        return [one.kind.value for one in suggestions(parts, Tells(**tells), word, "en", now=now)]

    assert kinds("NATO", PresentReading(spoken="N A T O")) == ["word"]
    year = PresentReading(spoken="nineteen eighty-four")
    cardinal = PresentReading(spoken="one thousand nine hundred eighty-four")
    assert found(parts, "1984")[0][1] == "cardinal"
    assert kinds("1984", year) == kinds("1984", cardinal) == ["reading"] * 3
    said = {"en": "ˈlɪndkvɪst", "de": "lɪntˈkvɪst"}
    assert kinds("Lindqvist", PresentReading(spoken="Lindqvist"), **said) == ["spelled", "language"]
    assert kinds("Lindqvist", PresentReading(spoken="Lindqvist", ipa="/lɪntˈkvɪst/"), **said) == ["spelled", "voice"]


def test_what_voices_of_this_and_other_languages_say(parts: Parts) -> None:
    lexeme = Lexeme(graphemes=("Lindqvist",), language="en", ipa="lɪndˈkwɪst")
    add(parts.database, parts.voices, Place.of(), lexeme, author="test")
    said = found(parts, "Lindqvist", en="ˈlɪndkvɪst", de="lɪntˈkvɪst", fr="ǃǃ", it="ˈlɪndkvɪst")
    assert said[1:] == [
        ("voice", "pyttsx3:en", "/ˈlɪndkvɪst/"),
        ("language", "de", "/lɪntˈkvɪst/"),
    ]


def test_the_voice_that_reads_the_word_can_say_what_is_suggested(parts: Parts) -> None:
    lexeme = Lexeme(graphemes=("Holyrood",), language="en", ipa="ˈhɒlɪˌruːd")
    add(parts.database, parts.voices, Place.of("herald"), lexeme, author="test")

    def ipa(voice: str | None) -> list[str | None]:
        found = suggestions(parts, Tells(de="ˈhoːlyːˌʁoːt"), "Holyrood", "en", site="gazette", voice=voice)
        return [one.ipa for one in found if one.ipa]

    assert ipa("pyttsx3:en-us") == ipa(None) == ipa("piper:not-installed") == ["ˈhɒlɪˌruːd", "ˈhoːluːˌʁoːt"]
    # A variety of English whose voice has no "h": the entry is left out, the German sounds are put into its own.
    assert ipa("pyttsx3:en-gb-x-gbcwmd") == ["ˈxoːluːˌʁoːt"]
    assert ipa("tone:beep") == []


def test_a_voice_that_can_not_be_asked_suggests_nothing(parts: Parts) -> None:
    assert [one.kind for one in suggestions(parts, Broken(), "Lindqvist", "en")] == [SuggestionKind.SPELLED]


def test_entries_for_the_same_and_for_similar_words(parts: Parts) -> None:
    def enter(place: Place, word: str, alias: str, language: str = "en") -> None:
        lexeme = Lexeme(graphemes=(word,), language=language, alias=alias)
        add(parts.database, parts.voices, place, lexeme, author="test")

    enter(Place.of(), "Lindquist", "one")
    enter(Place.of("herald"), "Lindqvist", "two")
    enter(Place.of("gazette", "7"), "lindqvist", "three", "de")
    enter(Place.of("gazette"), "Almqvist", "four")
    enter(Place.of("gazette"), "Bergström", "five")
    enter(Place.of("gazette"), "Lindquist", "six", "de")
    assert found(parts, "Lindqvist")[:4] == [
        ("entry", "de/gazette/7", "three"),
        ("entry", "en/herald", "two"),
        ("similar", "Lindquist", "one"),
        ("similar", "Almqvist", "four"),
    ]
    seen = suggestions(parts, Tells(), "Lindqvist\u200d", "en", site="gazette", only_sites=["herald"])
    assert [one.alias for one in seen if one.entry_id] == ["two", "one"]
    read_so = suggestions(parts, Tells(), "Lindqvist", "en", site="herald", only_sites=["herald"])
    assert [one.alias for one in read_so if one.entry_id] == ["one"]


def test_a_word_has_a_length(parts: Parts) -> None:
    for wrong in (" ", "x" * 101):
        with pytest.raises(InputRefused):
            suggestions(parts, Tells(), wrong, "en")


@given(st.text(max_size=40), st.sampled_from(["en", "de", "fr", "it", "es", "nl"]))
def test_no_text_is_too_odd_for_the_rules(word: str, language: str) -> None:
    for one in _of_rules(word, language):
        assert one.alias


def test_an_engines_child_tells_how_it_says_a_word(parts: Parts) -> None:
    with EngineChild(parts.settings) as child:
        assert child.pronounce("Lindqvist\x00", parts.voices.find("pyttsx3:de")) == "lɪntkvˈɪst"
        assert child.pronounce("house. Then boat", parts.voices.find("pyttsx3:en-us")) == "hˈaʊs ðˈɛn bˈoʊt"
        assert child.pronounce("house", parts.voices.find("tone:beep")) == ""
