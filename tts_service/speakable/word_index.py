"""Words in the form in which clips are indexed: ASCII, so that no database's idea of a word can lose one."""

from __future__ import annotations

from collections.abc import Iterable

from tts_service.speakable.lexicon import text_words

_ASCII = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
LONGEST = 200
"""Characters of a word that count: databases limit them, and no grapheme has more."""


def index_form(word: str) -> str:
    """A case-folded word: ASCII letters and digits as they are, any other character as `_` and its number. The form of
    a word's beginning begins the word's form."""
    if word.isascii():
        return word[:LONGEST]
    return "".join(sign if sign in _ASCII else f"_{_number(ord(sign))}" for sign in word)[:LONGEST]


def index_words(texts: Iterable[str]) -> str:
    """The distinct words of texts in their forms, in order, with spaces between them."""
    words: set[str] = set()
    for text in texts:
        words |= text_words(text)
    return " ".join(sorted(set(map(index_form, words))))


def _number(value: int) -> str:
    out = ""
    while value:
        value, digit = divmod(value, len(_DIGITS))
        out = _DIGITS[digit] + out
    return out
