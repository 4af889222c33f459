"""SSML say-as: a stretch of text as the class that an editor names -> what is said."""

from __future__ import annotations

import re
from datetime import date

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date

from tts_service.speakable import numerals
from tts_service.speakable.language import language_of
from tts_service.values import SayAs

_NUMBER = re.compile(r"[-−+]?\d{1,3}(?:[.,\s’']\d{3}){1,9}|[-−+]?\d{1,30}")
_DATE = re.compile(r"(\d{1,4})\D{1,3}(\d{1,2})(?:\D{1,3}(\d{1,4}))?")
_ORDERS = {
    SayAs.DATE_DMY: "dmy",
    SayAs.DATE_MDY: "mdy",
    SayAs.DATE_YMD: "ymd",
    SayAs.DATE_DM: "dm",
    SayAs.DATE_MD: "md",
}
_NO_YEAR = 2024
"""A leap year: 29 February is a day without a year too."""


def said_as(text: str, wanted: SayAs, language: str) -> str | None:
    """What is said, to be read by the language's rules; None when the text is no such thing: then it is read as usual.

    A date comes back written out ("15 March 2024"), so that the language's own rule says it.
    """
    if wanted in (SayAs.CHARACTERS, SayAs.SPELL_OUT):
        return " ".join(_spelt(character, language) for character in text if not character.isspace())
    if wanted in (SayAs.DIGITS, SayAs.TELEPHONE):
        groups = (numerals.each_digit(group, language) for group in re.findall(r"\d{1,40}", text))
        return " ".join(group for group in groups if group) or None
    if wanted in (SayAs.CARDINAL, SayAs.NUMBER, SayAs.ORDINAL):
        return _numbered(text, wanted, language)
    order = _ORDERS.get(wanted)
    return _dated(text, order, language) if order else None


def _spelt(character: str, language: str) -> str:
    """A capital is said by its name; the rules say a digit or a sign."""
    return numerals.each_digit(character, language) or character if character.isdecimal() else character.upper()


def _numbered(text: str, wanted: SayAs, language: str) -> str | None:
    match = _NUMBER.fullmatch(text.strip().rstrip("."))
    if not match:
        return None
    digits = re.sub(r"\D", "", match.group())
    if wanted is SayAs.ORDINAL:
        return numerals.ordinal(digits, language)
    said = numerals.cardinal(digits, language)
    sign = {"-": "minus ", "−": "minus "}.get(match.group()[0], "")
    return f"{sign}{said}" if said else None


def _dated(text: str, order: str, language: str) -> str | None:
    match = _DATE.fullmatch(text.strip())
    numbers = [int(part) for part in match.groups() if part] if match else []
    if len(numbers) != len(order):
        return None
    found = dict(zip(order, numbers, strict=True))
    try:
        day = date(found.get("y", _NO_YEAR), found["m"], found["d"])
        locale = Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        return None
    return str(format_date(day, format="long" if "y" in found else language_of(language).day_and_month, locale=locale))
