"""A rule is asked wherever its pattern can match: what a pattern begins with is never judged too narrowly."""

from __future__ import annotations

import re

import pytest

from tests.measure.text.pairs import own_pairs
from tts_service.speakable.beginnings import beginning
from tts_service.speakable.normalize import rules_for
from tts_service.speakable.rules import First, asked

KINDS: tuple[First, ...] = ("digit", "letter", "word", "sign")


@pytest.mark.parametrize(
    ("pattern", "flags", "begins", "begins_not"),
    [
        ("ab", 0, "a", "bA"),
        ("(?:ab|cd)", 0, "ac", "bd"),
        ("(?P<x>a)?b", 0, "ab", "c"),
        (r"(?<=x)(?!z)\d{1,3}", 0, "17", "xz"),
        ("[^a-c]x", 0, "dx ", "abc"),
        (r"[\w]", 0, "aé_1", " -"),
        ("a", re.IGNORECASE, "aA", "b"),
        ("(?i:s)|k", 0, "sSſk", "K"),
        ("[h-l]", re.IGNORECASE, "iIİkK\u212a", "m"),
        ("(?>a|b)c", 0, "ab", "c"),
        ("a{0,2}+b", 0, "ab", "c"),
    ],
)
def test_the_first_character_of_a_pattern(pattern: str, flags: int, begins: str, begins_not: str) -> None:
    test = beginning(pattern, flags)
    assert [character for character in begins if not test(character)] == []
    assert [character for character in begins_not if test(character)] == []


@pytest.mark.parametrize("pattern", ["a?", "(a)|", r"(a)?\1", "(?a:\\w)", "."])
def test_a_pattern_of_which_nothing_is_certain_may_begin_with_anything(pattern: str) -> None:
    assert all(map(beginning(pattern), "xé 1-"))


@pytest.mark.parametrize("language", own_pairs())
def test_no_rule_that_matches_is_passed_over(language: str) -> None:
    rules = rules_for(language)
    text = " ".join(pair.written for pair in own_pairs()[language][::12])
    missed = [
        (rule.name, text[place : place + 20])
        for place, character in enumerate(text)
        for kind in KINDS
        for rule in set(getattr(rules, kind)).difference(asked(rules, kind, character))
        if rule.pattern.match(text, place)
    ]
    assert missed == []
