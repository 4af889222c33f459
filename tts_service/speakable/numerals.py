"""Numbers as words, by language: num2words with its oddities smoothed, every call bounded."""

from __future__ import annotations

from functools import lru_cache

from tts_service.speakable.language import language_of

MAX_DIGITS = 30
"""Digits of a number said as one; longer ones are read digit by digit."""

_NOT_IN_NUM2WORDS = frozenset(("zh", "hi"))


@lru_cache(maxsize=4096)
def cardinal(digits: str, language: str) -> str | None:
    """`1234` -> "one thousand two hundred thirty-four". None when the language has no number words here."""
    digits = digits.lstrip("0") or "0"
    if len(digits) > MAX_DIGITS:
        return each_digit(digits, language)
    return _num2words(int(digits), language, "cardinal")


@lru_cache(maxsize=1024)
def ordinal(digits: str, language: str) -> str | None:
    """`21` -> "twenty-first"; German in its bare form, "einundzwanzigste"."""
    return _num2words(int(digits), language, "ordinal") if len(digits) <= MAX_DIGITS else None


@lru_cache(maxsize=1024)
def year(digits: str, language: str) -> str | None:
    """`1984` -> "nineteen eighty-four", "neunzehnhundertvierundachtzig"; most languages say years like numbers."""
    own = language_of(language).year
    return own(digits, language) if own and 1000 <= int(digits) <= 2999 else cardinal(digits, language)


def each_digit(digits: str, language: str) -> str | None:
    """`007` -> "zero zero seven"."""
    said = [cardinal(str(int(digit)), language) for digit in digits if digit.isdecimal()]
    return " ".join(word for word in said if word) or None


def decimal(whole: str, fraction: str, point: str, language: str) -> str | None:
    """`3`, `14` -> "three point one four"."""
    first, rest = cardinal(whole, language), each_digit(fraction, language)
    return f"{first} {point} {rest}" if first and rest else None


def _num2words(value: int, language: str, to: str) -> str | None:
    base = language.split("-", 1)[0].lower()
    if base in _NOT_IN_NUM2WORDS:
        return None
    from num2words import num2words

    own = language_of(language)
    try:
        said = str(num2words(value, lang=own.num2words or base, to=to))
    except (NotImplementedError, OverflowError, IndexError, KeyError):
        # The language, or a number this large in it, isn't known there: the engine reads the digits.
        return None
    return own.smooth(said.replace(",", ""), own.traits)
