"""Promises that hold for any text, tried on mixtures of the golden lines and on what fuzzers write."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.speakable.said import spoken_form, spoken_words
from tests.speakable.test_tables import LANGUAGES, WRITTEN
from tts_service.speakable.normalize import rules_for
from tts_service.speakable.tokens import tokens

pytestmark = pytest.mark.slow

_GLUE = st.sampled_from([" ", ", ", ". ", "; ", " – ", " (", ") ", "\n"])
_ATOMS = st.sampled_from(
    [
        *"0123456789.,;:!?-–—−’'\"“”()/\\%$£€°²½①+=<>@#&*_~|^√≤×÷™★→",
        "a",
        "B",
        "I",
        "X",
        "km",
        "p.m.",
        "USA",
        "No.",
        "é",
        " ",
        "  ",
        "\u00a0",
        "\u202f",
        "’s",
        "1st",
        "٣",
        "x²",
        "😀",
        "👨‍👩‍👧",
        "ﬁ",
        "Ⅳ",
        "ß",
    ]
)
_SPELT_END = re.compile(r"\b\w\.(?= )")
_SMALL_START = re.compile(r"[.!?…] [a-zà-ÿ]")


def _mixture(language: str) -> st.SearchStrategy[str]:
    lines = st.lists(st.sampled_from(WRITTEN[language]), min_size=1, max_size=3)
    return st.builds(lambda parts, glue: glue.join(parts), lines, _GLUE)


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=150, deadline=None, derandomize=True)
@given(data=st.data())
def test_what_was_said_is_said_again_the_same(language: str, data: st.DataObject) -> None:
    """A single letter before a full stop is left out: written so, "vitamin C. Dr. Holt" looks like an initial. So is a
    sentence that began with a figure: its words begin small, as behind a short form."""
    said = spoken_form(data.draw(_mixture(language)), language)
    assume(not _SPELT_END.search(said) and not _SMALL_START.search(said))
    assert spoken_form(said, language) == said


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=150, deadline=None, derandomize=True)
@given(data=st.data())
def test_only_letters_are_said(language: str, data: st.DataObject) -> None:
    """No digit, no sign: an apostrophe and a hyphen inside a word, and a rule's own pause between its words
    ("doce, ocho euros"), are all that a voice gets besides letters."""
    text = data.draw(st.one_of(_mixture(language), st.lists(_ATOMS, max_size=14).map("".join)))
    said = spoken_words(text, language)
    assert {mark for mark in said if unicodedata.category(mark)[0] not in "LM"} <= set(" -,'’")


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=100, deadline=None, derandomize=True)
@given(data=st.data())
def test_tokens_stand_in_order_inside_the_text_and_hold_every_letter(language: str, data: st.DataObject) -> None:
    text = data.draw(st.one_of(_mixture(language), st.lists(_ATOMS, max_size=14).map("".join), st.text(max_size=40)))
    found = tokens(text, 0, len(text), rules_for(language))
    spans = [(token.start, token.end) for token in found]
    assert all(start < end for start, end in spans)
    assert all(before[1] <= behind[0] for before, behind in pairwise(spans))
    held = {place for start, end in spans for place in range(start, end)}
    assert [place for place, mark in enumerate(text) if mark.isalnum() and place not in held] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_endless_digits_are_read_one_by_one(language: str) -> None:
    assert len(spoken_words("7" * 31, language).split()) == 31
    assert len(spoken_words("1" + "0" * 14, language).split()) < 8
