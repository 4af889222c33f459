"""Letters from U+1E00 on reach no voice: it would read their number aloud."""

from __future__ import annotations

import unicodedata

import pytest

from tests.speakable.said import explain, spoken_form
from tts_service.speakable.foreign_letters import sayable
from tts_service.speakable.language import codes

LETTERS = [
    chr(code) for code in range(0x1E00, 0x1F00) if unicodedata.combining(unicodedata.normalize("NFD", chr(code))[-1])
]
"""All that are a letter with marks."""


def test_every_unknown_letter_becomes_one_that_voices_know() -> None:
    assert len(LETTERS) > 200
    assert [letter for letter in LETTERS if not all(one <= "\u024f" for one in sayable(letter))] == []


@pytest.mark.parametrize("language", codes())
def test_no_word_keeps_an_unknown_letter(language: str) -> None:
    said = spoken_form(" ".join(f"Ma{letter.lower()}ra" for letter in LETTERS), language)
    assert set(LETTERS).isdisjoint(said)


def test_the_account_says_that_letters_were_replaced() -> None:
    assert [(e.written, e.spoken, e.rule) for e in explain("Thiệu won", "en")] == [
        ("Thiệu", "Thiêu", "letters"),
        ("won", "won", None),
    ]
