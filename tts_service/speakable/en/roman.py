"""Roman numerals in English, by the words around them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from tts_service.speakable import numerals
from tts_service.speakable.amounts import Amounts
from tts_service.speakable.roman import REGNAL, roman_value
from tts_service.speakable.rules import Rule, rule, word_before
from tts_service.speakable.tables import words

_TITLES = words("en")["titles"]
_GIVEN = words("en")["given"]
_NUMBERED = words("en")["numbered"]


def roman_rules(amounts: Amounts) -> Iterator[Rule]:
    """`Elizabeth II`, `World War II`, `pp. ix–xii`, `MCMLXXXIV`; letters that nothing makes a number stay letters."""
    language = amounts.language

    def cardinal(value: int) -> str | None:
        return numerals.cardinal(str(value), language)

    def ordinal(value: int) -> str | None:
        return numerals.ordinal(str(value), language)

    def say(match: re.Match[str]) -> str | None:
        value = roman_value(unicodedata.normalize("NFKC", match["roman"]))
        if value is None:
            return None
        kind = _kind(match, value)
        said = f"the {ordinal(value)}" if kind == "regnal" else cardinal(value) if kind == "counted" else None
        return f"{said}{match['s'] or ''}" if said else None

    yield rule(
        "roman numeral",
        "letter",
        r"(?P<roman>[IVXL]{2,7}|[Ⅰ-ⅿ]{1,7}|[IVX](?![-‑][^a-z]|\s[A-Z](?!\w)))(?P<s>['’]s)?(?!\w|\.\w|['’])",
        say,
    )

    def counted(match: re.Match[str]) -> str | None:
        value = roman_value(match["roman"])
        return ordinal(value) if value else None

    def dated(match: re.Match[str]) -> str | None:
        value = roman_value(match["roman"])
        return numerals.year(str(value), language) if value and 1500 <= value <= 2099 else None

    def page(match: re.Match[str]) -> str | None:
        value, before = roman_value(match["roman"].upper()), word_before(match)
        if not value or (before not in _NUMBERED and before not in ("p.", "pp.", "pages")):
            return None
        until = roman_value((match["until"] or "").upper())
        return f"{cardinal(value)} {amounts.to} {cardinal(until)}" if until else cardinal(value)

    nouns = "[Cc]entur(?:y|ies)|Olympiad|Olympic|Legion|Corps|Amendment|Congress|[Dd]ynasty|Winter|Summer|edition"
    yield rule("roman numeral", "letter", rf"(?P<roman>[IVXL]{{1,7}})(?:th|st|nd|rd)?(?=\s(?:{nouns}))", counted)
    yield rule("roman numeral", "letter word", r"(?P<roman>[ivxl]{1,7})(?:[-–](?P<until>[ivxl]{1,7}))?(?!\w)", page)
    yield rule("roman numeral", "letter", r"(?P<roman>M[MDCLXVI]{3,12})(?!\w)", dated)


def _kind(match: re.Match[str], value: int) -> str | None:
    """Whether a monarch or heir is counted, or a thing, or whether these are letters."""
    before, roman = re.split("[/–—-]", word_before(match))[-1], match["roman"]
    head = match.string[max(0, match.start() - 60) : match.start()].split()
    earlier = head[-2].strip("\"'“”‘’(,") if len(head) > 1 else ""
    if before in _NUMBERED:
        return None if (before, roman) == ("No.", "I") else "counted"
    if before in REGNAL or earlier in _TITLES:
        return "regnal"
    if value <= 5 and len(roman) > 1 and before[:1].isupper():
        names = {word.strip("\"'“”‘’(,") for word in head[-3:-1]}
        if names & _GIVEN:
            return "regnal"
    named = len(roman) > 1 and before[:1].isupper() and not before.isupper() and not head[-1].endswith((",", ".", ";"))
    return "counted" if named and roman not in ("MI", "DI", "XL", "LI", "CV", "CD") else None
