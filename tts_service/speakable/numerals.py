"""Numbers as words, by language: num2words with its oddities smoothed, every call bounded."""

from __future__ import annotations

from functools import lru_cache

MAX_DIGITS = 30
"""Digits of a number said as one; longer ones are read digit by digit."""

_NOT_IN_NUM2WORDS = frozenset(("zh", "hi"))
_VARIANTS = {"fr-BE": "fr_BE", "fr-CH": "fr_CH"}
"""Countries that count otherwise: septante, nonante."""


@lru_cache(maxsize=4096)
def cardinal(digits: str, language: str) -> str | None:
    """`1234` -> "one thousand two hundred thirty-four". None when the language has no number words here."""
    digits = digits.lstrip("0") or "0"
    if len(digits) > MAX_DIGITS:
        return each_digit(digits, language)
    said = _num2words(int(digits), language, "cardinal")
    return _smooth(said, language) if said else None


@lru_cache(maxsize=1024)
def ordinal(digits: str, language: str) -> str | None:
    """`21` -> "twenty-first"; German in its bare form, "einundzwanzigste"."""
    if len(digits) > MAX_DIGITS:
        return None
    said = _num2words(int(digits), language, "ordinal")
    return _smooth(said, language) if said else None


@lru_cache(maxsize=1024)
def year(digits: str, language: str) -> str | None:
    """`1984` -> "nineteen eighty-four", "neunzehnhundertvierundachtzig"; other languages say years like numbers."""
    base = language.split("-", 1)[0]
    value = int(digits)
    if base not in ("en", "de") or not 1000 <= value <= 2999:
        return cardinal(digits, language)
    high, low = divmod(value, 100)
    if base == "de":
        if not 11 <= high <= 19:
            return cardinal(digits, language)
        return f"{cardinal(str(high), 'de')}hundert{cardinal(str(low), 'de') if low else ''}"
    if high % 10 == 0 and low < 10:
        return cardinal(digits, language)
    first = cardinal(str(high), language)
    if low == 0:
        return f"{first} hundred"
    return f"{first} {'oh ' if low < 10 else ''}{cardinal(str(low), language)}"


def each_digit(digits: str, language: str) -> str | None:
    """`007` -> "zero zero seven"."""
    said = [cardinal(str(int(digit)), language) for digit in digits if digit.isdecimal()]
    return " ".join(word for word in said if word) or None


def decimal(whole: str, fraction: str, point: str, language: str) -> str | None:
    """`3`, `14` -> "three point one four"."""
    first, rest = cardinal(whole, language), each_digit(fraction, language)
    return f"{first} {point} {rest}" if first and rest else None


def _smooth(said: str, language: str) -> str:
    said = said.replace(",", "")
    if language.startswith("en") and not language.startswith(("en-GB", "en-IE", "en-AU", "en-NZ")):
        said = said.replace(" and ", " ")
    if language.startswith("de"):
        return " ".join(_german_parts(said))
    return said


def _german_parts(said: str) -> list[str]:
    """Very long German numbers as two words, the way they are breathed: …tausend …hundert…."""
    out: list[str] = []
    for word in said.split():
        head, mark, tail = word.partition("tausend")
        out += [head + mark, tail] if mark and tail and len(word) > 40 else [word]
    return out


def _num2words(value: int, language: str, to: str) -> str | None:
    base = language.split("-", 1)[0].lower()
    if base in _NOT_IN_NUM2WORDS:
        return None
    from num2words import num2words

    try:
        return str(num2words(value, lang=_VARIANTS.get(language, base), to=to))
    except (NotImplementedError, OverflowError, IndexError, KeyError):
        # The language, or a number this large in it, isn't known there: the engine reads the digits.
        return None
